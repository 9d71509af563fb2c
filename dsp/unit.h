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
 *   set (params)               moves goals; no allocation
 *   reset ()                   as if nothing had been heard; goals are reached
 *   flush ()                   the same, but what is known of the programme
 * stays process (...) ...          realtime read (), latency (), tail ()
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
 * into process calls. Work that is done now and then (coefficients, goals) is
 * therefore done every MIX_TICK frames on a counter kept in the instance (see
 * parts/tick.h), never once a call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Spacing of control work in frames: coefficients and smoothers are renewed on
 * this grid, and hosts read automation at this spacing. */
#define MIX_TICK 32

/* ---- Parameters and readings -------------------------------------------- */

typedef enum {
  MIX_BOOL,    /* struct member: bool */
  MIX_UINT,    /* struct member: unsigned */
  MIX_DOUBLE,  /* struct member: double */
  MIX_CHOICE,  /* struct member: int, an index into `choices` */
  MIX_DOUBLES, /* struct member: MixDoubles; readings only, one a channel */
} MixKind;

/* The most channels that prepare accepts. */
#define MIX_MAX_CHANNELS 64

typedef struct {
  unsigned count; /* 0 as long as there are no channels */
  double values[MIX_MAX_CHANNELS];
} MixDoubles;

typedef struct {
  const char *nick;  /* what users type: "low-shelf" */
  const char *label; /* what a menu shows: "Low shelf" */
} MixChoice;

typedef enum {
  /* Only `prepare` looks at it: hosts set it while the unit is unprepared. */
  MIX_SIZES_MEMORY = 1 << 0,
  /* A step of it may change `latency`; see `set`. */
  MIX_MOVES_LATENCY = 1 << 1,
  /* A step of it may be heard (it selects another sound: a filter type). */
  MIX_STEPS = 1 << 2,
  /* A bool that does something when it is set to true: hosts hand each such
   * set to the unit once and take it back to false. */
  MIX_TRIGGER = 1 << 3,
  /* A bool that keeps what sounds from dying away while it is true (freeze):
   * nothing but the host's limit of a tail ends it then. */
  MIX_HOLDS = 1 << 4,
} MixRowFlags;

/* One parameter or one reading. */
typedef struct {
  const char *name;  /* "attack" */
  const char *label; /* "Attack" */
  const char *blurb; /* one sentence, no unit in it */
  const char *unit;  /* "dB", "ms", "Hz", "%", "LUFS", "s" or "" */
  MixKind kind;
  double minimum, maximum;
  double initial; /* the default; 0 or 1 for bool, an index for choice */
  size_t offset;  /* of the member in the plain struct */
  const MixChoice *choices; /* ends with a NULL nick; NULL unless MIX_CHOICE */
  unsigned flags;           /* MixRowFlags */
  /* What the choices are as numbers (24 for 24 dB/octave), each another; NULL:
   * their indices. For hosts only, units know indices. */
  const int *numbers;
} MixRow;

typedef struct {
  const MixRow *rows;
  unsigned count;
  size_t size; /* of the plain struct that the offsets point into */
} MixTable;

/* Rows are written with these: STRUCT and MEMBER name the C member. */
#define MIX_ROW_DOUBLE(                                                        \
    STRUCT, MEMBER, NAME, LABEL, UNIT, MIN, MAX, INITIAL, FLAGS, BLURB)        \
  {                                                                            \
    NAME, LABEL, BLURB, UNIT, MIX_DOUBLE, MIN, MAX, INITIAL,                   \
        offsetof (STRUCT, MEMBER), NULL, FLAGS, NULL                           \
  }
#define MIX_ROW_UINT(                                                          \
    STRUCT, MEMBER, NAME, LABEL, UNIT, MIN, MAX, INITIAL, FLAGS, BLURB)        \
  {                                                                            \
    NAME, LABEL, BLURB, UNIT, MIX_UINT, MIN, MAX, INITIAL,                     \
        offsetof (STRUCT, MEMBER), NULL, FLAGS, NULL                           \
  }
#define MIX_ROW_BOOL(STRUCT, MEMBER, NAME, LABEL, INITIAL, FLAGS, BLURB)       \
  {                                                                            \
    NAME, LABEL, BLURB, "", MIX_BOOL, 0, 1, INITIAL,                           \
        offsetof (STRUCT, MEMBER), NULL, FLAGS, NULL                           \
  }
#define MIX_ROW_DOUBLES(                                                       \
    STRUCT, MEMBER, NAME, LABEL, UNIT, MIN, MAX, INITIAL, FLAGS, BLURB)        \
  {                                                                            \
    NAME, LABEL, BLURB, UNIT, MIX_DOUBLES, MIN, MAX, INITIAL,                  \
        offsetof (STRUCT, MEMBER), NULL, FLAGS, NULL                           \
  }
/* COUNT is the number of choices without the terminator. */
#define MIX_ROW_CHOICE(                                                        \
    STRUCT, MEMBER, NAME, LABEL, CHOICES, COUNT, INITIAL, FLAGS, BLURB)        \
  MIX_ROW_NUMBERED_CHOICE (STRUCT, MEMBER, NAME, LABEL, CHOICES, NULL, COUNT,  \
      INITIAL, FLAGS, BLURB)
#define MIX_ROW_NUMBERED_CHOICE(STRUCT, MEMBER, NAME, LABEL, CHOICES, NUMBERS, \
    COUNT, INITIAL, FLAGS, BLURB)                                              \
  {                                                                            \
    NAME, LABEL, BLURB, "", MIX_CHOICE, 0, (COUNT)-1, INITIAL,                 \
        offsetof (STRUCT, MEMBER), CHOICES, FLAGS, NUMBERS                     \
  }
#define MIX_TABLE(ROWS, STRUCT)                                                \
  {                                                                            \
    ROWS, sizeof (ROWS) / sizeof (ROWS)[0], sizeof (STRUCT)                    \
  }

/* A repeated group of parameters (bands, taps): an array inside the unit's
 * plain parameter struct. Row offsets count from one element of that array. */
typedef struct {
  const char *name; /* "band": children are band0, band1, … */
  MixTable table;   /* table.size is the array's stride */
  size_t offset;    /* of the array in the unit's parameter struct */
  unsigned most;    /* the array's length */
  const char
      *count_name;     /* the MIX_UINT parameter that says how many are used */
  size_t count_offset; /* and where it lies in the unit's parameter struct */
} MixGroup;

/* ---- The stream --------------------------------------------------------- */

/* Where a channel stands. Left speakers have the even numbers of a pair. */
typedef enum {
  MIX_SPEAKER_NONE, /* unpositioned */
  MIX_SPEAKER_MONO,
  MIX_SPEAKER_FRONT_CENTER,
  MIX_SPEAKER_LFE,
  MIX_SPEAKER_REAR_CENTER,
  MIX_SPEAKER_OTHER,
  MIX_SPEAKER_FRONT_LEFT = 8,
  MIX_SPEAKER_FRONT_RIGHT,
  MIX_SPEAKER_REAR_LEFT,
  MIX_SPEAKER_REAR_RIGHT,
  MIX_SPEAKER_SIDE_LEFT,
  MIX_SPEAKER_SIDE_RIGHT,
  MIX_SPEAKER_FRONT_LEFT_OF_CENTER,
  MIX_SPEAKER_FRONT_RIGHT_OF_CENTER,
  MIX_SPEAKER_TOP_FRONT_LEFT,
  MIX_SPEAKER_TOP_FRONT_RIGHT,
  MIX_SPEAKER_TOP_REAR_LEFT,
  MIX_SPEAKER_TOP_REAR_RIGHT,
  MIX_SPEAKER_TOP_SIDE_LEFT,
  MIX_SPEAKER_TOP_SIDE_RIGHT,
  MIX_SPEAKER_WIDE_LEFT,
  MIX_SPEAKER_WIDE_RIGHT,
} MixSpeaker;

typedef struct {
  unsigned rate;     /* Hz, at least 1 */
  unsigned channels; /* 1 … MIX_MAX_CHANNELS */
  MixSpeaker speakers[MIX_MAX_CHANNELS];
} MixFormat;

typedef struct {
  unsigned left, right; /* channel numbers */
} MixPair;

/* A format with the usual speakers of that channel count: mono, stereo, 3.0,
 * quad, 5.0, 5.1, 6.1, 7.1 in GStreamer's order; others unpositioned. */
MixFormat mix_format (unsigned rate, unsigned channels);

/* The stereo pairs of a format, front pair first; two unpositioned channels
 * are a pair. Returns how many (at most channels / 2). Realtime-safe. */
unsigned mix_format_pairs (
    const MixFormat *format, MixPair pairs[MIX_MAX_CHANNELS / 2]);

/* Whether a channel has the role of an LFE: it is no part of a pair, moves
 * nothing but itself, and is treated as far as the unit says. The channels of a
 * stream that has nothing else are like any others: then none has the role.
 * Realtime-safe. */
bool mix_format_is_lfe (const MixFormat *format, unsigned channel);

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
   * to band). NULL when there are none. */
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
   * Goals move, what is heard follows smoothly. When this changes the latency
   * from L1 to L2, the host has fed L1 frames of silence before (so all that
   * was heard has left) and discards the first L2 frames of what follows.
   * Realtime. */
  void (*set) (void *self, const void *params);

  /* Forgets all history; smoothers stand at their goals. Realtime. */
  void (*reset) (void *self);

  /* Forgets the history of the sound (filters, delays, envelopes), not what was
   * learned of the programme (a leveler's gain, a meter's account): called
   * after a seek. NULL means that there is nothing to keep: as `reset`; see
   * mix_unit_flush(). Realtime. */
  void (*flush) (void *self);

  /* Any number of frames, 0 included. Realtime: no allocation, lock, log,
   * wait. Called with denormals flushed to zero. */
  void (*process) (
      void *self, float *const *out, const float *const *in, unsigned frames);

  /* Fills the plain struct of readings: peaks and extremes since the last
   * read, and the state of now for the rest. Does not touch what is heard.
   * NULL when the unit has no readings. Realtime. */
  void (*read) (void *self, void *readings);

  /* As `read`, of all that was heard since the last reset: for units that
   * measure a whole programme. The host calls it once the programme is over,
   * and resets the unit before anything else. NULL for the others. Realtime. */
  void (*sum_up) (void *self, void *readings);

  /* Whether a new track ends the programme for the goals set: then the host
   * sums up and resets when one begins. NULL means never. Realtime. */
  bool (*track_ends) (const void *self);

  /* Frames by which the output lags for the goals set. NULL means 0. */
  unsigned (*latency) (const void *self);

  /* The longest pause within what still rings: when input and output have
   * been inaudible for so many frames (besides the latency), nothing audible
   * comes any more without new input. NULL means 0. */
  unsigned (*tail) (const void *self);

  /* Says what of these settings does not apply in this format and what to do
   * about it, a sentence each without a full stop. Looks at nothing but its
   * arguments. Hosts ask when the format is known and after each `set`, and
   * pass a sentence on once for each `format` string of it. NULL for units
   * that always do as they are told. Any thread. */
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

/* ---- Plain structs through their tables --------------------------------- */

/* A member's value as a double (bool as 0 or 1, choice as its index), and the
 * way back; `mix_row_put` clamps to the row's range, takes a NaN as the
 * default and rounds whole kinds. Of doubles `get` gives the first, and `put`
 * makes it the only one. `base` is the struct the offsets count
 * from. Realtime-safe. */
double mix_row_get (const MixRow *row, const void *base);
void mix_row_put (const MixRow *row, void *base, double value);

/* NULL when the table has no row of that name. */
const MixRow *mix_table_find (const MixTable *table, const char *name);

/* Element `index` of the group's array inside a unit's parameter struct. */
void *mix_group_at (const MixGroup *group, const void *params, unsigned index);

/* Fills a parameter struct of `unit->params.size` bytes with the defaults,
 * every element of the group included. */
void mix_unit_defaults (const MixUnit *unit, void *params);
