/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bands of an element: child objects, and all of them as one text. */
#include <string.h>

#include "band.h"
#include "bandtext.h"
#include "filter-private.h"

static const MixUnit *
unit_of (GstMixFilter *self)
{
  return GST_MIX_FILTER_GET_CLASS (self)->unit;
}

/* ---- Children ----------------------------------------------------------- */

guint
gst_mix_filter_count_bands (GstMixFilter *self)
{
  return gst_mix_settings_count (gst_mix_filter_settings (self));
}

void
gst_mix_filter_bands_changed (GstMixFilter *self, guint old_count)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstChildProxy *proxy = GST_CHILD_PROXY (self);
  guint count = gst_mix_filter_count_bands (self);
  if (count != old_count)
    g_object_notify (G_OBJECT (self), unit_of (self)->group->count_name);
  for (guint i = old_count; i < count; i++)
    gst_child_proxy_child_added (
        proxy, G_OBJECT (priv->bands[i]), GST_OBJECT_NAME (priv->bands[i]));
  for (guint i = old_count; i > count; i--)
    gst_child_proxy_child_removed (proxy, G_OBJECT (priv->bands[i - 1]),
        GST_OBJECT_NAME (priv->bands[i - 1]));
}

static guint
get_children_count (GstChildProxy *proxy)
{
  return gst_mix_filter_count_bands (GST_MIX_FILTER (proxy));
}

static GObject *
get_child_by_index (GstChildProxy *proxy, guint index)
{
  GstMixFilter *self = GST_MIX_FILTER (proxy);
  if (index >= gst_mix_filter_count_bands (self))
    return NULL;
  return g_object_ref (G_OBJECT (gst_mix_filter_private (self)->bands[index]));
}

/* A band beyond the count can be had by its name: setting it brings it in. */
static GObject *
get_child_by_name (GstChildProxy *proxy, const gchar *name)
{
  GstMixFilter *self = GST_MIX_FILTER (proxy);
  const MixGroup *group = unit_of (self)->group;
  GstObject **bands = gst_mix_filter_private (self)->bands;
  for (guint i = 0; i < group->most; i++)
    if (g_strcmp0 (name, GST_OBJECT_NAME (bands[i])) == 0)
      return g_object_ref (G_OBJECT (bands[i]));
  gst_mix_filter_warn (self, "name one of those",
      "%s has no '%s': its %ss are %s0 to %s%u", GST_OBJECT_NAME (self), name,
      group->name, group->name, group->name, group->most - 1);
  return NULL;
}

void
gst_mix_bands_proxy_init (gpointer g_iface, gpointer iface_data)
{
  GstChildProxyInterface *iface = g_iface;
  (void)iface_data;
  iface->get_children_count = get_children_count;
  iface->get_child_by_index = get_child_by_index;
  iface->get_child_by_name = get_child_by_name;
}

void
gst_mix_bands_new (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  const MixUnit *unit = unit_of (self);
  priv->bands = g_new0 (GstObject *, unit->group->most);
  for (guint i = 0; i < unit->group->most; i++) {
    priv->bands[i] = gst_mix_band_new (unit, priv->settings, i);
    gst_object_set_parent (priv->bands[i], GST_OBJECT (self));
  }
}

void
gst_mix_bands_free (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  for (guint i = 0; priv->bands && i < unit_of (self)->group->most; i++)
    gst_object_unparent (priv->bands[i]);
  g_clear_pointer (&priv->bands, g_free);
}

/* ---- The text ----------------------------------------------------------- */

GParamSpec *
gst_mix_bands_pspec (const MixUnit *unit)
{
  g_autofree gchar *name = g_strconcat (unit->group->name, "s", NULL);
  return g_param_spec_string (name, "Bands",
      "The whole curve: for each band its type, frequency and name=value "
      "pairs, parted by semicolons, or the text of AutoEq and EqualizerAPO "
      "with its preamp; sets the number of bands too",
      NULL, G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING);
}

/* The count is told with the bands. */
static void
notify_rows (GstMixFilter *self, gconstpointer before, gconstpointer after)
{
  const MixUnit *unit = unit_of (self);
  for (guint i = 0; i < unit->params.count; i++) {
    const MixRow *row = &unit->params.rows[i];
    if (mix_row_get (row, before) != mix_row_get (row, after)
        && !g_str_equal (row->name, unit->group->count_name))
      g_object_notify (G_OBJECT (self), row->name);
  }
}

void
gst_mix_bands_set_text (GstMixFilter *self, const gchar *text)
{
  const MixUnit *unit = unit_of (self);
  GstMixSettings *settings = gst_mix_filter_settings (self);
  g_autofree gchar *name = g_strconcat (unit->group->name, "s", NULL);
  g_autofree gchar *before = g_malloc (unit->params.size);
  g_autofree gchar *after = g_malloc (unit->params.size);
  g_autoptr (GError) error = NULL;
  guint old_count = gst_mix_filter_count_bands (self);

  gst_mix_settings_get_all (settings, before);
  memcpy (after, before, unit->params.size);
  if (!gst_mix_band_text_parse (unit, text ? text : "", after, &error)) {
    gst_mix_filter_refuse (self, name, GST_MIX_BAND_TEXT_ADVICE,
        "The %s of %s are not understood and stay as they were: %s", name,
        GST_OBJECT_NAME (self), error->message);
    return;
  }
  gst_mix_filter_forgive (self, name);
  gst_mix_settings_set_group (settings, before, after);
  gst_mix_filter_bands_changed (self, old_count);
  notify_rows (self, before, after);
}

gchar *
gst_mix_bands_get_text (GstMixFilter *self)
{
  const MixUnit *unit = unit_of (self);
  g_autofree gchar *params = g_malloc (unit->params.size);
  gst_mix_settings_get_all (gst_mix_filter_settings (self), params);
  return gst_mix_band_text_print (unit, params);
}
