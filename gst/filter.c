/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The object half of the base: properties, bands, presets. */
#include "filter-private.h"

#include "band.h"
#include "schema.h"
#include "stream.h"

enum {
  PROP_BYPASS = 1,
  PROP_METER_INTERVAL,
  PROP_LATENCY,
  PROP_TAIL_MAX,
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

/* ---- Warnings ----------------------------------------------------------- */

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

void
gst_mix_filter_warn (
    GstMixFilter *self, const gchar *advice, const gchar *format, ...)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  va_list args;
  va_start (args, format);
  gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  if (has_bus (self)) {
    post_warning (self, text, advice);
    g_free (text);
    return;
  }
  GST_OBJECT_LOCK (self);
  priv->early_warnings = g_list_append (priv->early_warnings, text);
  priv->early_warnings
      = g_list_append (priv->early_warnings, g_strdup (advice));
  GST_OBJECT_UNLOCK (self);
}

/* gst-launch sets properties before there is a bus to be heard on. */
static void
post_early_warnings (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GST_OBJECT_LOCK (self);
  GList *warnings = g_steal_pointer (&priv->early_warnings);
  GST_OBJECT_UNLOCK (self);
  for (GList *l = warnings; l; l = l->next->next)
    post_warning (self, l->data, l->next->data);
  g_list_free_full (warnings, g_free);
}

static GstStateChangeReturn
gst_mix_filter_change_state (GstElement *element, GstStateChange transition)
{
  if (transition == GST_STATE_CHANGE_NULL_TO_READY)
    post_early_warnings (GST_MIX_FILTER (element));
  return GST_ELEMENT_CLASS (gst_mix_filter_parent_class)
      ->change_state (element, transition);
}

/* ---- Bands as children -------------------------------------------------- */

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
gst_mix_filter_get_children_count (GstChildProxy *proxy)
{
  return gst_mix_filter_count_bands (GST_MIX_FILTER (proxy));
}

static GObject *
gst_mix_filter_get_child_by_index (GstChildProxy *proxy, guint index)
{
  GstMixFilter *self = GST_MIX_FILTER (proxy);
  if (index >= gst_mix_filter_count_bands (self))
    return NULL;
  return g_object_ref (G_OBJECT (gst_mix_filter_private (self)->bands[index]));
}

/* A band beyond the count can be had by its name: setting it brings it in. */
static GObject *
gst_mix_filter_get_child_by_name (GstChildProxy *proxy, const gchar *name)
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

static void
gst_mix_filter_child_proxy_init (gpointer g_iface, gpointer iface_data)
{
  GstChildProxyInterface *iface = g_iface;
  (void)iface_data;
  iface->get_children_count = gst_mix_filter_get_children_count;
  iface->get_child_by_index = gst_mix_filter_get_child_by_index;
  iface->get_child_by_name = gst_mix_filter_get_child_by_name;
}

/* ---- Presets ------------------------------------------------------------ */

/* The sound: the unit's parameters, its bands as one line of text. How the
 * element is run (bypass, meters) is no part of a preset. */
static gchar **
gst_mix_filter_get_property_names (GstPreset *preset)
{
  const MixUnit *unit = unit_of (GST_MIX_FILTER (preset));
  GPtrArray *names = g_ptr_array_new ();
  for (guint i = 0; i < unit->params.count; i++)
    if (!unit->group
        || !g_str_equal (unit->params.rows[i].name, unit->group->count_name))
      g_ptr_array_add (names, g_strdup (unit->params.rows[i].name));
  if (unit->group)
    g_ptr_array_add (names, g_strconcat (unit->group->name, "s", NULL));
  g_ptr_array_add (names, NULL);
  return (gchar **)g_ptr_array_free (names, FALSE);
}

static void
notify_changes (GstMixFilter *self, gconstpointer before)
{
  const MixTable *table = &unit_of (self)->params;
  g_autofree gchar *now = g_malloc (table->size);
  gst_mix_settings_get_all (gst_mix_filter_settings (self), now);
  for (guint i = 0; i < table->count; i++)
    if (mix_row_get (&table->rows[i], before)
        != mix_row_get (&table->rows[i], now))
      g_object_notify (G_OBJECT (self), table->rows[i].name);
}

/* A preset is a whole sound: what it does not name has its default, not what
 * the preset before it left. */
static gboolean
gst_mix_filter_load_preset (GstPreset *preset, const gchar *name)
{
  GstMixFilter *self = GST_MIX_FILTER (preset);
  const MixUnit *unit = unit_of (self);
  GstPresetInterface *base = g_type_default_interface_peek (GST_TYPE_PRESET);
  g_auto (GStrv) known = gst_preset_get_preset_names (preset);
  guint old_count = gst_mix_filter_count_bands (self);
  if (!known || !g_strv_contains ((const gchar *const *)known, name))
    return FALSE;
  GstMixSettings *settings = gst_mix_filter_settings (self);
  g_autofree gchar *before = g_malloc (unit->params.size);
  g_autofree gchar *defaults = g_malloc (unit->params.size);
  gst_mix_settings_get_all (settings, before);
  mix_unit_defaults (unit, defaults);
  gst_mix_settings_hold (settings);
  gst_mix_settings_set_all (settings, defaults);
  if (unit->group)
    gst_mix_filter_bands_changed (self, old_count);
  gboolean loaded = base->load_preset (preset, name);
  gst_mix_settings_release (settings);
  notify_changes (self, before);
  return loaded;
}

static void
gst_mix_filter_preset_init (gpointer g_iface, gpointer iface_data)
{
  GstPresetInterface *iface = g_iface;
  (void)iface_data;
  iface->get_property_names = gst_mix_filter_get_property_names;
  iface->load_preset = gst_mix_filter_load_preset;
}

void
gst_mix_filter_type_wear (GType type, const MixUnit *unit)
{
  const GInterfaceInfo preset_info = { gst_mix_filter_preset_init, NULL, NULL };
  const GInterfaceInfo proxy_info
      = { gst_mix_filter_child_proxy_init, NULL, NULL };
  g_type_add_interface_static (type, GST_TYPE_PRESET, &preset_info);
  if (unit->group)
    g_type_add_interface_static (type, GST_TYPE_CHILD_PROXY, &proxy_info);
}

/* ---- Properties --------------------------------------------------------- */

static void
warn_if_late (GstMixFilter *self, const MixRow *row)
{
  if ((row->flags & MIX_SIZES_MEMORY) == 0
      || GST_STATE (self) <= GST_STATE_READY)
    return;
  gst_mix_filter_warn (self,
      "set it in the READY or NULL state: it takes effect at the next start",
      "Property '%s' was set while %s is running and is not used yet",
      row->name, GST_OBJECT_NAME (self));
}

static void
set_row (GstMixFilter *self, const MixRow *row, const GValue *value)
{
  const MixUnit *unit = unit_of (self);
  gboolean is_count
      = unit->group && g_str_equal (row->name, unit->group->count_name);
  guint old_count = is_count ? gst_mix_filter_count_bands (self) : 0;

  gst_mix_settings_set (gst_mix_filter_settings (self), row, -1, value);
  if (is_count)
    gst_mix_filter_bands_changed (self, old_count);
  warn_if_late (self, row);
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
  if (!unit->group)
    return;
  priv->bands = g_new0 (GstObject *, unit->group->most);
  for (guint i = 0; i < unit->group->most; i++) {
    priv->bands[i] = gst_mix_band_new (unit, priv->settings, i);
    gst_object_set_parent (priv->bands[i], GST_OBJECT (self));
  }
}

static void
gst_mix_filter_dispose (GObject *object)
{
  GstMixFilter *self = GST_MIX_FILTER (object);
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  for (guint i = 0; priv->bands && i < unit_of (self)->group->most; i++)
    gst_object_unparent (priv->bands[i]);
  g_clear_pointer (&priv->bands, g_free);
  G_OBJECT_CLASS (gst_mix_filter_parent_class)->dispose (object);
}

static void
gst_mix_filter_finalize (GObject *object)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (GST_MIX_FILTER (object));
  g_clear_pointer (&priv->stream.engine, gst_mix_engine_free);
  gst_mix_stream_clear (&priv->stream);
  g_list_free_full (priv->early_warnings, g_free);
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
  if (unit->group)
    gst_mix_band_type (unit);
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
