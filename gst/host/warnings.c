/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "warnings.h"

#include <string.h>

#include "host.h"
#include "schema.h"

#define GST_CAT_DEFAULT (host->klass->category)

/* A value that a property cannot have, set before the start. */
typedef struct {
  gchar *property, *text, *advice;
} Refusal;

static gboolean
has_bus (GstMixHost *host)
{
  GstBus *bus = gst_element_get_bus (host->element);
  if (!bus)
    return FALSE;
  gst_object_unref (bus);
  return TRUE;
}

static void
post_warning (GstMixHost *host, const gchar *text, const gchar *advice)
{
  GST_ELEMENT_WARNING (
      host->element, RESOURCE, SETTINGS, ("%s.", text), ("%s", advice));
}

/* Takes `text`. */
static void
warn (GstMixHost *host, const gchar *advice, gchar *text)
{
  GstMixWarnings *warnings = &host->warnings;
  if (has_bus (host)) {
    post_warning (host, text, advice);
    g_free (text);
    return;
  }
  GST_WARNING_OBJECT (host->element, "%s", text); /* there may never be a bus */
  GST_OBJECT_LOCK (host->element);
  warnings->pending = g_list_append (warnings->pending, text);
  warnings->pending = g_list_append (warnings->pending, g_strdup (advice));
  GST_OBJECT_UNLOCK (host->element);
}

void
gst_mix_host_warn (
    GstMixHost *host, const gchar *advice, const gchar *format, ...)
{
  va_list args;
  va_start (args, format);
  warn (host, advice, g_strdup_vprintf (format, args));
  va_end (args);
}

void
gst_mix_host_warn_if_late (GstMixHost *host, const MixRow *row)
{
  if ((row->flags & MIX_SIZES_MEMORY) == 0
      || GST_STATE (host->element) <= GST_STATE_READY)
    return;
  gst_mix_host_warn (host,
      "set it in the READY or NULL state: it takes effect at the next start",
      "Property '%s' was set while %s is running and is not used yet",
      row->name, gst_mix_host_name (host));
}

void
gst_mix_host_post_pending_warnings (GstMixHost *host)
{
  GST_OBJECT_LOCK (host->element);
  GList *pending = g_steal_pointer (&host->warnings.pending);
  GST_OBJECT_UNLOCK (host->element);
  for (GList *l = pending; l; l = l->next->next)
    post_warning (host, l->data, l->next->data);
  g_list_free_full (pending, g_free);
}

/* ---- Refusals ----------------------------------------------------------- */

static void
free_refusal (gpointer data)
{
  Refusal *refusal = data;
  g_free (refusal->property);
  g_free (refusal->text);
  g_free (refusal->advice);
  g_free (refusal);
}

/* With the object lock held; NULL means every property. */
static void
forget (GstMixWarnings *warnings, const gchar *property)
{
  for (GList *l = warnings->refusals, *next; l; l = next) {
    Refusal *refusal = l->data;
    next = l->next;
    if (property && !g_str_equal (refusal->property, property))
      continue;
    free_refusal (refusal);
    warnings->refusals = g_list_delete_link (warnings->refusals, l);
  }
}

void
gst_mix_host_clear_refusals (GstMixHost *host, const gchar *property)
{
  GST_OBJECT_LOCK (host->element);
  forget (&host->warnings, property);
  GST_OBJECT_UNLOCK (host->element);
}

void
gst_mix_host_refuse (GstMixHost *host, const gchar *property,
    const gchar *advice, const gchar *format, ...)
{
  GstMixWarnings *warnings = &host->warnings;
  va_list args;
  va_start (args, format);
  gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  if (GST_STATE (host->element) > GST_STATE_READY) {
    warn (host, advice, text);
    return;
  }
  Refusal *refusal = g_new (Refusal, 1);
  *refusal = (Refusal){ g_strdup (property), text, g_strdup (advice) };
  GST_OBJECT_LOCK (host->element);
  forget (warnings, property);
  warnings->refusals = g_list_append (warnings->refusals, refusal);
  GST_OBJECT_UNLOCK (host->element);
}

void
gst_mix_host_refuse_choice (GstMixHost *host, const gchar *property,
    const MixRow *row, const GValue *value)
{
  g_autofree gchar *possible = gst_mix_schema_possible (row);
  gst_mix_host_refuse (host, property, "set one of those",
      "The %s of %s cannot be %d and stays as it was; it is one of: %s",
      property, gst_mix_host_name (host), g_value_get_enum (value), possible);
}

gboolean
gst_mix_host_has_refusals (GstMixHost *host)
{
  GST_OBJECT_LOCK (host->element);
  gboolean any = host->warnings.refusals != NULL;
  GST_OBJECT_UNLOCK (host->element);
  return any;
}

gboolean
gst_mix_host_post_refusal (GstMixHost *host)
{
  GstMixWarnings *warnings = &host->warnings;
  g_autofree gchar *text = NULL, *advice = NULL;
  GST_OBJECT_LOCK (host->element);
  if (warnings->refusals) {
    const Refusal *first = warnings->refusals->data;
    text = g_strdup (first->text);
    advice = g_strdup (first->advice);
  }
  GST_OBJECT_UNLOCK (host->element);
  if (!text)
    return FALSE;
  GST_ELEMENT_ERROR (
      host->element, RESOURCE, SETTINGS, ("%s.", text), ("%s", advice));
  return TRUE;
}

/* ---- Remarks ------------------------------------------------------------ */

/* Each text once, so that automation does not repeat it. A unit has a handful
 * of texts; any beyond them are left out. */
static gboolean
is_new_remark (GstMixWarnings *warnings, const gchar *format)
{
  guint i = 0;
  for (; i < G_N_ELEMENTS (warnings->remarks) && warnings->remarks[i]; i++)
    if (warnings->remarks[i] == format)
      return FALSE;
  if (i == G_N_ELEMENTS (warnings->remarks))
    return FALSE;
  warnings->remarks[i] = format;
  return TRUE;
}

typedef struct {
  MixRemarks remarks;
  GstMixHost *host;
} RemarkPoster;

static void
post_remark (MixRemarks *remarks, const char *format, ...)
{
  GstMixHost *host = ((RemarkPoster *)remarks)->host;
  if (!is_new_remark (&host->warnings, format))
    return;
  va_list args;
  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  gst_mix_host_warn (
      host, "this is said only once", "%s: %s", gst_mix_host_name (host), text);
}

void
gst_mix_host_post_remarks (
    GstMixHost *host, gconstpointer params, const MixFormat *format)
{
  const MixUnit *unit = gst_mix_host_unit (host);
  RemarkPoster poster = { { post_remark }, host };
  if (unit->remark)
    unit->remark (params, format, &poster.remarks);
}

void
gst_mix_host_forget_remarks (GstMixHost *host)
{
  memset (host->warnings.remarks, 0, sizeof host->warnings.remarks);
}

void
gst_mix_host_free_warnings (GstMixHost *host)
{
  GstMixWarnings *warnings = &host->warnings;
  g_list_free_full (warnings->pending, g_free);
  g_list_free_full (warnings->refusals, free_refusal);
}
