/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the dsp tests share. A test program is plain:
 *
 *   int
 *   main (void)
 *   {
 *     void *params = check_params (&mix_eq);
 *     check_set_band (&mix_eq, params, 2, "gain", 6);
 *     void *self = check_new_unit (&mix_eq, 48000, 2, params);
 *     CheckAudio audio = check_audio (2, 48000);
 *     check_sine (audio.c[0], audio.frames, 1000, 48000, 0.5);
 *     check_process (&mix_eq, self, &audio, &audio, 1024);
 *     check_figure ("level at 1 kHz", …, 5.95, 6.05, "dB");
 *     …
 *     return check_end ();
 *   }
 *
 * Short memory and unknown names end the program: tests have no use for them.
 */
#pragma once

#include <stdint.h>

#include "base/maths.h"
#include "unit.h"

/* ---- Counting ----------------------------------------------------------- */

/* Counts a failure and prints where and why when `condition` is false, and
 * goes on. Evaluates to the condition. */
#define CHECK(condition, ...)                                                  \
  check_that ((condition), __FILE__, __LINE__, #condition, __VA_ARGS__)

bool check_that (bool ok, const char *file, int line, const char *condition,
    const char *format, ...) __attribute__ ((format (printf, 5, 6)));

/* One line with a measured figure and what is allowed; a NaN fails. Use
 * -INFINITY or INFINITY for an open end. Returns whether it passed. */
bool check_figure (const char *name, double measured, double low, double high,
    const char *unit);

/* Prints the sum; the exit status of the program: 0, 1, or 77 (skipped) when
 * all is well but this machine lacks the level asked for. A program that
 * checked nothing has failed. */
int check_end (void);

/* Whether the level asked for in MIX_CPU, if any, is the one that runs. */
bool check_has_level (void);

/* ---- Units -------------------------------------------------------------- */

/* How many remarks the unit has on these settings. */
unsigned check_remarks (
    const MixUnit *unit, const void *params, const MixFormat *format);

/* A parameter struct with the defaults; `free` it. */
void *check_params (const MixUnit *unit);

/* Sets a parameter by its name (clamped to the range as in a host), a choice
 * by its index or by what users type. */
void check_set (
    const MixUnit *unit, void *params, const char *name, double value);
void check_choose (
    const MixUnit *unit, void *params, const char *name, const char *nick);

/* The same in element `band` of the unit's group. */
void check_set_band (const MixUnit *unit, void *params, unsigned band,
    const char *name, double value);
void check_choose_band (const MixUnit *unit, void *params, unsigned band,
    const char *name, const char *nick);

/* A prepared instance with the usual speakers; NULL params mean defaults. */
void *check_new_unit (
    const MixUnit *unit, unsigned rate, unsigned channels, const void *params);
void check_free_unit (const MixUnit *unit, void *self);

/* One reading by its name. Reads all: peaks since the last read are gone. */
double check_read (const MixUnit *unit, void *self, const char *name);

/* ---- Audio -------------------------------------------------------------- */

/* Planar, zeroed. Copies share the samples. */
typedef struct {
  unsigned channels, frames;
  float *c[MIX_MAX_CHANNELS];
} CheckAudio;

CheckAudio check_audio (unsigned channels, unsigned frames);
void check_audio_free (CheckAudio *audio);
void check_audio_copy (CheckAudio *to, const CheckAudio *from);
bool check_audio_equal (const CheckAudio *a, const CheckAudio *b); /* bits */
bool check_audio_finite (const CheckAudio *audio);

/* Runs all frames through the unit in pieces of `block`, denormals off.
 * `out` may be `in`. */
void check_process (const MixUnit *unit, void *self, const CheckAudio *out,
    const CheckAudio *in, unsigned block);

/* As `check_process`, frames `from` … `to` in one piece. */
void check_process_span (const MixUnit *unit, void *self, const CheckAudio *out,
    const CheckAudio *in, unsigned from, unsigned to);

/* The same with a key beside the input, see MixUnit.process; NULL: without. The
 * key may share the samples of the input. */
void check_process_key (const MixUnit *unit, void *self, const CheckAudio *out,
    const CheckAudio *in, const CheckAudio *key, unsigned block);
void check_process_key_span (const MixUnit *unit, void *self,
    const CheckAudio *out, const CheckAudio *in, const CheckAudio *key,
    unsigned from, unsigned to);

/* ---- Signals ------------------------------------------------------------ */

/* All overwrite `out`; levels are peak amplitudes. */
void check_sine (
    float *out, unsigned frames, double hz, double rate, double amplitude);
void check_impulse (float *out, unsigned frames, unsigned at, double amplitude);
/* White, uniform, the same for the same seed. */
void check_noise (float *out, unsigned frames, double amplitude, uint64_t seed);
/* Pink within ±0.5 dB down to rate/5000, RMS as given. */
void check_pink (float *out, unsigned frames, double rms, uint64_t seed);

/* The next of a stream of pseudo-random numbers (xorshift64*, Vigna 2016);
 * state must not be 0. */
uint64_t check_random (uint64_t *state);

/* The frequency nearest to `hz` of which whole cycles fit into `frames`: the
 * measurements below are exact for those. */
double check_coherent (double hz, double rate, unsigned frames);

/* ---- Measurements ------------------------------------------------------- */

/* Sum of in[i] e^(-j 2 pi hz i / rate): of an impulse response, the transfer
 * function. In double. */
double _Complex check_dft (
    const float *in, unsigned frames, double hz, double rate);

/* Amplitude of the sine of that frequency in `in` (use check_coherent). */
double check_amplitude (
    const float *in, unsigned frames, double hz, double rate);

/* Harmonics 2 … below rate/2 against the fundamental, in dB. */
double check_thd_db (const float *in, unsigned frames, double hz, double rate);

/* Everything but the sine and DC against the sine, in dB. */
double check_residual_db (
    const float *in, unsigned frames, double hz, double rate);

double check_rms (const float *in, unsigned frames);
double check_peak (const float *in, unsigned frames);

/* What lies above `hz` (8th-order Butterworth high-pass, which starts at rest
 * in front of `in`), written to `out`; `out` may be `in`. */
void check_high_pass (
    float *out, const float *in, unsigned frames, double hz, double rate);
