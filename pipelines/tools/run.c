/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run.h"

#include <signal.h>
#include <unistd.h>

#include "decode.h"

#define TICK (100 * GST_MSECOND)
#define TICKS_PER_SECOND 10
#define PATIENCE 20 /* seconds without a buffer at any sink */
#define STOPPING 10 /* seconds */

typedef enum { GOES_ON, ENDED, FAILED } State;

typedef struct {
  const Run *run;
  GHashTable *said;      /* warnings */
  gchar *missing;        /* the decoder that is not installed */
  gint *buffers;         /* that reached a sink; shared with probes */
  gint seen;             /* of them, a tick ago */
  gint64 next;           /* tick, in microseconds */
  guint ticks, patience; /* without one; and how many of them are too many */
} Watch;

static volatile sig_atomic_t caught;

void
run_say (const gchar *path, const gchar *text)
{
  g_printerr ("%s: %s: %s\n", g_get_prgname (), path, text);
}

void
run_stop (GstElement *element)
{
  gst_element_post_message (
      element, gst_message_new_application (
                   GST_OBJECT (element), gst_structure_new_empty ("enough")));
}

/* What GStreamer says of a broken stream it says of each buffer. */
static void
log_once (const gchar *domain, GLogLevelFlags level, const gchar *text,
    gpointer unused)
{
  static GMutex mutex;
  static GHashTable *said;
  g_mutex_lock (&mutex);
  if (!said)
    said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean is_new = g_hash_table_add (said, g_strdup (text));
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
run_catch_signals (void)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
  struct sigaction old, new = { .sa_handler = take_signal };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (sigaction (numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
      sigaction (numbers[i], &new, NULL);
}

void
run_obey_signal (void)
{
  if (!caught)
    return;
  signal (caught, SIG_DFL);
  raise (caught);
}

/* ---- Whether anything moves --------------------------------------------- */

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
count_at_sinks (Watch *self)
{
  GstIterator *sinks = gst_bin_iterate_sinks (GST_BIN (self->run->pipeline));
  gst_iterator_foreach (sinks, count_at_sink, self->buffers);
  gst_iterator_free (sinks);
}

/* Ticks are counted, not read from the clock: a process that was suspended
 * loses none. */
static gboolean
is_stuck (Watch *self)
{
  gint64 time = g_get_monotonic_time ();
  if (time < self->next)
    return FALSE;
  self->next = time + TICK / GST_USECOND;
  gint now = g_atomic_int_get (self->buffers);
  self->ticks = now == self->seen ? self->ticks + 1 : 0;
  self->seen = now;
  return self->ticks >= self->patience;
}

static guint
patience (void)
{
  const gchar *text = g_getenv ("MIX_PATIENCE");
  guint64 seconds = text ? g_ascii_strtoull (text, NULL, 10) : 0;
  return TICKS_PER_SECOND
         * (guint)(seconds > 0 && seconds < 1000000 ? seconds : PATIENCE);
}

/* ---- What is said ------------------------------------------------------- */

/* The file it is about, else the element. */
static void
say_of (const Watch *self, GstObject *source, const gchar *text)
{
  g_autofree gchar *file
      = self->run->path ? g_strdup (self->run->path) : decode_file_of (source);
  run_say (file ? file : GST_OBJECT_NAME (source), text);
}

static void
warn (Watch *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  gst_message_parse_warning (message, &error, NULL);
  gchar *key = g_strdup_printf ("%p %s", (void *)message->src, error->message);
  if (g_hash_table_add (self->said, key))
    say_of (self, message->src, error->message);
}

/* (A file without sound lacks a plugin too, but none that has a name.) */
static void
complain (const Watch *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  gst_message_parse_error (message, &error, NULL);
  g_autofree gchar *lacks = g_strdup_printf (
      "GStreamer lacks the plugin for this: %s", self->missing);
  if (self->missing)
    say_of (self, message->src, lacks);
  else if (g_error_matches (
               error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN))
    say_of (self, message->src, NO_SOUND);
  else
    say_of (self, message->src, error->message);
}

static void
complain_of_waiting (const Watch *self)
{
  gboolean has_begun = self->seen > 0;
  g_autofree gchar *text = g_strdup_printf (
      has_begun ? "it stops short of its end: nothing came for %u s"
                : "no sound came out of it for %u s",
      self->patience / TICKS_PER_SECOND);
  g_autofree gchar *file = self->run->path
                               ? g_strdup (self->run->path)
                               : decode_silent_files (self->run->pipeline);
  run_say (file ? file : "the pipeline", text);
}

/* An element that finds no device goes on in silence. */
static gboolean
lacks_device (GstMessage *message)
{
  GstElement *element = GST_ELEMENT (message->src);
  GstElementFactory *factory
      = GST_IS_ELEMENT (element) ? gst_element_get_factory (element) : NULL;
  return factory && g_str_equal (GST_OBJECT_NAME (factory), "autoaudiosink");
}

/* ---- Messages ----------------------------------------------------------- */

static void
take_fields (Watch *self, GstMessage *message)
{
  const GstStructure *fields = gst_message_get_structure (message);
  if (gst_structure_has_name (fields, "missing-plugin")) {
    g_free (self->missing);
    self->missing = g_strdup (gst_structure_get_string (fields, "name"));
  } else if (self->run->take) {
    self->run->take (self->run->data, message);
  }
}

static void
choose_clock (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
}

static State
take (Watch *self, GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ELEMENT:
      take_fields (self, message);
      return GOES_ON;
    case GST_MESSAGE_WARNING:
      warn (self, message);
      if (!lacks_device (message))
        return GOES_ON;
      g_printerr (
          "%s: there is no sound device to play on\n", g_get_prgname ());
      return FAILED;
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->run->pipeline));
      return GOES_ON;
    case GST_MESSAGE_CLOCK_LOST:
      choose_clock (self->run->pipeline);
      return GOES_ON;
    case GST_MESSAGE_ERROR:
      complain (self, message);
      return FAILED;
    case GST_MESSAGE_EOS:
    case GST_MESSAGE_APPLICATION:
      return ENDED;
    default:
      return GOES_ON;
  }
}

static State
follow (Watch *self, GstBus *bus)
{
  State state = GOES_ON;
  while (state == GOES_ON && !caught) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop (bus, TICK);
    if (message)
      state = take (self, message);
    if (state == GOES_ON && is_stuck (self)) {
      complain_of_waiting (self);
      state = FAILED;
    }
  }
  return state;
}

/* ---- From the start to the end ------------------------------------------ */

/* What a file has driven into a loop that nothing ends, ends with the program.
 */
static void
stop (GstElement *pipeline)
{
  alarm (STOPPING);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  alarm (0);
}

/* A file is closed on the way to READY, which can fail. */
static State
finish (Watch *self, GstBus *bus)
{
  g_autoptr (GstMessage) message = NULL;
  gst_element_set_state (self->run->pipeline, GST_STATE_READY);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  return message ? take (self, message) : ENDED;
}

static gboolean
can_be_read (GstElement *pipeline)
{
  g_autofree gchar *path = decode_too_long (pipeline);
  if (path)
    run_say (path, "GStreamer reads no more than 2 GiB of a WAV: make it a "
                   "FLAC, or cut it");
  return !path;
}

gboolean
run_to_end (const Run *run)
{
  if (!can_be_read (run->pipeline))
    return FALSE;
  g_autoptr (GstBus) bus = gst_element_get_bus (run->pipeline);
  Watch watch = { .run = run,
    .said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .buffers = g_atomic_rc_box_new0 (gint),
    .patience = patience () };
  g_log_set_default_handler (log_once, NULL);
  count_at_sinks (&watch);
  decode_as_float (run->pipeline);
  gst_element_set_state (run->pipeline, GST_STATE_PLAYING);
  State state = follow (&watch, bus);
  if (state == ENDED)
    state = finish (&watch, bus);
  stop (run->pipeline);
  g_hash_table_unref (watch.said);
  g_atomic_rc_box_release (watch.buffers);
  g_free (watch.missing);
  return state == ENDED;
}
