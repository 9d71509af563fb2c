/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an element has to say about what was set: a warning at once, or as soon
 * as there is a bus (gst-launch sets properties before); and mistakes made
 * before the start, which refuse it.
 */
#include "filter-private.h"

/* A property that was set to what it cannot be, while nothing played. */
typedef struct {
  gchar *property, *text, *advice;
} Mistake;

static gboolean
has_bus (GstMixFilter *self)
{
  GstBus *bus = gst_element_get_bus (GST_ELEMENT (self));
  if (!bus)
    return FALSE;
  gst_object_unref (bus);
  return TRUE;
}

static void
post_warning (GstMixFilter *self, const gchar *text, const gchar *advice)
{
  GST_ELEMENT_WARNING (self, RESOURCE, SETTINGS, ("%s.", text), ("%s", advice));
}

/* Takes `text`. */
static void
warn (GstMixFilter *self, const gchar *advice, gchar *text)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  if (has_bus (self)) {
    post_warning (self, text, advice);
    g_free (text);
    return;
  }
  GST_WARNING_OBJECT (self, "%s", text); /* there may never be a bus */
  GST_OBJECT_LOCK (self);
  priv->early_warnings = g_list_append (priv->early_warnings, text);
  priv->early_warnings
      = g_list_append (priv->early_warnings, g_strdup (advice));
  GST_OBJECT_UNLOCK (self);
}

void
gst_mix_filter_warn (
    GstMixFilter *self, const gchar *advice, const gchar *format, ...)
{
  va_list args;
  va_start (args, format);
  warn (self, advice, g_strdup_vprintf (format, args));
  va_end (args);
}

void
gst_mix_filter_post_early_warnings (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GST_OBJECT_LOCK (self);
  GList *warnings = g_steal_pointer (&priv->early_warnings);
  GST_OBJECT_UNLOCK (self);
  for (GList *l = warnings; l; l = l->next->next)
    post_warning (self, l->data, l->next->data);
  g_list_free_full (warnings, g_free);
}

/* ---- Mistakes ----------------------------------------------------------- */

static void
free_mistake (gpointer data)
{
  Mistake *mistake = data;
  g_free (mistake->property);
  g_free (mistake->text);
  g_free (mistake->advice);
  g_free (mistake);
}

/* With the object lock held; NULL means every property. */
static void
forget (GstMixFilterPrivate *priv, const gchar *property)
{
  for (GList *l = priv->mistakes, *next; l; l = next) {
    Mistake *mistake = l->data;
    next = l->next;
    if (property && !g_str_equal (mistake->property, property))
      continue;
    free_mistake (mistake);
    priv->mistakes = g_list_delete_link (priv->mistakes, l);
  }
}

void
gst_mix_filter_forgive (GstMixFilter *self, const gchar *property)
{
  GST_OBJECT_LOCK (self);
  forget (gst_mix_filter_private (self), property);
  GST_OBJECT_UNLOCK (self);
}

void
gst_mix_filter_refuse (GstMixFilter *self, const gchar *property,
    const gchar *advice, const gchar *format, ...)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  va_list args;
  va_start (args, format);
  gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  if (GST_STATE (self) > GST_STATE_READY) {
    warn (self, advice, text);
    return;
  }
  Mistake *mistake = g_new (Mistake, 1);
  *mistake = (Mistake){ g_strdup (property), text, g_strdup (advice) };
  GST_OBJECT_LOCK (self);
  forget (priv, property);
  priv->mistakes = g_list_append (priv->mistakes, mistake);
  GST_OBJECT_UNLOCK (self);
}

gboolean
gst_mix_filter_has_mistakes (GstMixFilter *self)
{
  GST_OBJECT_LOCK (self);
  gboolean any = gst_mix_filter_private (self)->mistakes != NULL;
  GST_OBJECT_UNLOCK (self);
  return any;
}

gboolean
gst_mix_filter_is_refused (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  g_autofree gchar *text = NULL, *advice = NULL;
  GST_OBJECT_LOCK (self);
  if (priv->mistakes) {
    const Mistake *first = priv->mistakes->data;
    text = g_strdup (first->text);
    advice = g_strdup (first->advice);
  }
  GST_OBJECT_UNLOCK (self);
  if (!text)
    return FALSE;
  GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS, ("%s.", text), ("%s", advice));
  return TRUE;
}

void
gst_mix_filter_free_warnings (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  g_list_free_full (priv->early_warnings, g_free);
  g_list_free_full (priv->mistakes, free_mistake);
}
