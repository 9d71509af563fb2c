/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The object half of the base: properties and life. */
#include "filter-private.h"

#include "band.h"
#include "schema.h"
#include "stream.h"

enum {
  PROP_BYPASS = 1,
  PROP_METER_INTERVAL,
  PROP_LATENCY,
  PROP_TAIL_MAX,
  PROP_BANDS,
  PROP_ROWS = 16, /* the unit's parameters, then its readings */
};

#define DEFAULT_TAIL_MAX_MS 30000
#define LEAST_METER_INTERVAL_MS 10

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (
    GstMixFilter, gst_mix_filter, GST_TYPE_AUDIO_FILTER)

GstMixFilterPrivate *
gst_mix_filter_private (GstMixFilter *self)
{
  return gst_mix_filter_get_instance_private (self);
}

GstMixSettings *
gst_mix_filter_settings (GstMixFilter *self)
{
  return gst_mix_filter_private (self)->settings;
}

static const MixUnit *
unit_of (GstMixFilter *self)
{
  return GST_MIX_FILTER_GET_CLASS (self)->unit;
}

/* ---- States ------------------------------------------------------------- */

static GstStateChangeReturn
gst_mix_filter_change_state (GstElement *element, GstStateChange transition)
{
  GstMixFilter *self = GST_MIX_FILTER (element);
  if (transition == GST_STATE_CHANGE_NULL_TO_READY)
    gst_mix_filter_post_early_warnings (self);
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED
      && gst_mix_filter_is_refused (self))
    return GST_STATE_CHANGE_FAILURE;
  return GST_ELEMENT_CLASS (gst_mix_filter_parent_class)
      ->change_state (element, transition);
}

/* ---- Interfaces --------------------------------------------------------- */

void
gst_mix_filter_type_wear (GType type, const MixUnit *unit)
{
  const GInterfaceInfo preset_info = { gst_mix_preset_init, NULL, NULL };
  const GInterfaceInfo proxy_info = { gst_mix_bands_proxy_init, NULL, NULL };
  g_type_add_interface_static (type, GST_TYPE_PRESET, &preset_info);
  if (unit->group)
    g_type_add_interface_static (type, GST_TYPE_CHILD_PROXY, &proxy_info);
}

/* ---- Properties --------------------------------------------------------- */

void
gst_mix_filter_warn_if_late (GstMixFilter *self, const MixRow *row)
{
  if ((row->flags & MIX_SIZES_MEMORY) == 0
      || GST_STATE (self) <= GST_STATE_READY)
    return;
  gst_mix_filter_warn (self,
      "set it in the READY or NULL state: it takes effect at the next start",
      "Property '%s' was set while %s is running and is not used yet",
      row->name, GST_OBJECT_NAME (self));
}

void
gst_mix_filter_refuse_choice (GstMixFilter *self, const gchar *property,
    const MixRow *row, const GValue *value)
{
  g_autofree gchar *possible = gst_mix_schema_possible (row);
  gst_mix_filter_refuse (self, property, "set one of those",
      "The %s of %s cannot be %d and stays as it was; it is one of: %s",
      property, GST_OBJECT_NAME (self), g_value_get_enum (value), possible);
}

static void
set_row (GstMixFilter *self, const MixRow *row, const GValue *value)
{
  const MixUnit *unit = unit_of (self);
  gboolean is_count
      = unit->group && g_str_equal (row->name, unit->group->count_name);
  guint old_count = is_count ? gst_mix_filter_count_bands (self) : 0;
  gdouble number;

  if (!gst_mix_schema_number (row, value, &number)) {
    gst_mix_filter_refuse_choice (self, row->name, row, value);
    return;
  }
  gst_mix_filter_forgive (self, row->name);
  gboolean changed
      = gst_mix_settings_set (gst_mix_filter_settings (self), row, -1, number);
  if (is_count)
    gst_mix_filter_bands_changed (self, old_count);
  if (changed)
    gst_mix_filter_warn_if_late (self, row);
}

static void
set_meter_interval (GstMixFilter *self, gdouble ms)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  if (ms > 0 && ms < LEAST_METER_INTERVAL_MS) {
    gst_mix_filter_warn (self, "set 0 (off) or 10 to 10000",
        "meter-interval %g ms is too short for %s, using %d ms", ms,
        GST_OBJECT_NAME (self), LEAST_METER_INTERVAL_MS);
    ms = LEAST_METER_INTERVAL_MS;
  }
  GST_OBJECT_LOCK (self);
  priv->meter_interval_ms = ms;
  GST_OBJECT_UNLOCK (self);
}

static void
gst_mix_filter_set_property (
    GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  GstMixFilter *self = GST_MIX_FILTER (object);
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  const MixTable *params = &unit_of (self)->params;

  switch (prop_id) {
    case PROP_BYPASS:
      g_atomic_int_set (&priv->bypass, g_value_get_boolean (value));
      break;
    case PROP_METER_INTERVAL:
      set_meter_interval (self, g_value_get_double (value));
      break;
    case PROP_TAIL_MAX:
      GST_OBJECT_LOCK (self);
      priv->tail_max_ms = g_value_get_double (value);
      GST_OBJECT_UNLOCK (self);
      break;
    case PROP_BANDS:
      gst_mix_bands_set_text (self, g_value_get_string (value));
      break;
    default:
      if (prop_id >= PROP_ROWS && prop_id < PROP_ROWS + params->count)
        set_row (self, &params->rows[prop_id - PROP_ROWS], value);
      else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
get_reading (GstMixFilter *self, const MixRow *row, GValue *value)
{
  gsize size = unit_of (self)->readings.size;
  g_autofree gchar *readings = g_malloc (size);
  GST_OBJECT_LOCK (self);
  memcpy (readings, gst_mix_filter_private (self)->readings, size);
  GST_OBJECT_UNLOCK (self);
  gst_mix_schema_read_value (row, readings, value);
}

static void
get_locked_double (GstMixFilter *self, const gdouble *from, GValue *value)
{
  GST_OBJECT_LOCK (self);
  g_value_set_double (value, *from);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_mix_filter_get_property (
    GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  GstMixFilter *self = GST_MIX_FILTER (object);
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  const MixTable *params = &unit_of (self)->params;
  const MixTable *readings = &unit_of (self)->readings;

  switch (prop_id) {
    case PROP_BYPASS:
      g_value_set_boolean (value, g_atomic_int_get (&priv->bypass));
      break;
    case PROP_METER_INTERVAL:
      get_locked_double (self, &priv->meter_interval_ms, value);
      break;
    case PROP_LATENCY:
      get_locked_double (self, &priv->latency_ms, value);
      break;
    case PROP_TAIL_MAX:
      get_locked_double (self, &priv->tail_max_ms, value);
      break;
    case PROP_BANDS:
      g_value_take_string (value, gst_mix_bands_get_text (self));
      break;
    default:
      prop_id -= PROP_ROWS;
      if (prop_id < params->count)
        gst_mix_settings_get (
            priv->settings, &params->rows[prop_id], -1, value);
      else if (prop_id < params->count + readings->count)
        get_reading (self, &readings->rows[prop_id - params->count], value);
      else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id + PROP_ROWS, pspec);
  }
}

static void
install_rows (GObjectClass *klass, const MixTable *table, guint first_id,
    GParamFlags access)
{
  for (guint i = 0; i < table->count; i++)
    g_object_class_install_property (klass, first_id + i,
        gst_mix_schema_pspec (
            &table->rows[i], G_OBJECT_CLASS_NAME (klass), access));
}

static void
install_common (GObjectClass *klass, gboolean has_tail)
{
  const GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                           | GST_PARAM_CONTROLLABLE | GST_PARAM_MUTABLE_PLAYING;
  g_object_class_install_property (klass, PROP_BYPASS,
      g_param_spec_boolean ("bypass", "Bypass",
          "Let the input through as it is, delayed as before; switched by a "
          "short cross-fade",
          FALSE, live));
  g_object_class_install_property (klass, PROP_METER_INTERVAL,
      g_param_spec_double ("meter-interval", "Meter interval",
          "Time between two element messages with all readings, 0 for none "
          "(ms)",
          0, 10000, 0, live));
  g_object_class_install_property (klass, PROP_LATENCY,
      g_param_spec_double ("latency", "Latency",
          "Look-ahead by which output lags in running time; timestamps "
          "make up for it (ms)",
          0, G_MAXDOUBLE, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  if (has_tail)
    g_object_class_install_property (klass, PROP_TAIL_MAX,
        g_param_spec_double ("tail-max", "Longest tail",
            "The most that is rung out after the end of the stream, its end a "
            "fade of 20 ms; a change while the tail runs is obeyed (ms)",
            0, 60000, DEFAULT_TAIL_MAX_MS, live));
}

/* ---- Life --------------------------------------------------------------- */

static void
gst_mix_filter_constructed (GObject *object)
{
  GstMixFilter *self = GST_MIX_FILTER (object);
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  const MixUnit *unit = unit_of (self);

  G_OBJECT_CLASS (gst_mix_filter_parent_class)->constructed (object);
  priv->tail_max_ms = DEFAULT_TAIL_MAX_MS;
  priv->settings = gst_mix_settings_new (unit);
  priv->readings = g_malloc0 (MAX (1, unit->readings.size));
  for (guint i = 0; i < unit->readings.count; i++)
    if (unit->readings.rows[i].kind != MIX_DOUBLES) /* no channels yet */
      mix_row_put (&unit->readings.rows[i], priv->readings,
          unit->readings.rows[i].initial);
  priv->stream.readings = g_malloc0 (MAX (1, unit->readings.size));
  priv->stream.params = g_malloc0 (unit->params.size);
  priv->stream.wanted = g_malloc0 (unit->params.size);
  if (unit->group)
    gst_mix_bands_new (self);
}

static void
gst_mix_filter_dispose (GObject *object)
{
  gst_mix_bands_free (GST_MIX_FILTER (object));
  G_OBJECT_CLASS (gst_mix_filter_parent_class)->dispose (object);
}

static void
gst_mix_filter_finalize (GObject *object)
{
  GstMixFilter *self = GST_MIX_FILTER (object);
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  g_clear_pointer (&priv->stream.engine, gst_mix_engine_free);
  gst_mix_stream_clear (&priv->stream);
  gst_mix_filter_free_warnings (self);
  g_free (priv->stream.params);
  g_free (priv->stream.wanted);
  g_free (priv->stream.readings);
  g_free (priv->readings);
  gst_mix_settings_unref (priv->settings);
  G_OBJECT_CLASS (gst_mix_filter_parent_class)->finalize (object);
}

void
gst_mix_filter_class_wear (GstMixFilterClass *klass, const MixUnit *unit,
    const gchar *element, const gchar *long_name, const gchar *classification)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  klass->unit = unit;
  /* GObject lets no class inherit these two */
  object_class->set_property = gst_mix_filter_set_property;
  object_class->get_property = gst_mix_filter_get_property;
  klass->element = element;
  GST_DEBUG_CATEGORY_INIT (klass->category, element, 0, unit->summary);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass), long_name,
      classification, unit->summary, "The gst-plugins-mix developers");
  install_common (object_class, (unit->flags & MIX_UNIT_TAIL) != 0);
  install_rows (object_class, &unit->params, PROP_ROWS, G_PARAM_READWRITE);
  install_rows (object_class, &unit->readings, PROP_ROWS + unit->params.count,
      G_PARAM_READABLE);
  if (unit->group) {
    gst_mix_band_type (unit);
    g_object_class_install_property (
        object_class, PROP_BANDS, gst_mix_bands_pspec (unit));
  }
}

static void
gst_mix_filter_class_init (GstMixFilterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstCaps *caps;

  object_class->constructed = gst_mix_filter_constructed;
  object_class->dispose = gst_mix_filter_dispose;
  object_class->finalize = gst_mix_filter_finalize;
  object_class->set_property = gst_mix_filter_set_property;
  object_class->get_property = gst_mix_filter_get_property;

  GST_ELEMENT_CLASS (klass)->change_state = gst_mix_filter_change_state;
  caps = gst_caps_from_string ("audio/x-raw, format=" GST_AUDIO_NE (
      F32) ", layout=interleaved, "
           "rate=[1," G_STRINGIFY (GST_MIX_MAX_RATE) "], "
                                                     "channels=["
                                                     "1," G_STRINGIFY (
                                                         MIX_MAX_CHANNELS) "]");
  gst_audio_filter_class_add_pad_templates (
      GST_AUDIO_FILTER_CLASS (klass), caps);
  gst_caps_unref (caps);
  gst_mix_stream_class_init (klass);
  gst_mix_ends_class_init (klass);
  gst_mix_negotiate_class_init (klass);
  gst_type_mark_as_plugin_api (GST_TYPE_MIX_FILTER, 0);
}

static void
gst_mix_filter_init (GstMixFilter *self)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  gst_base_transform_set_in_place (trans, TRUE);
  gst_base_transform_set_gap_aware (trans, TRUE);
}
