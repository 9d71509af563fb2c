/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "properties.h"

#include "band.h"
#include "host.h"
#include "listtext.h"
#include "schema.h"

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

/* ---- Controls ----------------------------------------------------------- */

void
gst_mix_host_init_controls (GstMixHost *host)
{
  host->controls.tail_max_ms = DEFAULT_TAIL_MAX_MS;
}

gboolean
gst_mix_host_is_bypassed (GstMixHost *host)
{
  return g_atomic_int_get (&host->controls.bypass);
}

static gdouble
get_locked (GstMixHost *host, const gdouble *member)
{
  GST_OBJECT_LOCK (host->element);
  gdouble value = *member;
  GST_OBJECT_UNLOCK (host->element);
  return value;
}

static void
set_locked (GstMixHost *host, gdouble *member, gdouble value)
{
  GST_OBJECT_LOCK (host->element);
  *member = value;
  GST_OBJECT_UNLOCK (host->element);
}

gdouble
gst_mix_host_meter_interval_ms (GstMixHost *host)
{
  return get_locked (host, &host->controls.meter_interval_ms);
}

gdouble
gst_mix_host_tail_max_ms (GstMixHost *host)
{
  return get_locked (host, &host->controls.tail_max_ms);
}

static void
set_meter_interval (GstMixHost *host, gdouble ms)
{
  if (ms > 0 && ms < LEAST_METER_INTERVAL_MS) {
    gst_mix_host_warn (host, "set 0 (off) or 10 to 10000",
        "meter-interval %g ms is too short for %s, using %d ms", ms,
        gst_mix_host_name (host), LEAST_METER_INTERVAL_MS);
    ms = LEAST_METER_INTERVAL_MS;
  }
  set_locked (host, &host->controls.meter_interval_ms, ms);
}

/* ---- Set ---------------------------------------------------------------- */

static void
set_list (GstMixHost *host, const MixRow *row, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  MixDoubles list;
  if (!gst_mix_list_parse (row, text, &list, &error)) {
    gst_mix_host_refuse (host, row->name,
        row->flags & MIX_WHOLE
            ? "write whole numbers with spaces between them, as in \"2 4\""
            : "write numbers with spaces between them, as in \"0 -3 0\"",
        "%s of %s: %s", row->name, gst_mix_host_name (host), error->message);
    return;
  }
  gst_mix_host_clear_refusals (host, row->name);
  gst_mix_settings_set_list (host->settings, row, &list);
}

static void
set_row (GstMixHost *host, const MixRow *row, const GValue *value)
{
  const MixGroup *group = gst_mix_host_unit (host)->group;
  gboolean is_count = group && g_str_equal (row->name, group->count_name);
  guint old_count = is_count ? gst_mix_host_count_bands (host) : 0;
  gdouble number;

  if (row->kind == MIX_LIST) {
    set_list (host, row, g_value_get_string (value));
    return;
  }
  if (!gst_mix_schema_number (row, value, &number)) {
    gst_mix_host_refuse_choice (host, row->name, row, value);
    return;
  }
  gst_mix_host_clear_refusals (host, row->name);
  gboolean changed = gst_mix_settings_set (host->settings, row, -1, number);
  if (is_count)
    gst_mix_host_bands_changed (host, old_count);
  if (changed)
    gst_mix_host_warn_if_late (host, row);
}

static void
set_property (
    GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  GstMixHost *host = gst_mix_host_of (object);
  const MixTable *params = &gst_mix_host_unit (host)->params;

  switch (prop_id) {
    case PROP_BYPASS:
      g_atomic_int_set (&host->controls.bypass, g_value_get_boolean (value));
      break;
    case PROP_METER_INTERVAL:
      set_meter_interval (host, g_value_get_double (value));
      break;
    case PROP_TAIL_MAX:
      set_locked (
          host, &host->controls.tail_max_ms, g_value_get_double (value));
      break;
    case PROP_BANDS:
      gst_mix_host_set_bands_text (host, g_value_get_string (value));
      break;
    default:
      if (prop_id >= PROP_ROWS && prop_id < PROP_ROWS + params->count)
        set_row (host, &params->rows[prop_id - PROP_ROWS], value);
      else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

/* ---- Get ---------------------------------------------------------------- */

static void
get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  GstMixHost *host = gst_mix_host_of (object);
  const MixTable *params = &gst_mix_host_unit (host)->params;
  const MixTable *readings = &gst_mix_host_unit (host)->readings;

  switch (prop_id) {
    case PROP_BYPASS:
      g_value_set_boolean (value, gst_mix_host_is_bypassed (host));
      break;
    case PROP_METER_INTERVAL:
      g_value_set_double (value, gst_mix_host_meter_interval_ms (host));
      break;
    case PROP_LATENCY:
      g_value_set_double (value, gst_mix_host_latency_ms (host));
      break;
    case PROP_TAIL_MAX:
      g_value_set_double (value, gst_mix_host_tail_max_ms (host));
      break;
    case PROP_BANDS:
      g_value_take_string (value, gst_mix_host_get_bands_text (host));
      break;
    default:
      prop_id -= PROP_ROWS;
      if (prop_id < params->count)
        gst_mix_settings_get (
            host->settings, &params->rows[prop_id], -1, value);
      else if (prop_id < params->count + readings->count)
        gst_mix_host_get_reading (
            host, &readings->rows[prop_id - params->count], value);
      else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id + PROP_ROWS, pspec);
  }
}

/* ---- Install ------------------------------------------------------------ */

static void
install_rows (GObjectClass *klass, const MixTable *table, guint first_id,
    GParamFlags access, gboolean has_key)
{
  for (guint i = 0; i < table->count; i++)
    if (has_key || !(table->rows[i].flags & MIX_OF_KEY))
      g_object_class_install_property (klass, first_id + i,
          gst_mix_schema_pspec (
              &table->rows[i], G_OBJECT_CLASS_NAME (klass), access));
}

static void
install_controls (GObjectClass *klass, gboolean has_tail)
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
            "fade of 20 ms; a change while the tail runs takes effect (ms)",
            0, 60000, DEFAULT_TAIL_MAX_MS, live));
}

void
gst_mix_host_install_properties (
    GObjectClass *klass, const MixUnit *unit, gboolean has_key)
{
  klass->set_property = set_property;
  klass->get_property = get_property;
  install_controls (klass, (unit->flags & MIX_UNIT_TAIL) != 0);
  install_rows (klass, &unit->params, PROP_ROWS, G_PARAM_READWRITE, has_key);
  install_rows (klass, &unit->readings, PROP_ROWS + unit->params.count,
      G_PARAM_READABLE, has_key);
  if (!unit->group)
    return;
  gst_mix_band_type (unit);
  g_object_class_install_property (
      klass, PROP_BANDS, gst_mix_bands_pspec (unit));
}
