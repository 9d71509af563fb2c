/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixeq
 * @title: mixeq
 *
 * A parametric equaliser of up to 32 bands, without cramping near the top of
 * the spectrum and bit-exact while flat. Bands are child objects (band0,
 * band1, …); the whole curve is also one property, #GstMixEq:bands:
 *
 * |[ bands="low-cut 80 slope=24; bell 3000 gain=-3 q=1.4; high-shelf 8000
 * gain=2" ]|
 *
 * A band is a type, a frequency and name=value pairs of the band's properties;
 * what is not named has its default. A mistake gives a warning that names the
 * character, and the curve stays as it was.
 *
 * A band with a `threshold` under 0 dB is dynamic: its gain moves from 0
 * towards `gain` as the level passes the threshold, in the region it acts on:
 * in the band of a bell, on all of a shelf's side, at both ends of a tilt.
 *
 * ## A telephone
 * |[
 * gst-launch-1.0 audiotestsrc wave=pink-noise num-buffers=200 ! audioconvert !
 * mixeq bands="low-cut 400 slope=24; high-cut 3.4k slope=24; bell 1500 gain=4"
 * ! audioconvert ! autoaudiosink
 * ]|
 * ## A single band by its properties
 * |[
 * gst-launch-1.0 audiotestsrc wave=saw num-buffers=200 ! audioconvert ! mixeq
 * band2::frequency=250 band2::gain=-6 band2::q=1.4 ! audioconvert !
 * autoaudiosink
 * ]|
 * ## A preset
 * |[
 * gst-launch-1.0 audiotestsrc wave=pink-noise num-buffers=200 ! audioconvert !
 * mixeq @preset=telephone ! audioconvert ! autoaudiosink
 * ]|
 */
#include "../bandtext.h"
#include "../filter.h"
#include "units/units.h"

enum {
  PROP_BANDS = GST_MIX_FILTER_FIRST_OWN_PROPERTY,
};

static guint
count_bands (GstMixFilter *self)
{
  return gst_child_proxy_get_children_count (GST_CHILD_PROXY (self));
}

static void
set_bands (GstMixFilter *self, const gchar *text)
{
  GstMixSettings *settings = gst_mix_filter_settings (self);
  g_autofree gchar *params = g_malloc (mix_eq.params.size);
  g_autoptr (GError) error = NULL;
  guint old_count = count_bands (self);

  gst_mix_settings_get_all (settings, params);
  if (!gst_mix_band_text_parse (&mix_eq, text ? text : "", params, &error)) {
    gst_mix_filter_warn (self,
        "write each band as: type frequency name=value …; parted by semicolons",
        "The bands of %s are not understood and stay as they were: %s",
        GST_OBJECT_NAME (self), error->message);
    return;
  }
  gst_mix_settings_set_group (settings, params);
  gst_mix_filter_bands_changed (self, old_count);
}

static void
gst_mix_eq_set_property (
    GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_BANDS)
    set_bands (GST_MIX_FILTER (object), g_value_get_string (value));
  else
    G_OBJECT_CLASS (g_type_class_peek (GST_TYPE_MIX_FILTER))
        ->set_property (object, prop_id, value, pspec);
}

static void
gst_mix_eq_get_property (
    GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_BANDS) {
    g_autofree gchar *params = g_malloc (mix_eq.params.size);
    gst_mix_settings_get_all (
        gst_mix_filter_settings (GST_MIX_FILTER (object)), params);
    g_value_take_string (value, gst_mix_band_text_print (&mix_eq, params));
  } else {
    G_OBJECT_CLASS (g_type_class_peek (GST_TYPE_MIX_FILTER))
        ->get_property (object, prop_id, value, pspec);
  }
}

static void
class_extra (GstMixFilterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->set_property = gst_mix_eq_set_property;
  object_class->get_property = gst_mix_eq_get_property;
  g_object_class_install_property (object_class, PROP_BANDS,
      g_param_spec_string ("bands", "Bands",
          "The whole curve: for each band its type, frequency and name=value "
          "pairs, parted by semicolons; sets the number of bands too",
          NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
              | GST_PARAM_MUTABLE_PLAYING));
}

GST_MIX_FILTER_DEFINE_WITH_CODE (GstMixEq, gst_mix_eq, mixeq, mix_eq,
                                 "Parametric equaliser", "Filter/Effect/Audio",
                                 class_extra (GST_MIX_FILTER_CLASS (klass));)
