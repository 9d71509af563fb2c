/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "band.h"

#include "host.h"
#include "schema.h"

typedef struct {
  GstObject parent;
  GstMixSettings *settings;
  guint index;
} GstMixBand;

typedef struct {
  GstObjectClass parent_class;
  const MixUnit *unit;
} GstMixBandClass;

static gpointer parent_class;

static const MixRow *
row_of (GObject *object, guint prop_id)
{
  GstMixBandClass *klass = G_TYPE_INSTANCE_GET_CLASS (
      object, G_OBJECT_TYPE (object), GstMixBandClass);
  return &klass->unit->group->table.rows[prop_id - 1];
}

/* Setting a band puts it to use: the count grows to include it. */
static void
use_band (GstMixBand *self, GstMixHost *host)
{
  guint old = gst_mix_settings_raise_count (self->settings, self->index + 1);
  if (self->index >= old && host)
    gst_mix_host_bands_changed (host, old);
}

/* The property's name from the element: "band0::slope". */
static gchar *
path_of (GstMixBand *self, const MixRow *row)
{
  return g_strconcat (GST_OBJECT_NAME (self), "::", row->name, NULL);
}

static void
refuse (
    GstMixBand *self, GstMixHost *host, const MixRow *row, const GValue *value)
{
  g_autofree gchar *path = path_of (self, row);
  gst_mix_host_refuse_choice (host, path, row, value);
}

/* Called for each value of automation: makes a string only if needed. */
static void
clear_refusal (GstMixBand *self, GstMixHost *host, const MixRow *row)
{
  if (!gst_mix_host_has_refusals (host))
    return;
  g_autofree gchar *path = path_of (self, row);
  gst_mix_host_clear_refusals (host, path);
}

/* `host` is NULL for a band that has outlived its element. */
static void
set_row (
    GstMixBand *self, GstMixHost *host, const MixRow *row, const GValue *value)
{
  gdouble number;
  if (!gst_mix_schema_number (row, value, &number)) {
    if (host)
      refuse (self, host, row, value);
    return;
  }
  gst_mix_settings_set (self->settings, row, (gint)self->index, number);
  use_band (self, host);
  if (host)
    clear_refusal (self, host, row);
}

static void
gst_mix_band_set_property (
    GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  GstObject *owner = gst_object_get_parent (GST_OBJECT (object));
  (void)pspec;
  set_row ((GstMixBand *)object, owner ? gst_mix_host_of (owner) : NULL,
      row_of (object, prop_id), value);
  gst_clear_object (&owner);
}

static void
gst_mix_band_get_property (
    GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  GstMixBand *self = (GstMixBand *)object;
  (void)pspec;
  gst_mix_settings_get (
      self->settings, row_of (object, prop_id), (gint)self->index, value);
}

static void
gst_mix_band_finalize (GObject *object)
{
  GstMixBand *self = (GstMixBand *)object;
  gst_mix_settings_unref (self->settings);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_mix_band_class_init (gpointer g_class, gpointer class_data)
{
  GObjectClass *object_class = g_class;
  GstMixBandClass *klass = g_class;
  const MixUnit *unit = class_data;

  parent_class = g_type_class_peek_parent (g_class);
  klass->unit = unit;
  object_class->set_property = gst_mix_band_set_property;
  object_class->get_property = gst_mix_band_get_property;
  object_class->finalize = gst_mix_band_finalize;
  for (guint i = 0; i < unit->group->table.count; i++)
    g_object_class_install_property (object_class, i + 1,
        gst_mix_schema_pspec (&unit->group->table.rows[i],
            G_OBJECT_CLASS_NAME (g_class), G_PARAM_READWRITE));
}

GType
gst_mix_band_type (const MixUnit *unit)
{
  g_autofree gchar *unit_part = gst_mix_schema_camel_case (unit->name);
  g_autofree gchar *group_part = gst_mix_schema_camel_case (unit->group->name);
  g_autofree gchar *name = g_strconcat ("GstMix", unit_part, group_part, NULL);
  GType type = g_type_from_name (name);
  if (type)
    return type;

  const GTypeInfo info = {
    .class_size = sizeof (GstMixBandClass),
    .class_init = gst_mix_band_class_init,
    .class_data = unit,
    .instance_size = sizeof (GstMixBand),
  };
  type = g_type_register_static (GST_TYPE_OBJECT, name, &info, 0);
  gst_type_mark_as_plugin_api (type, 0);
  return type;
}

GstObject *
gst_mix_band_new (const MixUnit *unit, GstMixSettings *settings, guint index)
{
  g_autofree gchar *name = g_strdup_printf ("%s%u", unit->group->name, index);
  GstMixBand *self
      = g_object_new (gst_mix_band_type (unit), "name", name, NULL);
  self->settings = gst_mix_settings_ref (settings);
  self->index = index;
  return GST_OBJECT (self);
}
