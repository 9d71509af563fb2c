/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* docs/loudness.md describes each destination. */
#include "target.h"

#include <math.h>

static const Target destinations[] = {
  { "ebu-r128", "EBU R 128", -23, 0.5, -1 },
  { "atsc-a85", "ATSC A/85", -24, 2, -2 },
  { "arib-tr-b32", "ARIB TR-B32", -24, 1, -1 },
  { "free-tv-op59", "Free TV OP-59", -24, 1, -2 },
  { "netflix", "Netflix, of the dialogue", -27, 2, -2 },
  { "podcast", "Apple Podcasts", -16, 1, -1 },
  { "streaming", "Spotify", -14, 0, -1 },
  { "aes-music", "AES TD1008, a track", -16, 0, -1 },
  { "aes-album", "AES TD1008, the loudest track", -14, 0, -1 },
  { "aes-speech", "AES TD1008", -18, 0, -1 },
};

gboolean
target_parse (const gchar *text, Target *target)
{
  gchar *end;
  for (guint i = 0; i < G_N_ELEMENTS (destinations); i++)
    if (g_str_equal (text, destinations[i].name)) {
      *target = destinations[i];
      return TRUE;
    }
  *target = (Target){ .loudness = g_ascii_strtod (text, &end), .ceiling = -1 };
  return end != text && *end == '\0' && target->loudness >= -70
         && target->loudness <= 0;
}

gchar *
target_list (void)
{
  GString *list = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (destinations); i++) {
    const Target *t = &destinations[i];
    g_string_append_printf (list, "  %-12s  %3g LUFS  %2g dBTP  %s\n", t->name,
        t->loudness, t->ceiling, t->who);
  }
  return g_string_free (list, FALSE);
}

gdouble
target_gain (const Target *self, const Programme *programme)
{
  return self && isfinite (programme->integrated)
             ? self->loudness - programme->integrated
             : NAN;
}
