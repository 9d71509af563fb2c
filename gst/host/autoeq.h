/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads the curves of other equalisers: the parametric filters in
 * EqualizerAPO's configuration files, which AutoEq, REW and others write too:
 *
 *   Preamp: -6.2 dB
 *   Filter 1: ON PK Fc 105 Hz Gain 5.5 dB Q 0.70
 *
 * docs/headphones.md lists what is understood.
 */
#pragma once

#include <glib.h>

#include "unit.h"

G_BEGIN_DECLS

/* Whether it is such a text, valid or not: a line of it begins with one of
 * their commands and a colon, which no text of bandtext.h does. */
gboolean gst_mix_autoeq_is_text (const gchar *text);

/* Fills `count` and as many bands of `params`, whose group has its defaults;
 * the preamp becomes `output-gain`. On a mistake returns FALSE, and `error`
 * names line and character. */
gboolean gst_mix_autoeq_parse (const MixUnit *unit, const gchar *text,
    gpointer params, guint *count, GError **error);

G_END_DECLS
