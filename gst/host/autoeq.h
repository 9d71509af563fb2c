/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text by which other equalisers keep a curve: EqualizerAPO's configuration
 * as far as it is parametric filters, which AutoEq, REW and others write too:
 *
 *   Preamp: -6.2 dB
 *   Filter 1: ON PK Fc 105 Hz Gain 5.5 dB Q 0.70
 *
 * docs/headphones.md tells what is understood.
 */
#pragma once

#include <glib.h>

#include "unit.h"

G_BEGIN_DECLS

/* Whether it is such a text, good or bad: a line of it begins with one of their
 * commands and a colon, which no text of our own has. */
gboolean gst_mix_autoeq_is_text (const gchar *text);

/* Fills the group of `params`, which has its defaults, and `count`; the preamp
 * becomes `output-gain`. On a mistake `error` names line and character. */
gboolean gst_mix_autoeq_parse (const MixUnit *unit, const gchar *text,
    gpointer params, guint *count, GError **error);

G_END_DECLS
