/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The static bands as one linear-phase FIR filter, run by the partitioned
 * convolver. Latency: a power of two of frames (linear_length.h). One block of
 * it is gathered as input; the filter's centre lies the other blocks behind.
 *
 * A change takes effect at the next tick: the filter is designed anew, the rest
 * of the block is rendered with it, and the output cross-fades. Since that
 * costs more the longer the filter is, the next change has to wait for a 64th
 * of the latency; a change in the last milliseconds of a block waits for the
 * next block.
 */
#pragma once

#include "linear_design.h"

typedef struct MixEqLinear MixEqLinear;

/* Long enough for `seconds`, if there is as much. NULL when memory is short.
 * Not realtime-safe. */
MixEqLinear *mix_eq_linear_new (const MixFormat *format, double seconds);
void mix_eq_linear_free (MixEqLinear *linear);

/* Realtime-safe: */
void mix_eq_linear_set (
    MixEqLinear *linear, const MixEqStaticBand bands[], unsigned n_bands);
void mix_eq_linear_reset (MixEqLinear *linear);
void mix_eq_linear_process (MixEqLinear *linear, float *const *out,
    const float *const *in, unsigned frames);
unsigned mix_eq_linear_latency (const MixEqLinear *linear);
