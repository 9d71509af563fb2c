/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A real mixleveler that is fed with recordings, and what its gain does: found
 * by dividing what leaves by what went in, not by asking the element.
 */
#pragma once

#include <ebur128.h>

#include "recordings.h"

/* Defaults of mixleveler. */
#define MOST_BOOST_DB 12.0
#define RISE_DB_PER_S 2.0
/* From far off. */
#define FASTEST_FALL_DB_PER_S 200.0

typedef struct {
  gdouble up, down;  /* fastest, over 10 ms, dB/s */
  gdouble step;      /* largest between two frames, dB */
  gdouble low, high; /* of the gain, dB */
  guint spans;       /* of 10 ms that were looked at */
  guint at_boost;    /* of them, with all of MOST_BOOST_DB */
  guint still;       /* of them, less than 1 dB from 0 */
} LevellingGain;

typedef struct _Levelling Levelling;

/* `description` as for gst-launch: mixleveler with its properties. */
Levelling *levelling_new (const gchar *description);
void levelling_free (Levelling *levelling);

/* Plays frames, `db` louder than they are, in whole hundredths of a second.
 * What leaves is added to `meter`, when there is one. */
void levelling_play (Levelling *levelling, const RecordingFrame *frames,
    gsize count, gdouble db, ebur128_state *meter);

/* Of all that was played. */
LevellingGain levelling_gain (const Levelling *levelling);

/* libebur128 for integrated loudness and range. */
ebur128_state *levelling_meter (void);

typedef struct {
  gdouble integrated, range; /* LUFS, LU */
} LevellingLoudness;

/* What the meter has; destroys it. */
LevellingLoudness levelling_measured (ebur128_state *meter);

/* Of the frames from `from` on. */
LevellingLoudness levelling_measure (const GArray *frames, guint from);
