/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The contract of a DSP unit: one mixing stage, declared once.
 *
 * A unit is a constant descriptor (MixUnit) plus a block of memory that only
 * the unit looks into. The GStreamer base class, the invariant tests, the
 * benchmark and the reference documentation all read the descriptor; none of
 * them knows a unit by name.
 *
 * Lifetime of one instance, in this order:
 *
 *   zeroed memory of `size` bytes, aligned to 64   (mix_alloc does both)
 *   prepare (format, params)   allocates; may fail; may be called again
 *   set (params)               moves targets; no allocation
 *   reset ()                   as if nothing had come in; targets are reached
 *   flush ()                   the same, but what is known of the programme
 *                              stays
 *   process (...) ...          realtime
 *   read (), latency (), tail ()
 *   release ()                 frees; on zeroed memory too
 *
 * Audio is planar float32, nominally within +-1; `out[c] == in[c]` is
 * allowed, any other overlap is not. Input is finite (see run.h, which every
 * host uses); output must be finite for every finite input up to +-1e9.
 *
 * Threads: an instance belongs to one thread at a time; different instances
 * are independent. There is no global state.
 *
 * Cutting: for the same samples, and the same `set` calls between the same
 * samples, the output is the same in every bit however the samples are cut
 * into process calls. Work that is done now and then (coefficients, targets) is
 * therefore done every MIX_TICK frames on a counter kept in the instance (see
 * base/tick.h), never once a call.
 */
#pragma once

#include "base/tick.h"
#include "format.h"
#include "table.h"

_Static_assert(MIX_MAX_VALUES >= MIX_MAX_CHANNELS, "readings of each channel");

/* Takes the remarks of a unit, see MixUnit.remark: hosts embed it. */
typedef struct MixRemarks MixRemarks;
struct MixRemarks {
  /* `format` is a string literal. */
  __attribute__ ((format (printf, 2, 3))) void (*add) (
      MixRemarks *remarks, const char *format, ...);
};

/* ---- The unit ----------------------------------------------------------- */

typedef enum {
  /* Rings on after the input has ended (reverb, echo): hosts push the tail. */
  MIX_UNIT_TAIL = 1 << 0,
  /* Measures only: no sample is ever changed. */
  MIX_UNIT_TRANSPARENT = 1 << 1,
  /* What is set acts on the sound that enters, as a limiter's gain has to know
   * it a look-ahead before that sound leaves. Hosts hand automation on as it
   * comes. For the other units it acts on the sound that leaves, and hosts hold
   * automation back by the latency. */
  MIX_UNIT_SETS_ENTERING = 1 << 2,
  /* Measures a key signal when there is one, see `process`. */
  MIX_UNIT_KEY = 1 << 3,
  /* All channels are alike, whatever their positions say: microphones. */
  MIX_UNIT_NO_ROLES = 1 << 4,
  /* Without a key signal (not a silent one: none) hosts that have one to offer
   * give it a key of full scale: a gate stays open. */
  MIX_UNIT_LOUD_WITHOUT_KEY = 1 << 5,
} MixUnitFlags;

typedef struct {
  const char *name;    /* "compressor": the element is mixcompressor */
  const char *summary; /* one sentence */
  size_t size;         /* of an instance */
  unsigned flags;      /* MixUnitFlags */
  MixTable params;
  MixTable readings;     /* count may be 0 */
  const MixGroup *group; /* or NULL */

  /* Overwrites defaults that a table cannot say (those that differ from band
   * to band, or follow from how many elements of the group there are, which
   * `params` says: hosts ask again when that changes, for what users have not
   * set). NULL when there are none. */
  void (*defaults) (void *params);

  /* Makes the instance ready for a format. The only function that allocates
   * and the only one that fails: false when memory is short, and then an
   * instance that was prepared before is as it was. Leaves a fresh instance as
   * `set (params); reset ()` would, one that was prepared before as
   * `set (params); flush ()`: a programme outlives its format. How much memory
   * and latency the unit takes may follow from any of the parameters; later
   * `set` calls make do with it. */
  bool (*prepare) (void *self, const MixFormat *format, const void *params);

  /* Takes a snapshot of all parameters, values within the rows' ranges.
   * Targets move, the sound follows smoothly. When this changes the latency
   * from L1 to L2, the host has fed L1 frames of silence before (so all that
   * was heard has left) and discards the first L2 frames of what follows.
   * Realtime. */
  void (*set) (void *self, const void *params);

  /* Forgets all history; smoothers stand at their targets. Realtime. */
  void (*reset) (void *self);

  /* Forgets the history of the sound (filters, delays, envelopes), not what was
   * learned of the programme (a leveler's gain, a meter's account): called
   * after a seek. NULL means that there is nothing to keep: as `reset`; see
   * mix_unit_flush(). Realtime. */
  void (*flush) (void *self);

  /* Any number of frames, 0 included. `key` is the signal that a unit with
   * MIX_UNIT_KEY measures instead of its input: of the same format, frame by
   * frame beside `in`; `key[c] == in[c]` is allowed, any other overlap is not.
   * NULL, always for the other units: it measures its input. Realtime: no
   * allocation, lock, log, wait. Called with denormals flushed to zero. */
  void (*process) (void *self, float *const *out, const float *const *in,
      const float *const *key, unsigned frames);

  /* Fills the plain struct of readings: peaks and extremes since the last
   * read, and the state of now for the rest. Does not touch what is heard.
   * NULL when the unit has no readings. Realtime. */
  void (*read) (void *self, void *readings);

  /* As `read`, of all that was heard since the last reset: for units that
   * measure a whole programme. The host calls it once the programme is over,
   * and resets the unit before anything else. NULL for the others. Realtime. */
  void (*sum_up) (void *self, void *readings);

  /* Whether a new track ends the programme for the targets set: then the host
   * sums up and resets when one begins. NULL means never. Realtime. */
  bool (*track_ends) (const void *self);

  /* Frames by which the output lags for the targets set. NULL means 0. */
  unsigned (*latency) (const void *self);

  /* The longest pause within what still rings: when input and output have
   * been inaudible for so many frames (besides the latency), nothing audible
   * comes any more without new input. NULL means 0. */
  unsigned (*tail) (const void *self);

  /* Says what of these settings does not apply in this format and what to do
   * about it, a sentence each without a full stop. Looks at nothing but its
   * arguments. Hosts ask when the format is known and after each `set`, and
   * pass a sentence on once for each `format` string of it. NULL for units
   * whose settings apply in every format. Any thread. */
  void (*remark) (
      const void *params, const MixFormat *format, MixRemarks *remarks);

  void (*release) (void *self);
} MixUnit;

/* Calls flush, or reset for a unit without it. Realtime-safe. */
static inline void
mix_unit_flush (const MixUnit *unit, void *self)
{
  if (unit->flush)
    unit->flush (self);
  else
    unit->reset (self);
}

/* ---- The registry ------------------------------------------------------- */

/* All units, ends with NULL. */
extern const MixUnit *const mix_units[];

/* NULL when there is none of that name. */
const MixUnit *mix_unit_find (const char *name);

/* Fills a parameter struct of `unit->params.size` bytes with the defaults,
 * every element of the group included. */
void mix_unit_defaults (const MixUnit *unit, void *params);
