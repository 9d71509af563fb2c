/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pipeline.h"

#include <signal.h>
#include <unistd.h>

#include "element.h"
#include "float_decoder.h"
#include "input_file.h"

#define TICK (100 * GST_MSECOND)
#define TICKS_PER_SECOND 10
#define TIME_OUT 20      /* seconds without a buffer at any sink */
#define STOP_TIME_OUT 10 /* seconds */

typedef enum { GOES_ON, ENDED, FAILED } State;

typedef struct {
  const PipelineRun *run;
  GHashTable *reported; /* warnings */
  gchar *missing;       /* the decoder that is not installed */
  gint *buffers;        /* that reached a sink; shared with probes */
  gint counted;         /* of them, a tick ago */
  gint64 next;          /* tick, monotonic time in us */
  guint ticks, most;    /* since the last buffer; the time-out */
} Supervisor;

static volatile sig_atomic_t caught;

void
pipeline_report (const gchar *path, const gchar *text)
{
  g_printerr ("%s: %s: %s\n", g_get_prgname (), path, text);
}

void
pipeline_stop (GstElement *element)
{
  gst_element_post_message (
      element, gst_message_new_application (
                   GST_OBJECT (element), gst_structure_new_empty ("enough")));
}

/* GStreamer logs a fault of a broken stream for each buffer. */
static void
log_once (const gchar *domain, GLogLevelFlags level, const gchar *text,
    gpointer unused)
{
  static GMutex mutex;
  static GHashTable *logged;
  g_mutex_lock (&mutex);
  if (!logged)
    logged = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean is_new = g_hash_table_add (logged, g_strdup (text));
  g_mutex_unlock (&mutex);
  if (is_new)
    g_log_default_handler (domain, level, text, unused);
}

/* ---- Signals ------------------------------------------------------------ */

static void
take_signal (int number)
{
  caught = number;
}

void
pipeline_catch_signals (void)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
  struct sigaction old, new = { .sa_handler = take_signal };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (sigaction (numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
      sigaction (numbers[i], &new, NULL);
}

void
pipeline_raise_signal (void)
{
  if (!caught)
    return;
  signal (caught, SIG_DFL);
  raise (caught);
}

/* ---- Time-out ----------------------------------------------------------- */

static GstPadProbeReturn
count (GstPad *pad, GstPadProbeInfo *info, gpointer buffers)
{
  (void)pad, (void)info;
  g_atomic_int_inc ((gint *)buffers);
  return GST_PAD_PROBE_OK;
}

static void
count_at_sink (const GValue *item, gpointer buffers)
{
  g_autoptr (GstPad) pad
      = gst_element_get_static_pad (g_value_get_object (item), "sink");
  if (pad)
    gst_pad_add_probe (pad,
        GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, count,
        g_atomic_rc_box_acquire (buffers),
        (GDestroyNotify)g_atomic_rc_box_release);
}

static void
count_at_sinks (Supervisor *self)
{
  GstIterator *sinks = gst_bin_iterate_sinks (GST_BIN (self->run->pipeline));
  gst_iterator_foreach (sinks, count_at_sink, self->buffers);
  gst_iterator_free (sinks);
}

/* Ticks are counted, not read from the clock, so that the time a process was
 * suspended does not count. */
static gboolean
has_timed_out (Supervisor *self)
{
  gint64 time = g_get_monotonic_time ();
  if (time < self->next)
    return FALSE;
  self->next = time + TICK / GST_USECOND;
  gint now = g_atomic_int_get (self->buffers);
  self->ticks = now == self->counted ? self->ticks + 1 : 0;
  self->counted = now;
  return self->ticks >= self->most;
}

static guint
time_out (void)
{
  const gchar *text = g_getenv ("MIX_PATIENCE");
  guint64 seconds = text ? g_ascii_strtoull (text, NULL, 10) : 0;
  return TICKS_PER_SECOND
         * (guint)(seconds > 0 && seconds < 1000000 ? seconds : TIME_OUT);
}

/* ---- Reports ------------------------------------------------------------ */

/* Names the file that the source reads, else the source. */
static void
report_source (const Supervisor *self, GstObject *source, const gchar *text)
{
  g_autofree gchar *file
      = self->run->path ? g_strdup (self->run->path) : input_file_of (source);
  pipeline_report (file ? file : GST_OBJECT_NAME (source), text);
}

static void
report_warning (Supervisor *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  gst_message_parse_warning (message, &error, NULL);
  gchar *key = g_strdup_printf ("%p %s", (void *)message->src, error->message);
  if (g_hash_table_add (self->reported, key))
    report_source (self, message->src, error->message);
}

/* (For a file without sound a plugin is missing too, but without a name.) */
static void
report_error (const Supervisor *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  gst_message_parse_error (message, &error, NULL);
  g_autofree gchar *lacks = g_strdup_printf (
      "GStreamer lacks the plugin for this: %s", self->missing);
  if (self->missing)
    report_source (self, message->src, lacks);
  else if (g_error_matches (
               error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN))
    report_source (self, message->src, NO_SOUND);
  else
    report_source (self, message->src, error->message);
}

static void
report_time_out (const Supervisor *self)
{
  gboolean has_begun = self->counted > 0;
  g_autofree gchar *text = g_strdup_printf (
      has_begun ? "it stops short of its end: nothing came for %u s"
                : "no sound came out of it for %u s",
      self->most / TICKS_PER_SECOND);
  g_autofree gchar *file = self->run->path
                               ? g_strdup (self->run->path)
                               : input_file_without_sound (self->run->pipeline);
  pipeline_report (file ? file : "the pipeline", text);
}

/* autoaudiosink only warns, and plays into nothing. */
static gboolean
lacks_device (GstMessage *message)
{
  GstElement *element = (GstElement *)message->src;
  return GST_IS_ELEMENT (element) && element_is (element, "autoaudiosink");
}

/* ---- Messages ----------------------------------------------------------- */

static void
take_fields (Supervisor *self, GstMessage *message)
{
  const GstStructure *fields = gst_message_get_structure (message);
  if (gst_structure_has_name (fields, "missing-plugin")) {
    g_free (self->missing);
    self->missing = g_strdup (gst_structure_get_string (fields, "name"));
  } else if (self->run->take) {
    self->run->take (self->run->data, message);
  }
}

static State
take (Supervisor *self, GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ELEMENT:
      take_fields (self, message);
      return GOES_ON;
    case GST_MESSAGE_WARNING:
      report_warning (self, message);
      if (!lacks_device (message))
        return GOES_ON;
      g_printerr (
          "%s: there is no sound device to play on\n", g_get_prgname ());
      return FAILED;
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->run->pipeline));
      return GOES_ON;
    case GST_MESSAGE_CLOCK_LOST:
      gst_element_set_state (self->run->pipeline, GST_STATE_PAUSED);
      gst_element_set_state (self->run->pipeline, GST_STATE_PLAYING);
      return GOES_ON;
    case GST_MESSAGE_ERROR:
      report_error (self, message);
      return FAILED;
    case GST_MESSAGE_EOS:
    case GST_MESSAGE_APPLICATION:
      return ENDED;
    default:
      return GOES_ON;
  }
}

static State
wait_for_end (Supervisor *self, GstBus *bus)
{
  State state = GOES_ON;
  while (state == GOES_ON && !caught) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop (bus, TICK);
    if (message)
      state = take (self, message);
    if (state == GOES_ON && has_timed_out (self)) {
      report_time_out (self);
      state = FAILED;
    }
  }
  return state;
}

/* ---- From the start to the end ------------------------------------------ */

/* A broken file can put an element into an endless loop, which then cannot be
 * stopped: the alarm ends the program. */
static void
stop (GstElement *pipeline)
{
  alarm (STOP_TIME_OUT);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  alarm (0);
}

/* On the way to READY files are closed, which can fail. */
static State
finish (Supervisor *self, GstBus *bus)
{
  g_autoptr (GstMessage) message = NULL;
  gst_element_set_state (self->run->pipeline, GST_STATE_READY);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  return message ? take (self, message) : ENDED;
}

static gboolean
can_be_read (GstElement *pipeline)
{
  g_autofree gchar *path = input_file_too_long (pipeline);
  if (path)
    pipeline_report (path,
        "GStreamer reads no more than 2 GiB of a WAV: make it a "
        "FLAC, or cut it");
  return !path;
}

gboolean
pipeline_run (const PipelineRun *run)
{
  if (!can_be_read (run->pipeline))
    return FALSE;
  g_autoptr (GstBus) bus = gst_element_get_bus (run->pipeline);
  Supervisor self = { .run = run,
    .reported = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .buffers = g_atomic_rc_box_new0 (gint),
    .most = time_out () };
  g_log_set_default_handler (log_once, NULL);
  count_at_sinks (&self);
  float_decoder_prefer (run->pipeline);
  input_file_monitor (run->pipeline);
  gst_element_set_state (run->pipeline, GST_STATE_PLAYING);
  State state = wait_for_end (&self, bus);
  if (state == ENDED)
    state = finish (&self, bus);
  stop (run->pipeline);
  g_hash_table_unref (self.reported);
  g_atomic_rc_box_release (self.buffers);
  g_free (self.missing);
  return state == ENDED;
}
