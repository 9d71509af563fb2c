/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables of parameters and readings: what a plain C struct holds, row by row,
 * with names, units, ranges and defaults. A unit declares its parameters and
 * readings so, and everything else (properties, presets, tests, reference)
 * reads the tables.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef enum {
  MIX_BOOL,    /* struct member: bool */
  MIX_UINT,    /* struct member: unsigned */
  MIX_DOUBLE,  /* struct member: double */
  MIX_CHOICE,  /* struct member: int, an index into `choices` */
  MIX_DOUBLES, /* struct member: MixDoubles; readings only: a value a channel,
                  or with MIX_PER_BAND a value an element of the group */
  MIX_LIST,    /* struct member: MixDoubles; parameters only: as many values as
                  were set, the default for those behind */
} MixKind;

/* The most values of one reading. */
#define MIX_MAX_VALUES 64

typedef struct {
  unsigned count; /* 0 as long as there are no channels */
  double values[MIX_MAX_VALUES];
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
  /* MIX_DOUBLES: a value for each element of the group, not each channel. */
  MIX_PER_BAND = 1 << 5,
  /* A reading that only elements with a key pad have. */
  MIX_OF_KEY = 1 << 6,
  /* MIX_LIST: whole numbers only. */
  MIX_WHOLE = 1 << 7,
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
#define MIX_ROW_LIST(                                                          \
    STRUCT, MEMBER, NAME, LABEL, UNIT, MIN, MAX, INITIAL, FLAGS, BLURB)        \
  {                                                                            \
    NAME, LABEL, BLURB, UNIT, MIX_LIST, MIN, MAX, INITIAL,                     \
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

/* ---- Plain structs through their tables --------------------------------- */

/* A member's value as a double (bool as 0 or 1, choice as its index), and the
 * way back; `mix_row_put` clamps to the row's range, takes a NaN as the
 * default and rounds whole kinds. Of several `get` gives the first, and `put`
 * makes it the only one. `base` is the struct the offsets count
 * from. Realtime-safe. */
double mix_row_get (const MixRow *row, const void *base);
void mix_row_put (const MixRow *row, void *base, double value);

/* The values of a row of several. */
static inline MixDoubles *
mix_row_doubles (const MixRow *row, void *base)
{
  return (MixDoubles *)((char *)base + row->offset);
}

/* Whether a member is the same in two structs, a list value by value.
 * Realtime-safe. */
bool mix_row_is_equal (const MixRow *row, const void *a, const void *b);

/* NULL when the table has no row of that name. */
const MixRow *mix_table_find (const MixTable *table, const char *name);

/* Element `index` of the group's array inside a unit's parameter struct. */
void *mix_group_at (const MixGroup *group, const void *params, unsigned index);

/* Fills a struct of `table->size` bytes' rows with their defaults.
 * Realtime-safe. */
void mix_table_defaults (const MixTable *table, void *base);
