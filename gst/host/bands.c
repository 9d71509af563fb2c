/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bands.h"

#include <string.h>

#include "band.h"
#include "bandtext.h"
#include "host.h"

/* ---- Children ----------------------------------------------------------- */

guint
gst_mix_host_count_bands (GstMixHost *host)
{
  return gst_mix_settings_count (host->settings);
}

GstObject *
gst_mix_host_band (GstMixHost *host, guint index)
{
  return host->bands.children[index];
}

/* Of the count, and of what follows it. */
static void
notify_count (GstMixHost *host, guint count, guint old_count)
{
  const MixUnit *unit = gst_mix_host_unit (host);
  GObject *element = G_OBJECT (host->element);
  g_object_notify (element, unit->group->count_name);
  for (guint i = 0; i < unit->params.count; i++) {
    const MixRow *row = &unit->params.rows[i];
    if (!g_str_equal (row->name, unit->group->count_name)
        && gst_mix_settings_follows_count (unit, row, count, old_count))
      g_object_notify (element, row->name);
  }
}

void
gst_mix_host_bands_changed (GstMixHost *host, guint old_count)
{
  GstChildProxy *proxy = GST_CHILD_PROXY (host->element);
  GstObject **bands = host->bands.children;
  guint count = gst_mix_host_count_bands (host);
  if (count != old_count)
    notify_count (host, count, old_count);
  for (guint i = old_count; i < count; i++)
    gst_child_proxy_child_added (
        proxy, G_OBJECT (bands[i]), GST_OBJECT_NAME (bands[i]));
  for (guint i = old_count; i > count; i--)
    gst_child_proxy_child_removed (
        proxy, G_OBJECT (bands[i - 1]), GST_OBJECT_NAME (bands[i - 1]));
}

static guint
get_children_count (GstChildProxy *proxy)
{
  return gst_mix_host_count_bands (gst_mix_host_of (proxy));
}

static GObject *
get_child_by_index (GstChildProxy *proxy, guint index)
{
  GstMixHost *host = gst_mix_host_of (proxy);
  if (index >= gst_mix_host_count_bands (host))
    return NULL;
  return g_object_ref (G_OBJECT (host->bands.children[index]));
}

/* Bands beyond the count are found by name: setting one raises the count. */
static GObject *
get_child_by_name (GstChildProxy *proxy, const gchar *name)
{
  GstMixHost *host = gst_mix_host_of (proxy);
  const MixGroup *group = gst_mix_host_unit (host)->group;
  GstObject **bands = host->bands.children;
  for (guint i = 0; i < group->most; i++)
    if (g_strcmp0 (name, GST_OBJECT_NAME (bands[i])) == 0)
      return g_object_ref (G_OBJECT (bands[i]));
  gst_mix_host_warn (host, "name one of those",
      "%s has no '%s': its %ss are %s0 to %s%u", gst_mix_host_name (host), name,
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
gst_mix_host_init_bands (GstMixHost *host)
{
  const MixUnit *unit = gst_mix_host_unit (host);
  if (!unit->group)
    return;
  GstObject **bands = g_new0 (GstObject *, unit->group->most);
  for (guint i = 0; i < unit->group->most; i++) {
    bands[i] = gst_mix_band_new (unit, host->settings, i);
    gst_object_set_parent (bands[i], GST_OBJECT (host->element));
  }
  host->bands.children = bands;
}

void
gst_mix_host_free_bands (GstMixHost *host)
{
  GstObject **bands = host->bands.children;
  for (guint i = 0; bands && i < gst_mix_host_unit (host)->group->most; i++)
    gst_object_unparent (bands[i]);
  g_clear_pointer (&host->bands.children, g_free);
}

/* ---- The text ----------------------------------------------------------- */

gchar *
gst_mix_bands_property (const MixUnit *unit)
{
  return unit->group ? g_strconcat (unit->group->name, "s", NULL) : NULL;
}

GParamSpec *
gst_mix_bands_pspec (const MixUnit *unit)
{
  g_autofree gchar *name = gst_mix_bands_property (unit);
  return g_param_spec_string (name, "Bands",
      gst_mix_band_text_blurb (unit->group), NULL,
      G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING);
}

/* The count has been notified with the bands. */
static void
notify_rows (GstMixHost *host, gconstpointer before, gconstpointer after)
{
  const MixUnit *unit = gst_mix_host_unit (host);
  for (guint i = 0; i < unit->params.count; i++) {
    const MixRow *row = &unit->params.rows[i];
    if (mix_row_get (row, before) != mix_row_get (row, after)
        && !g_str_equal (row->name, unit->group->count_name))
      g_object_notify (G_OBJECT (host->element), row->name);
  }
}

void
gst_mix_host_set_bands_text (GstMixHost *host, const gchar *text)
{
  const MixUnit *unit = gst_mix_host_unit (host);
  GstMixSettings *settings = host->settings;
  g_autofree gchar *name = gst_mix_bands_property (unit);
  g_autofree gchar *before = g_malloc (unit->params.size);
  g_autofree gchar *after = g_malloc (unit->params.size);
  g_autoptr (GError) error = NULL;
  guint old_count = gst_mix_host_count_bands (host);

  gst_mix_settings_get_all (settings, before);
  memcpy (after, before, unit->params.size);
  if (!gst_mix_band_text_parse (unit, text ? text : "", after, &error)) {
    gst_mix_host_refuse (host, name, gst_mix_band_text_advice (unit->group),
        "The %s of %s are not understood and stay as they were: %s", name,
        gst_mix_host_name (host), error->message);
    return;
  }
  gst_mix_host_clear_refusals (host, name);
  gst_mix_settings_set_group (settings, before, after);
  gst_mix_host_bands_changed (host, old_count);
  notify_rows (host, before, after);
}

gchar *
gst_mix_host_get_bands_text (GstMixHost *host)
{
  const MixUnit *unit = gst_mix_host_unit (host);
  g_autofree gchar *params = g_malloc (unit->params.size);
  gst_mix_settings_get_all (host->settings, params);
  return gst_mix_band_text_print (unit, params);
}
