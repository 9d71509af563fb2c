/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Grammar: Equalizer APO, "Configuration reference" (its wiki, 2019). As in its
 * program, preamps add up and a decimal comma is a point.
 */
#include "autoeq.h"

#include <math.h>
#include <string.h>

#include "autoeqband.h"

#define BLANKS " \t\r"

/* EqualizerAPO's other commands, which are not supported. */
static const gchar *const foreign[] = { "GraphicEQ", "Convolution", "Copy",
  "Delay", "Include", "Device", "Stage", "Eval", "If", "ElseIf", "Else",
  "EndIf", "LoudnessCorrection", "VSTPlugin", NULL };

typedef struct {
  GstMixAutoeqBands bands;
  const gchar *text;
  const gchar *at;       /* the next character to read */
  const gchar *line_end; /* of the line of `at` */
  const gchar *line_ends;
  gdouble preamp;
  const gchar *channels; /* of the filters that follow */
  GError **error;
} Parser;

/* ---- Words -------------------------------------------------------------- */

static gboolean fail (Parser *p, const gchar *at, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
fail (Parser *p, const gchar *at, const gchar *format, ...)
{
  va_list args;
  guint line = 1;
  const gchar *start = p->text;
  for (const gchar *c = p->text; c < at; c++)
    if (strchr (p->line_ends, *c)) {
      start = c + 1;
      line++;
    }
  va_start (args, format);
  g_autofree gchar *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (p->error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "in line %u at character %u: %s", line,
      (guint)g_utf8_strlen (start, at - start) + 1, what);
  return FALSE;
}

/* The next word of the line, "" at its end. Moves past blanks only. */
static gchar *
peek (Parser *p)
{
  while (p->at < p->line_end && strchr (BLANKS, *p->at))
    p->at++;
  const gchar *end = p->at;
  while (end < p->line_end && !strchr (BLANKS, *end))
    end++;
  return g_strndup (p->at, (gsize)(end - p->at));
}

static gboolean
is_word (const gchar *word, const gchar *wanted)
{
  return g_ascii_strcasecmp (word, wanted) == 0;
}

/* Moves past the next word if it is the one wanted. */
static gboolean
take (Parser *p, const gchar *wanted)
{
  g_autofree gchar *word = peek (p);
  if (!is_word (word, wanted))
    return FALSE;
  p->at += strlen (word);
  return TRUE;
}

/* A number with a decimal point or comma, perhaps with a unit behind it.
 * Non-breaking spaces (French thousands) are skipped. */
static gboolean
scan_number (const gchar *word, gdouble *value, gchar **digits, gchar **unit)
{
  GString *text = g_string_new (NULL);
  for (; *word && (g_ascii_isdigit (*word) || strchr ("+-.,\xc2\xa0", *word));
       word++)
    if (*word != '\xc2' && *word != '\xa0')
      g_string_append_c (text, *word == ',' ? '.' : *word);
  gchar *end;
  *value = g_ascii_strtod (text->str, &end);
  gboolean good = text->len > 0 && *end == '\0' && isfinite (*value);
  *digits = g_string_free (text, FALSE);
  *unit = g_strdup (word);
  return good;
}

/* REW groups thousands as the locale does: 1,550 or 1.550 for 1550 Hz. Three
 * digits behind a comma are such a group, and behind a point if the number were
 * below 20 Hz otherwise. */
static gdouble
ungroup (gdouble hz, const gchar *digits, gboolean has_comma)
{
  const gchar *point = strrchr (digits, '.');
  gboolean grouped = point && strlen (point) == 4 && (has_comma || hz < 20);
  return grouped ? hz * 1000 : hz;
}

/* A number and its unit, which may be missing, part of the word, or the next
 * word. */
static gboolean
read_number (Parser *p, const gchar *name, const gchar *unit, gdouble *value)
{
  g_autofree gchar *word = peek (p), *digits = NULL, *behind = NULL;
  if (!scan_number (word, value, &digits, &behind))
    return fail (p, p->at, "expected a number for %s, found '%s'", name, word);
  if (is_word (unit, "Hz"))
    *value = ungroup (*value, digits, strchr (word, ',') != NULL);
  const gchar *at = p->at;
  p->at += strlen (word);
  gboolean is_kilo
      = is_word (unit, "Hz")
        && (is_word (behind, "kHz") || (*behind == '\0' && take (p, "kHz")));
  if (is_kilo)
    *value *= 1000;
  else if (*behind == '\0')
    take (p, unit);
  else if (!is_word (behind, unit))
    return fail (
        p, at, "expected a number in %s for %s, found '%s'", unit, name, word);
  return TRUE;
}

/* ---- Lines -------------------------------------------------------------- */

static gboolean
read_kind (Parser *p, GstMixAutoeqFilter *filter)
{
  g_autofree gchar *word = peek (p);
  filter->kind = gst_mix_autoeq_kind (word);
  if (!filter->kind)
    return fail (p, p->at,
        "expected a type (PK, LS, HS, LSC, HSC, LP, HP, LPQ, HPQ, BP, NO, AP), "
        "found '%s'",
        word);
  p->at += strlen (word);
  return TRUE;
}

/* "Fc 105 Hz", "Gain 5.5 dB", "Q 0.7", "BW Oct 1.2", or a slope: "10.8 dB". */
static gboolean
read_setting (Parser *p, GstMixAutoeqFilter *f)
{
  if (take (p, "Fc"))
    return read_number (p, "Fc", "Hz", &f->frequency);
  if (take (p, "Gain"))
    return read_number (p, "Gain", "dB", &f->gain);
  if (take (p, "Q"))
    return read_number (p, "Q", "", &f->q);
  if (take (p, "BW")) {
    take (p, "Oct");
    return read_number (p, "BW", "Oct", &f->octaves);
  }
  g_autofree gchar *word = peek (p);
  if (gst_mix_autoeq_is_shelf (f->kind)
      && (g_ascii_isdigit (*word) || *word == '.'))
    return read_number (p, "the slope", "dB", &f->slope);
  return fail (
      p, p->at, "expected Fc, Gain, Q or BW and a number, found '%s'", word);
}

static gboolean
add_filter (Parser *p, const GstMixAutoeqFilter *filter, const gchar *at)
{
  g_autofree gchar *mistake = NULL;
  return gst_mix_autoeq_add (&p->bands, filter, &mistake)
         || fail (p, at, "%s", mistake);
}

static gboolean
read_filter (Parser *p)
{
  GstMixAutoeqFilter f = { .channels = p->channels,
    .frequency = NAN,
    .gain = NAN,
    .q = NAN,
    .octaves = NAN,
    .slope = NAN };
  f.is_on = take (p, "ON");
  if (!f.is_on && !take (p, "OFF")) {
    g_autofree gchar *word = peek (p);
    return fail (p, p->at, "expected ON or OFF, found '%s'", word);
  }
  if (take (p, "None")) /* an unused filter of REW */
    return TRUE;
  const gchar *at = p->at; /* behind the blanks */
  if (!read_kind (p, &f))
    return FALSE;
  for (;;) {
    g_autofree gchar *word = peek (p);
    if (*word == '\0' || is_word (word, "T60")) /* REW on Modal filters */
      return add_filter (p, &f, at);
    if (!read_setting (p, &f))
      return FALSE;
  }
}

static gboolean
read_preamp (Parser *p)
{
  const MixRow *row = mix_table_find (&p->bands.unit->params, "output-gain");
  const gchar *at = p->at;
  gdouble gain;
  if (!g_str_equal (p->channels, "all"))
    return fail (p, at, "a preamp of one channel is not supported");
  if (!read_number (p, "Preamp", "dB", &gain))
    return FALSE;
  p->preamp = isnan (p->preamp) ? gain : p->preamp + gain;
  if (p->preamp < row->minimum || p->preamp > row->maximum)
    return fail (p, at, "the preamp must be %g to %g dB, and is %g",
        row->minimum, row->maximum, p->preamp);
  return TRUE;
}

static gboolean
read_channel (Parser *p)
{
  gboolean left = FALSE, right = FALSE, all = FALSE;
  for (;;) {
    g_autofree gchar *word = peek (p);
    if (*word == '\0')
      break;
    if (!is_word (word, "L") && !is_word (word, "R") && !is_word (word, "all"))
      return fail (p, p->at, "channels are L, R or all here, not '%s'", word);
    left |= is_word (word, "L");
    right |= is_word (word, "R");
    all |= is_word (word, "all");
    p->at += strlen (word);
  }
  p->channels = all || left == right ? "all" : left ? "left" : "right";
  return TRUE;
}

/* Accepts "Filter", "Filter 1" and "Filter  12". */
static gboolean
is_filter (const gchar *command)
{
  if (g_ascii_strncasecmp (command, "Filter", 6) != 0)
    return FALSE;
  return strspn (command + 6, BLANKS "0123456789") == strlen (command + 6);
}

static gboolean
is_foreign (const gchar *command)
{
  for (guint i = 0; foreign[i]; i++)
    if (is_word (command, foreign[i]))
      return TRUE;
  return FALSE;
}

/* The text before the colon of a line; NULL for a comment or no colon. */
static gchar *
command_of (const gchar *line, const gchar *end)
{
  if (g_str_has_prefix (line, "\xef\xbb\xbf")) /* Windows' byte order mark */
    line += 3;
  const gchar *colon = memchr (line, ':', (gsize)(end - line));
  line += strspn (line, BLANKS);
  if (!colon || colon < line || *line == '#')
    return NULL;
  return g_strchomp (g_strndup (line, (gsize)(colon - line)));
}

/* EqualizerAPO skips lines that it does not know, and files have headings.
 * Commands that would change the sound are not skipped but refused. */
static gboolean
read_line (Parser *p)
{
  g_autofree gchar *command = command_of (p->at, p->line_end);
  const gchar *start = p->at;
  if (!command)
    return TRUE;
  p->at = (const gchar *)memchr (start, ':', (gsize)(p->line_end - start)) + 1;
  if (is_filter (command))
    return read_filter (p);
  if (is_word (command, "Preamp"))
    return read_preamp (p);
  if (is_word (command, "Channel"))
    return read_channel (p);
  if (is_foreign (command))
    return fail (
        p, start, "%s is not supported, filters and Preamp are", command);
  g_autofree gchar *rest = g_strndup (p->at, (gsize)(p->line_end - p->at));
  if (strstr (rest, " Fc "))
    return fail (p, start, "expected Filter, found '%s'", command);
  return TRUE;
}

/* ---- Public ------------------------------------------------------------- */

/* Line breaks, or semicolons where the text is one line (as in a shell). */
static const gchar *
line_ends_of (const gchar *text)
{
  return strpbrk (text, "\n\r") ? "\n" : ";";
}

gboolean
gst_mix_autoeq_is_text (const gchar *text)
{
  const gchar *ends = line_ends_of (text);
  for (const gchar *line = text, *end; *line; line = end + (*end != '\0')) {
    end = line + strcspn (line, ends);
    g_autofree gchar *command = command_of (line, end);
    if (command
        && (is_filter (command) || is_word (command, "Preamp")
            || is_word (command, "Channel") || is_foreign (command)))
      return TRUE;
  }
  return FALSE;
}

gboolean
gst_mix_autoeq_parse (const MixUnit *unit, const gchar *text, gpointer params,
    guint *count, GError **error)
{
  Parser p = { .bands = { unit, params, 0 },
    .text = text,
    .at = text,
    .preamp = NAN,
    .channels = "all",
    .error = error };
  p.line_ends = line_ends_of (text);
  for (const gchar *line = text; *line;
       line = p.line_end + (*p.line_end != '\0')) {
    p.at = line;
    p.line_end = line + strcspn (line, p.line_ends);
    if (!read_line (&p))
      return FALSE;
  }
  if (p.bands.count == 0)
    return fail (&p, text, "there is no filter in this text");
  if (!isnan (p.preamp))
    mix_row_put (
        mix_table_find (&unit->params, "output-gain"), params, p.preamp);
  *count = p.bands.count;
  return TRUE;
}
