/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parameters: automation, bypass, presets, late sets, meters, metas. */
#include <math.h>
#include <string.h>

#include "rig.h"

#define RATE 48000

/* ---- Automation --------------------------------------------------------- */

/* Binds every property that can be bound over its whole range: plays on,
 * within the test's time limit (a shipped element deadlocks here). */
static void
test_every_binding (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (RATE / 4, 2, 0.5f);
  guint count;
  GParamSpec **specs = g_object_class_list_properties (
      G_OBJECT_GET_CLASS (rig->element), &count);
  for (guint i = 0; i < count; i++)
    if (g_str_equal (specs[i]->name, "tail-max"))
      g_object_set (
          rig->element, "tail-max", 300.0, NULL); /* is not the topic */
    else if ((specs[i]->flags & GST_PARAM_CONTROLLABLE)
             && specs[i]->value_type == G_TYPE_DOUBLE)
      rig_bind (GST_OBJECT (rig->element), specs[i]->name,
          G_PARAM_SPEC_DOUBLE (specs[i])->minimum,
          G_PARAM_SPEC_DOUBLE (specs[i])->maximum);
  g_free (specs);
  rig_push_all (rig, noise, RATE / 4, 1024);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), >=, RATE / 4);
  for (guint i = 0; i < rig->samples->len; i++)
    g_assert_true (isfinite (g_array_index (rig->samples, gfloat, i)));
  rig_free (rig);
  g_free (noise);
}

/* A property that each element has and that is heard at once. */
static const struct {
  const gchar *description, *property;
  gdouble from, to;
} automated[] = {
  { "mixtestecho feedback=0", "gain", -40, 0 },
  { "mixtestecho feedback=0 look-ahead=3", "gain", -40, 0 },
  { "mixeq", "output-gain", -36, 36 },
  { "mixcompressor ratio=1", "makeup", -24, 24 },
  { "mixlimiter", "drive", -20, 20 },
  { "mixdelay wet=-100", "dry", -60, 0 },
  { "miximager", "pan", -100, 100 },
  { "mixmultiband", "output-gain", -36, 36 },
};

static Rig *
play_automated (guint index, guint size)
{
  Rig *rig = rig_new (automated[index].description, RATE, 1);
  gfloat *noise = rig_noise (RATE, 1, 0.01f);
  rig_bind (GST_OBJECT (rig->element), automated[index].property,
      automated[index].from, automated[index].to);
  rig_push_all (rig, noise, RATE, size);
  rig_finish (rig);
  g_free (noise);
  return rig;
}

/* Values are read on a grid of frames, not once a buffer. */
static void
test_automation_is_uncut (gconstpointer index)
{
  static const guint sizes[] = { 0, 1000, RATE };
  Rig *reference = play_automated (GPOINTER_TO_UINT (index), 1024);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    Rig *rig = play_automated (GPOINTER_TO_UINT (index), sizes[i]);
    g_assert_cmpmem (reference->samples->data, reference->samples->len * 4,
        rig->samples->data, rig->samples->len * 4);
    rig_free (rig);
  }
  rig_free (reference);
}

/* 40 dB in a second, one buffer: each tick of 32 frames moves on, 4 ms ahead.
 */
static void
test_automation_is_fine (void)
{
  Rig *rig = rig_new ("mixtestecho feedback=0", RATE, 1);
  gfloat *ones = g_new (gfloat, RATE);
  for (guint i = 0; i < RATE; i++)
    ones[i] = 0.1f;
  rig_bind (GST_OBJECT (rig->element), "gain", -40, 0);
  rig_push_all (rig, ones, RATE, RATE);
  rig_finish (rig);
  for (guint i = 0; i < RATE; i++)
    g_assert_cmpfloat_with_epsilon (20 * log10 (rig_sample (rig, i, 0) / 0.1),
        MIN (0, -40 + 40 * (0.004 + (gdouble)(i / 32 * 32) / RATE)), 0.01);
  rig_free (rig);
  g_free (ones);
}

/* The first sound stands where the automation says: no glide from the default,
 * neither at the start nor after a seek. */
static void
test_automation_starts_there (void)
{
  Rig *rig = rig_new ("mixeq", RATE, 1);
  gfloat *sine = rig_sine (4800, 1, RATE, 1000, 0.5f);
  GstSegment segment;
  rig_bind (GST_OBJECT (rig->element), "output-gain", -36, -36);
  rig_push (rig, sine, 4800, 0);
  rig_event (rig, gst_event_new_flush_start ());
  rig_event (rig, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  rig_event (rig, gst_event_new_segment (&segment));
  rig->pushed = 0;
  rig_push (rig, sine, 4800, 0);
  rig_finish (rig);
  for (guint i = 0; i < rig_frames (rig); i++)
    g_assert_cmpfloat_with_epsilon (
        rig_sample (rig, i, 0), sine[i % 4800] * pow (10, -1.8), 1e-6);
  rig_free (rig);
  g_free (sine);
}

/* Bands take bindings of their own. */
static void
test_band_automation (void)
{
  Rig *rig = rig_new ("mixeq", RATE, 1);
  gfloat *sine = rig_sine (RATE, 1, RATE, 1000, 0.1f);
  GObject *band = gst_child_proxy_get_child_by_name (
      GST_CHILD_PROXY (rig->element), "band3");
  g_object_set (band, "frequency", 1000.0, NULL);
  rig_bind (GST_OBJECT (band), "gain", 0, 20);
  rig_push_all (rig, sine, RATE, 4096);
  rig_finish (rig);
  gfloat peak = 0;
  for (guint i = RATE - 480; i < RATE; i++)
    peak = MAX (peak, fabsf (rig_sample (rig, i, 0)));
  g_assert_cmpfloat_with_epsilon (20 * log10 (peak / 0.1), 19.8, 0.4);
  g_object_unref (band);
  rig_free (rig);
  g_free (sine);
}

/* ---- Cutting ------------------------------------------------------------ */

static void
test_uncut (gconstpointer description)
{
  static const guint sizes[] = { 0, 1, 4800, 48000 };
  gfloat *noise = rig_noise (48000, 2, 0.8f);
  Rig *reference = rig_new (description, RATE, 2);
  rig_push_all (reference, noise, 48000, 1024);
  rig_finish (reference);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    guint frames = sizes[i] == 1 ? 2000 : 48000;
    Rig *rig = rig_new (description, RATE, 2);
    rig_push_all (rig, noise, frames, sizes[i]);
    rig_pull (rig);
    g_assert_cmpmem (reference->samples->data, rig->samples->len * 4,
        rig->samples->data, rig->samples->len * 4);
    rig_free (rig);
  }
  rig_free (reference);
  g_free (noise);
}

/* ---- Bypass ------------------------------------------------------------- */

static void
assert_untouched (Rig *rig, gfloat amplitude)
{
  gfloat *noise = rig_noise (20000, 2, amplitude);
  rig_push_all (rig, noise, 20000, 0);
  rig_finish (rig);
  g_assert_cmpmem (noise, 20000 * 8, rig->samples->data, 20000 * 8);
  rig_free (rig);
  g_free (noise);
}

static void
test_bypass_is_exact (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  g_object_set (rig->element, "bypass", TRUE, NULL);
  assert_untouched (rig, 1);
}

/* Switched on in mid-stream: cross-fades within 10 ms, keeps the place. The
 * switch is heard with the look-ahead's delay on the timeline of the input. */
static void
test_bypass_fades (gconstpointer description)
{
  const guint at = 24000, fade = RATE / 100;
  Rig *rig = rig_new (description, RATE, 1);
  Rig *wet = rig_new (description, RATE, 1);
  gfloat *sine = rig_sine (48000, 1, RATE, 200, 0.5f);
  gdouble ms;
  rig_push_all (rig, sine, at, 1024);
  g_object_set (rig->element, "bypass", TRUE, NULL);
  rig_push_all (rig, sine + at, 48000 - at, 1024);
  rig_finish (rig);
  rig_push_all (wet, sine, 48000, 1024);
  rig_finish (wet);
  g_object_get (rig->element, "latency", &ms, NULL);
  guint from = at - (guint)(ms * RATE / 1000 + 0.5);
  for (guint i = 0; i < from; i++)
    g_assert_cmpfloat (rig_sample (rig, i, 0), ==, rig_sample (wet, i, 0));
  for (guint i = 0; i < fade; i++) {
    gdouble dry = sine[from + i], w = rig_sample (wet, from + i, 0);
    gdouble share = (i + 1) / (gdouble)fade;
    g_assert_cmpfloat_with_epsilon (
        rig_sample (rig, from + i, 0), w + (dry - w) * share, 1e-5);
  }
  for (guint i = from + fade; i < 48000; i++)
    g_assert_cmpfloat (rig_sample (rig, i, 0), ==, sine[i]);
  rig_free (rig);
  rig_free (wet);
  g_free (sine);
}

/* ---- Neutral ------------------------------------------------------------ */

static void
test_neutral_is_exact (gconstpointer description)
{
  assert_untouched (rig_new (description, RATE, 2), 0.1f);
}

/* ---- Meters ------------------------------------------------------------- */

/* The next message on the bus, which must be of a stretch of the stream. */
static void
assert_meter (Rig *rig, gdouble from_ms, gdouble to_ms)
{
  GstMessage *message = rig_message (rig, GST_MESSAGE_ELEMENT);
  guint64 time, running, stream, duration;
  g_assert_nonnull (message);
  const GstStructure *s = gst_message_get_structure (message);
  g_assert_true (gst_structure_has_name (
      s, GST_OBJECT_NAME (gst_element_get_factory (rig->element))));
  g_assert_true (gst_structure_get (s, "timestamp", G_TYPE_UINT64, &time,
      "running-time", G_TYPE_UINT64, &running, "stream-time", G_TYPE_UINT64,
      &stream, "duration", G_TYPE_UINT64, &duration, NULL));
  g_assert_cmpfloat_with_epsilon (time / 1e6, from_ms, 0.001);
  g_assert_cmpfloat_with_epsilon ((time + duration) / 1e6, to_ms, 0.001);
  g_assert_cmpuint (running, ==, time);
  g_assert_cmpuint (stream, ==, time);
  g_assert_cmpint (gst_structure_n_fields (s), >, 4);
  gst_message_unref (message);
}

/* Each 50 ms of what leaves, and what is left at the end. */
static void
test_meter_messages (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (RATE + 960, 2, 0.1f);
  g_object_set (rig->element, "meter-interval", 50.0, NULL);
  rig_push_all (rig, noise, RATE + 960, 0);
  rig_finish (rig);
  for (guint i = 0; i < 20; i++)
    assert_meter (rig, i * 50, i * 50 + 50);
  if (!rig_has_tail (rig))
    assert_meter (rig, 1000, 1020);
  rig_free (rig);
  g_free (noise);
}

/* Switched on in mid-stream: from then on. */
static void
test_meter_switched_on (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  rig_push (rig, NULL, RATE, 0);
  rig_pull (rig);
  gdouble from = rig_frames (rig) * 1000.0 / RATE;
  g_object_set (rig->element, "meter-interval", 50.0, NULL);
  rig_push (rig, NULL, RATE, 0);
  assert_meter (rig, from, from + 50);
  rig_free (rig);
}

/* An interval does not run across a hole, and nothing goes unreported. */
static void
test_meter_at_jump (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (4800, 2, 0.1f);
  g_object_set (rig->element, "meter-interval", 80.0, NULL);
  rig_push_at (rig, noise, 4800, 0, 0);
  rig_push_at (rig, noise, 4800, 5 * GST_SECOND, GST_BUFFER_FLAG_DISCONT);
  rig_finish (rig);
  assert_meter (rig, 0, 80);
  assert_meter (rig, 80, 100);
  assert_meter (rig, 5000, 5080);
  rig_free (rig);
  g_free (noise);
}

/* But for the last word of what measures a programme. */
static void
test_no_messages_unasked (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  guint last = g_str_has_prefix (description, "mixmeter")
               || g_str_has_prefix (description, "mixleveler");
  rig_push (rig, NULL, RATE, 0);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_ELEMENT), ==, 0);
  rig_finish (rig);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_ELEMENT), ==, last);
  rig_free (rig);
}

static void
test_readings_are_properties (void)
{
  Rig *rig = rig_new ("mixtestecho feedback=0", RATE, 1);
  gfloat *sine = rig_sine (RATE, 1, RATE, 1000, 0.5f);
  gdouble level;
  rig_push_all (rig, sine, 4800, 1000);
  g_object_get (rig->element, "level", &level, NULL);
  g_assert_cmpfloat_with_epsilon (level, -6.02, 0.01);
  rig_free (rig);
  g_free (sine);
}

/* ---- Metas -------------------------------------------------------------- */

static void
test_metas (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  GstCaps *reference = gst_caps_new_empty_simple ("timestamp/x-test");
  for (guint shared = 0; shared < 2; shared++) {
    GstBuffer *buffer = gst_buffer_new_allocate (NULL, 8 * 20000, NULL), *out;
    gst_buffer_memset (buffer, 0, 0, 8 * 20000);
    gst_buffer_add_audio_level_meta (buffer, 20, FALSE);
    gst_buffer_add_reference_timestamp_meta (buffer, reference, 7, 1);
    if (shared)
      gst_buffer_ref (buffer);
    gst_harness_push (rig->harness, buffer);
    if (shared)
      gst_buffer_unref (buffer);
    out = gst_harness_try_pull (rig->harness);
    g_assert_nonnull (out);
    g_assert_cmpint (gst_buffer_get_audio_level_meta (out) != NULL, ==,
        g_str_has_prefix (description, "mixmeter"));
    g_assert_nonnull (gst_buffer_get_reference_timestamp_meta (out, reference));
    gst_buffer_unref (out);
  }
  gst_caps_unref (reference);
  rig_free (rig);
}

/* ---- Setting ------------------------------------------------------------ */

static void
test_late_set (void)
{
  Rig *rig = rig_new ("mixtestecho", RATE, 1);
  rig_push (rig, NULL, 1000, 0);
  g_object_set (rig->element, "time", 200.0, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  g_object_set (rig->element, "memory", 500.0, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  g_object_set (rig->element, "meter-interval", 3.0, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  rig_free (rig);
}

/* What is not used yet is not heard either. */
static void
test_late_set_is_silent (void)
{
  const gchar *description = "mixeq phase=linear bands=\"bell 1000 gain=6\"";
  Rig *rig = rig_new (description, RATE, 1);
  Rig *plain = rig_new (description, RATE, 1);
  gfloat *noise = rig_noise (RATE, 1, 0.1f);
  rig_push_all (plain, noise, RATE, 1024);
  rig_finish (plain);
  rig_push_all (rig, noise, 24000, 1024);
  gst_util_set_object_arg (G_OBJECT (rig->element), "phase", "minimum");
  rig_push_all (rig, noise + 24000, 24000, 1024);
  rig_finish (rig);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  g_assert_cmpmem (rig->samples->data, rig->samples->len * 4,
      plain->samples->data, plain->samples->len * 4);
  rig_free (rig);
  rig_free (plain);
  g_free (noise);
}

/* Every property, and every band's, at both ends of its range, before and
 * while playing; what is read is what was set. */
static void
set_to_limits (GObject *object)
{
  guint count;
  GParamSpec **specs
      = g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &count);
  for (guint i = 0; i < count; i++) {
    gdouble value;
    if (specs[i]->value_type != G_TYPE_DOUBLE
        || (specs[i]->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE)
      continue;
    gdouble limits[] = { G_PARAM_SPEC_DOUBLE (specs[i])->minimum,
      G_PARAM_SPEC_DOUBLE (specs[i])->maximum,
      G_PARAM_SPEC_DOUBLE (specs[i])->default_value };
    for (guint l = 0; l < 3; l++) {
      g_object_set (object, specs[i]->name, limits[l], NULL);
      g_object_get (object, specs[i]->name, &value, NULL);
      g_assert_cmpfloat (value, ==, limits[l]);
    }
  }
  g_free (specs);
}

static void
test_limits (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (4800, 2, 0.5f);
  for (guint i = 0; i < 3; i++) {
    set_to_limits (G_OBJECT (rig->element));
    if (g_object_class_find_property (
            G_OBJECT_GET_CLASS (rig->element), "num-bands")) {
      g_autofree gchar *name = g_strdup_printf ("band%u", i);
      GObject *band = gst_child_proxy_get_child_by_name (
          GST_CHILD_PROXY (rig->element), name);
      set_to_limits (band);
      g_object_unref (band);
    }
    rig_push_all (rig, noise, 4800, 100);
  }
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), >=, 3 * 4800);
  rig_free (rig);
  g_free (noise);
}

/* Properties are set from another thread while audio flows: for the thread
 * sanitizer, and for deadlocks. */
typedef struct {
  GObject *element;
  gint stop; /* atomic */
} Setter;

static gpointer
set_on (gpointer data)
{
  Setter *setter = data;
  GObjectClass *klass = G_OBJECT_GET_CLASS (setter->element);
  gboolean has_bands = g_object_class_find_property (klass, "bands") != NULL;
  gboolean has_threshold
      = g_object_class_find_property (klass, "threshold") != NULL;
  for (guint i = 0; !g_atomic_int_get (&setter->stop); i++) {
    gboolean bypass = i % 2;
    gdouble latency;
    g_object_set (setter->element, "bypass", bypass, NULL);
    if (has_bands)
      gst_child_proxy_set (GST_CHILD_PROXY (setter->element), "band0::gain",
          (gdouble)(i % 7), NULL);
    if (has_threshold)
      g_object_set (setter->element, "threshold", -(gdouble)(i % 40), NULL);
    g_object_get (setter->element, "latency", &latency, NULL);
  }
  return NULL;
}

static void
test_threads (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (96000, 2, 0.5f);
  Setter setter = { G_OBJECT (rig->element), FALSE };
  GThread *thread = g_thread_new ("setter", set_on, &setter);
  rig_push_all (rig, noise, 96000, 480);
  g_atomic_int_set (&setter.stop, TRUE);
  g_thread_join (thread);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), >=, 96000);
  rig_free (rig);
  g_free (noise);
}

/* ---- Remarks ------------------------------------------------------------ */

/* Fails unless the one warning on the bus has `text` in it, with the element's
 * name in front. */
static void
assert_warning (Rig *rig, const gchar *text)
{
  GstMessage *message = rig_message (rig, GST_MESSAGE_WARNING);
  g_autoptr (GError) error = NULL;
  g_assert_nonnull (message);
  if (!message)
    return;
  gst_message_parse_warning (message, &error, NULL);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_true (
      g_str_has_prefix (error->message, GST_OBJECT_NAME (rig->element)));
  gst_message_unref (message);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
}

/* What does not apply is said when it is set, and once. */
static void
test_remark (void)
{
  Rig *rig = rig_new ("mixtestecho memory=300", RATE, 2);
  rig_push (rig, NULL, 100, 0);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  g_object_set (rig->element, "time", 400.0, NULL);
  rig_push (rig, NULL, 100, 0);
  assert_warning (rig, "raise it");
  g_object_set (rig->element, "time", 500.0, NULL);
  rig_push (rig, NULL, 100, 0);
  g_object_set (rig->element, "time", 100.0, NULL);
  rig_push (rig, NULL, 100, 0);
  g_object_set (rig->element, "time", 400.0, NULL);
  rig_push (rig, NULL, 100, 0);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  rig_free (rig);
}

/* Two that take turns are said once each. */
static void
test_remarks_in_turn (void)
{
  Rig *rig = rig_new ("mixdelay max-delay=500 ping-pong=true", RATE, 1);
  guint said = 0;
  for (guint i = 0; i < 20; i++) {
    g_object_set (rig->element, "time", i % 2 ? 600.0 : 400.0, NULL);
    rig_push (rig, NULL, 100, 0);
    said += rig_count_messages (rig, GST_MESSAGE_WARNING);
  }
  g_assert_cmpuint (said, ==, 2);
  rig_free (rig);
}

/* What waits for the next start is no reason for a remark, nor against one. */
static void
test_remark_on_memory (void)
{
  Rig *rig = rig_new ("mixdelay max-delay=500", RATE, 2);
  rig_push (rig, NULL, 100, 0);
  g_object_set (rig->element, "max-delay", 3000.0, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  g_object_set (rig->element, "time", 1500.0, NULL);
  rig_push (rig, NULL, 100, 0);
  assert_warning (rig, "longer than max-delay");
  rig_free (rig);
}

/* Mono has no sides: what is set then passes, and a word is said. */
static void
test_remark_on_mono (void)
{
  Rig *rig = rig_new ("miximager", RATE, 1);
  gfloat *noise = rig_noise (1000, 1, 0.5f);
  rig_push (rig, noise, 1000, 0);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  g_object_set (rig->element, "width", 200.0, "mid-gain", 6.0, NULL);
  rig_push (rig, noise, 1000, 0);
  assert_warning (rig, "no left and right");
  rig_finish (rig);
  g_assert_cmpmem (noise, 4000, rig->samples->data, 4000);
  g_assert_cmpmem (noise, 4000, rig->samples->data + 4000, 4000);
  rig_free (rig);
  g_free (noise);
}

/* The format is looked at too, each new one. */
static void
test_remark_on_format (void)
{
  Rig *rig = rig_new ("mixtestecho gain=6", RATE, 2);
  rig_push (rig, NULL, 100, 0);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  rig_caps (rig, RATE, 4);
  rig_push (rig, NULL, 100, 0);
  assert_warning (rig, "set gain to 0");
  rig_free (rig);
}

/* ---- Presets ------------------------------------------------------------ */

static void
test_presets (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  GstPreset *preset = GST_PRESET (rig->element);
  g_auto (GStrv) names = gst_preset_get_preset_names (preset);
  gfloat *noise = rig_noise (4800, 2, 0.5f);
  /* the first sets the phase back to minimum, and a look-ahead that memory
   * depends on back to 0, which waits for a restart */
  guint late = strstr (description, "phase=linear")
                       || (g_str_has_prefix (description, "mixmultiband")
                           && strstr (description, "look-ahead"))
                   ? 1
                   : 0;
  for (guint i = 0; names && names[i]; i++) {
    g_assert_true (gst_preset_load_preset (preset, names[i]));
    rig_push_all (rig, noise, 4800, 480);
  }
  g_assert_false (gst_preset_load_preset (preset, "no such preset"));
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, late);
  rig_free (rig);
  g_free (noise);
}

/* Every key of every shipped file is a property that takes the value; a preset
 * takes back what the one before has set. */
static void
check_preset_file (const gchar *element, const gchar *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GstElement *e = gst_element_factory_make (element, NULL);
  g_object_ref_sink (e);
  g_assert_true (g_key_file_load_from_file (file, path, 0, NULL));
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i]; i++) {
    if (g_str_equal (groups[i], "_presets_"))
      continue;
    g_auto (GStrv) keys = g_key_file_get_keys (file, groups[i], NULL, NULL);
    g_assert_true (gst_preset_load_preset (GST_PRESET (e), groups[i]));
    for (guint k = 0; keys[k]; k++) {
      GValue wanted = G_VALUE_INIT, is = G_VALUE_INIT;
      if (g_str_has_prefix (keys[k], "_meta/"))
        continue;
      GParamSpec *spec
          = g_object_class_find_property (G_OBJECT_GET_CLASS (e), keys[k]);
      g_autofree gchar *text
          = g_key_file_get_value (file, groups[i], keys[k], NULL);
      if (!spec)
        g_error ("%s: %s has no property %s", path, element, keys[k]);
      g_value_init (&wanted, spec->value_type);
      g_value_init (&is, spec->value_type);
      if (!gst_value_deserialize (&wanted, text))
        g_error ("%s: [%s] %s=%s", path, groups[i], keys[k], text);
      g_object_get_property (G_OBJECT (e), keys[k], &is);
      if (spec->value_type == G_TYPE_STRING)
        g_assert_cmpstr (g_value_get_string (&is), !=, NULL);
      else if (gst_value_compare (&wanted, &is) != GST_VALUE_EQUAL)
        g_error ("%s: [%s] %s was not taken", path, groups[i], keys[k]);
      g_value_unset (&wanted);
      g_value_unset (&is);
    }
  }
  gst_object_unref (e);
}

static guint
check_preset_folder (const gchar *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;
  guint count = 0;
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir))) {
    if (!g_str_has_suffix (name, ".prs"))
      continue;
    g_autofree gchar *path = g_build_filename (folder, name, NULL);
    g_autofree gchar *stem = g_strndup (name, strlen (name) - 4);
    g_autofree gchar *small = g_ascii_strdown (stem + 3, -1);
    check_preset_file (small, path);
    count++;
  }
  return count;
}

static void
test_preset_files (void)
{
  g_auto (GStrv) folders
      = g_strsplit (g_getenv ("GST_PRESET_PATH"), G_SEARCHPATH_SEPARATOR_S, -1);
  for (guint i = 0; folders[i]; i++)
    g_assert_cmpuint (check_preset_folder (folders[i]), >=, 1);
}

/* ---- Hum --------------------------------------------------------------------
 */

/* Level of a tone behind a preset against before, dB, when it has settled. */
static gdouble
level_behind (const gchar *line, gdouble hz)
{
  const guint rate = 48000, frames = 3 * rate;
  Rig *rig = rig_new (line, rate, 1);
  g_autofree gfloat *tone = rig_sine (frames, 1, rate, hz, 0.5f);
  gdouble power = 0;
  rig_push_all (rig, tone, frames, 4096);
  rig_finish (rig);
  for (guint i = 2 * rate; i < frames; i++)
    power += pow (rig_sample (rig, i, 0), 2);
  rig_free (rig);
  return 10 * log10 (power / rate / 0.125 + 1e-20);
}

static void
test_hum (gconstpointer data)
{
  const gdouble mains = GPOINTER_TO_UINT (data);
  g_autofree gchar *line
      = g_strdup_printf ("mixeq @preset=hum-%u", GPOINTER_TO_UINT (data));
  for (guint k = 1; k <= 8; k++) {
    g_assert_cmpfloat (level_behind (line, k * mains), <, -30);
    g_assert_cmpfloat (level_behind (line, (k + 0.5) * mains), >, -1);
  }
  g_assert_cmpfloat_with_epsilon (level_behind (line, 1000), 0, 0.2);
}

/* Several numbers in one text: read back without what is default, refused with
 * a mistake, as it was after that. */
static void
test_lists (void)
{
  Rig *rig = rig_new ("mixautomix weights=\"0, -3  0.5;0\"", RATE, 3);
  g_autofree gchar *text = NULL, *kept = NULL, *mute = NULL;
  g_object_get (rig->element, "weights", &text, "mute", &mute, NULL);
  g_assert_cmpstr (text, ==, "0 -3 0.5");
  g_assert_cmpstr (mute, ==, "");
  static const gchar *const mistakes[] = { "0 x", "1 41", "nan", "1 2dB" };
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    g_object_set (rig->element, "weights", mistakes[i], NULL);
    g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  }
  g_object_get (rig->element, "weights", &kept, NULL);
  g_assert_cmpstr (kept, ==, "0 -3 0.5");
  gst_element_set_state (rig->element, GST_STATE_NULL);
  g_object_set (rig->element, "mute", "2 1.5", NULL);
  g_assert_cmpint (gst_element_set_state (rig->element, GST_STATE_PLAYING), ==,
      GST_STATE_CHANGE_FAILURE);
  g_object_set (rig->element, "mute", "2", NULL);
  g_assert_cmpint (gst_element_set_state (rig->element, GST_STATE_PLAYING), !=,
      GST_STATE_CHANGE_FAILURE);
  rig_free (rig);
}

static void
count_notify (GObject *object, GParamSpec *spec, gint *count)
{
  (void)object;
  (void)spec;
  (*count)++;
}

static void
test_preset_is_whole (void)
{
  Rig *rig = rig_new ("mixcompressor", RATE, 1);
  gdouble ratio, hold;
  gint notified = 0;
  g_object_set (rig->element, "hold", 333.0, "bypass", TRUE, NULL);
  g_signal_connect (
      rig->element, "notify::hold", G_CALLBACK (count_notify), &notified);
  g_assert_true (gst_preset_load_preset (GST_PRESET (rig->element), "bass"));
  g_assert_cmpint (notified, ==, 1);
  gboolean bypass;
  g_object_get (
      rig->element, "ratio", &ratio, "hold", &hold, "bypass", &bypass, NULL);
  g_assert_cmpfloat (ratio, ==, 4);
  g_assert_cmpfloat (hold, ==, 0);
  g_assert_true (bypass); /* how it is run is no part of the sound */
  rig_free (rig);
}

static void
add_one (const gchar *name, const gchar *description, GTestDataFunc test)
{
  g_autofree gchar *path = g_strdup_printf ("/params/%s/%s", name, description);
  g_test_add_data_func (path, description, test);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  rig_add_each ("/params/every-binding", test_every_binding);
  for (guint i = 0; i < G_N_ELEMENTS (automated); i++) {
    g_autofree gchar *path = g_strdup_printf ("/params/automation-uncut/%u", i);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_automation_is_uncut);
  }
  g_test_add_func ("/params/automation-fine", test_automation_is_fine);
  g_test_add_func (
      "/params/automation-starts-there", test_automation_starts_there);
  g_test_add_func ("/params/automation-band", test_band_automation);
  rig_add_each ("/params/uncut", test_uncut);
  rig_add_each ("/params/bypass-exact", test_bypass_is_exact);
  rig_add_each ("/params/bypass-fades", test_bypass_fades);
  add_one ("neutral", "mixeq", test_neutral_is_exact);
  add_one ("neutral", "mixeq phase=linear", test_neutral_is_exact);
  add_one ("neutral", "mixcompressor ratio=1", test_neutral_is_exact);
  add_one (
      "neutral", "mixcompressor ratio=1 look-ahead=5", test_neutral_is_exact);
  add_one ("neutral", "mixcompressor threshold=-10", test_neutral_is_exact);
  add_one ("neutral", "mixgate ratio=1", test_neutral_is_exact);
  add_one ("neutral", "mixgate range=0", test_neutral_is_exact);
  add_one ("neutral", "mixlimiter", test_neutral_is_exact);
  add_one ("neutral", "mixmeter", test_neutral_is_exact);
  add_one ("neutral", "mixleveler mode=static", test_neutral_is_exact);
  add_one ("neutral", "mixdelay wet=-100", test_neutral_is_exact);
  add_one ("neutral", "miximager", test_neutral_is_exact);
  add_one ("neutral", "miximager multiband=true low-crossover=500",
      test_neutral_is_exact);
  rig_add_each ("/params/no-messages-unasked", test_no_messages_unasked);
  add_one ("meters", "mixtestecho", test_meter_messages);
  add_one ("meters", "mixtestecho look-ahead=7", test_meter_messages);
  add_one ("meters", "mixcompressor", test_meter_messages);
  add_one ("meters", "mixgate", test_meter_messages);
  add_one ("meters", "mixlimiter", test_meter_messages);
  add_one ("meters", "mixmeter", test_meter_messages);
  add_one ("meters", "mixdelay", test_meter_messages);
  add_one ("meters", "miximager", test_meter_messages);
  add_one ("meters", "mixmultiband", test_meter_messages);
  rig_add_each ("/params/meter-switched-on", test_meter_switched_on);
  rig_add_each ("/params/meter-at-jump", test_meter_at_jump);
  g_test_add_func ("/params/readings", test_readings_are_properties);
  g_test_add_func ("/params/lists", test_lists);
  g_test_add_data_func ("/params/hum-50", GUINT_TO_POINTER (50), test_hum);
  g_test_add_data_func ("/params/hum-60", GUINT_TO_POINTER (60), test_hum);
  rig_add_each ("/params/metas", test_metas);
  g_test_add_func ("/params/late-set", test_late_set);
  g_test_add_func ("/params/late-set-is-silent", test_late_set_is_silent);
  g_test_add_func ("/params/remark", test_remark);
  g_test_add_func ("/params/remarks-in-turn", test_remarks_in_turn);
  g_test_add_func ("/params/remark-on-memory", test_remark_on_memory);
  g_test_add_func ("/params/remark-on-mono", test_remark_on_mono);
  g_test_add_func ("/params/remark-on-format", test_remark_on_format);
  rig_add_each ("/params/limits", test_limits);
  rig_add_each ("/params/threads", test_threads);
  rig_add_each ("/params/presets", test_presets);
  g_test_add_func ("/params/preset-files", test_preset_files);
  g_test_add_func ("/params/preset-whole", test_preset_is_whole);
  return rig_run ();
}
