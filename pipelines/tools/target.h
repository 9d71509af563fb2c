/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loudness that a destination asks for. */
#pragma once

#include "programme.h"

typedef struct {
  const gchar *name;           /* as on the command line; NULL for a number */
  const gchar *who;            /* the document */
  gdouble loudness, tolerance; /* 0 where the document gives none */
  gdouble ceiling;
} Target;

/* Takes a number or a destination's name. */
gboolean target_parse (const gchar *text, Target *target);
/* All destinations, a line each; to be freed. */
gchar *target_list (void);

/* The gain in dB that brings the programme to the target; NAN when there is
 * none. `self` may be NULL. */
gdouble target_gain (const Target *self, const Programme *programme);
