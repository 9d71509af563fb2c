/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyed.h"

#include <string.h>

#include "filter-private.h"
#include "key/input.h"
#include "key/pad.h"
#include "key/proxy.h"
#include "key/track.h"

#define PAD_NAME "sidechain"

/* Time after which a key that does not come is reported. */
#define PATIENCE (5 * G_TIME_SPAN_SECOND)

/* How much of the key has to come too late in a row to be reported. */
#define LATE_ENOUGH GST_SECOND

typedef struct {
  GstMixKeyInput input;

  /* of the streaming thread */
  GstMixKeyTrack track;
  gfloat *row; /* the key that was read last */
  guint row_frames;
  GstClockTime next; /* running time behind it; NONE at a start */
  gboolean warned_deadlock, warned_patience, warned_late;

  /* under the object lock */
  GstPad *pad;           /* NULL: none was requested */
  gboolean has_upstream; /* the next two are known */
  gboolean is_live;      /* main sound or key */
  GstClockTime upstream; /* the longer of their latencies */
  GstClockTime longest;  /* buffer of the main sound, in live pipelines */
} GstMixKeyedFilterPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (GstMixKeyedFilter, gst_mix_keyed_filter,
    GST_TYPE_MIX_FILTER,
    G_ADD_PRIVATE (GstMixKeyedFilter)
        G_IMPLEMENT_INTERFACE (GST_TYPE_CHILD_PROXY, gst_mix_key_proxy_init))

static GstMixKeyedFilterPrivate *
private_of (gpointer self)
{
  return gst_mix_keyed_filter_get_instance_private (
      GST_MIX_KEYED_FILTER (self));
}

/* Returns the pad with a reference, or NULL. */
static GstPad *
ref_pad (GstMixFilter *self)
{
  GstMixKeyedFilterPrivate *priv = private_of (self);
  GST_OBJECT_LOCK (self);
  GstPad *pad = priv->pad ? gst_object_ref (priv->pad) : NULL;
  GST_OBJECT_UNLOCK (self);
  return pad;
}

/* ---- Latency ------------------------------------------------------------ */

static gboolean
query_pad (GstPad *pad, gboolean *live, GstClockTime *least, GstClockTime *most)
{
  GstQuery *query = gst_query_new_latency ();
  gboolean answered = gst_pad_peer_query (pad, query);
  if (answered)
    gst_query_parse_latency (query, live, least, most);
  gst_query_unref (query);
  return answered;
}

/* Adds what is upstream of the key. */
static gboolean
add_key_latency (
    GstMixFilter *self, gboolean *live, GstClockTime *least, GstClockTime *most)
{
  GstPad *pad = ref_pad (self);
  gboolean key_live = FALSE;
  GstClockTime key_least = 0, key_most = GST_CLOCK_TIME_NONE;
  gboolean linked = pad && gst_pad_is_linked (pad);
  if (linked && query_pad (pad, &key_live, &key_least, &key_most) && key_live) {
    *least = *live ? MAX (*least, key_least) : key_least;
    *most = *live ? MIN (*most, key_most) : key_most;
    *live = TRUE;
  }
  gst_clear_object (&pad);
  return linked;
}

/* Remembers how long to wait for the key. */
static void
note_upstream (GstMixFilter *self, gboolean live, GstClockTime least)
{
  GstMixKeyedFilterPrivate *priv = private_of (self);
  GST_OBJECT_LOCK (self);
  priv->has_upstream = TRUE;
  priv->is_live = live;
  priv->upstream = least;
  GST_OBJECT_UNLOCK (self);
  gst_mix_key_input_set_live (&priv->input, live);
}

static GstClockTime
longest_buffer (GstMixFilter *self)
{
  GST_OBJECT_LOCK (self);
  GstClockTime longest = private_of (self)->longest;
  GST_OBJECT_UNLOCK (self);
  return longest;
}

static gboolean
gst_mix_keyed_filter_query_upstream_latency (
    GstMixFilter *self, GstQuery *query)
{
  gboolean live = FALSE;
  GstClockTime least = 0, most = GST_CLOCK_TIME_NONE;
  if (!query_pad (GST_BASE_TRANSFORM_SINK_PAD (self), &live, &least, &most))
    return FALSE;
  gboolean has_key = add_key_latency (self, &live, &least, &most);
  note_upstream (self, live, least);
  if (live && has_key) {
    GstClockTime longest = longest_buffer (self);
    least += longest;
    if (GST_CLOCK_TIME_IS_VALID (most))
      most = MAX (most, least);
  }
  gst_query_set_latency (query, live, least, most);
  return TRUE;
}

/* Before the start nobody has asked for it. */
static void
post_latency (GstMixFilter *self)
{
  if (GST_STATE (self) >= GST_STATE_PAUSED)
    gst_element_post_message (
        GST_ELEMENT (self), gst_message_new_latency (GST_OBJECT (self)));
}

/* What is upstream of the pads is another now. */
static void
forget_upstream (GstMixFilter *self)
{
  GST_OBJECT_LOCK (self);
  private_of (self)->has_upstream = FALSE;
  GST_OBJECT_UNLOCK (self);
}

static void
know_upstream (GstMixFilter *self)
{
  GST_OBJECT_LOCK (self);
  gboolean known = private_of (self)->has_upstream;
  GST_OBJECT_UNLOCK (self);
  if (known)
    return;
  GstQuery *query = gst_query_new_latency ();
  if (!gst_mix_keyed_filter_query_upstream_latency (self, query))
    note_upstream (self, FALSE, 0); /* until a query can be answered */
  gst_query_unref (query);
}

/* The latency that is reported includes the longest buffer, see keyed.h. */
static void
note_buffer (GstMixFilter *self, GstClockTime duration)
{
  GstMixKeyedFilterPrivate *priv = private_of (self);
  GST_OBJECT_LOCK (self);
  gboolean longer = priv->pad && priv->is_live && duration > priv->longest;
  if (longer)
    priv->longest = duration;
  GST_OBJECT_UNLOCK (self);
  if (longer)
    post_latency (self);
}

/* ---- Waiting for the key ------------------------------------------------ */

/* Monotonic time at which the key of running time `until` is late, -1 if
 * never. */
static gint64
deadline_of (GstMixFilter *self, GstClockTime until)
{
  GstMixKeyedFilterPrivate *priv = private_of (self);
  GST_OBJECT_LOCK (self);
  gboolean live = priv->is_live;
  GstClockTime due = GST_ELEMENT (self)->base_time + until + priv->upstream;
  GstClock *clock = GST_ELEMENT_CLOCK (self);
  if (clock)
    gst_object_ref (clock);
  GST_OBJECT_UNLOCK (self);
  gint64 deadline = live ? g_get_monotonic_time () : -1;
  if (live && clock) {
    GstClockTime now = gst_clock_get_time (clock);
    /* the clock may stand still until sound arrives: one reading decides */
    deadline += due > now ? (gint64)((due - now) / GST_USECOND) : 0;
  }
  gst_clear_object (&clock);
  return deadline;
}

static void
warn_of_deadlock (GstMixFilter *self)
{
  GstMixKeyedFilterPrivate *priv = private_of (self);
  if (!priv->warned_deadlock)
    gst_mix_host_warn (&gst_mix_filter_private (self)->host,
        "put a queue behind each branch of the tee",
        "%s gets its input and its key from one thread, so that the key comes "
        "when it is too late",
        GST_OBJECT_NAME (self));
  priv->warned_deadlock = TRUE;
}

static void
warn_of_patience (GstMixFilter *self)
{
  GstMixKeyedFilterPrivate *priv = private_of (self);
  if (!priv->warned_patience)
    gst_mix_host_warn (&gst_mix_filter_private (self)->host,
        "see why nothing comes to its pad " PAD_NAME ", or set mute on the pad",
        "%s has waited 5 seconds for its key and goes on waiting",
        GST_OBJECT_NAME (self));
  priv->warned_patience = TRUE;
}

static void
warn_of_late_key (GstMixFilter *self)
{
  GstMixKeyedFilterPrivate *priv = private_of (self);
  if (priv->warned_late || priv->warned_deadlock
      || gst_mix_key_input_late (&priv->input) < LATE_ENOUGH)
    return;
  priv->warned_late = TRUE;
  gst_mix_host_warn (&gst_mix_filter_private (self)->host,
      "set the offset of the pad (gst_pad_set_offset) of a source that is "
      "added later, or report its latency",
      "the key of %s is too late in running time to be used",
      GST_OBJECT_NAME (self));
}

static GstFlowReturn
wait_for_key (GstMixFilter *self, GstClockTime until)
{
  GstMixKeyedFilterPrivate *priv = private_of (self);
  for (;;) {
    gint64 deadline = deadline_of (self, until);
    switch (gst_mix_key_input_wait (&priv->input, until,
        deadline >= 0 ? deadline : g_get_monotonic_time () + PATIENCE)) {
      case GST_MIX_KEY_INTERRUPTED:
        return GST_FLOW_FLUSHING;
      case GST_MIX_KEY_DEADLOCK:
        warn_of_deadlock (self);
        return GST_FLOW_OK;
      case GST_MIX_KEY_TIMEOUT:
        if (deadline >= 0)
          return GST_FLOW_OK;
        warn_of_patience (self);
        break;
      default:
        return GST_FLOW_OK;
    }
  }
}

/* ---- Reading the key ---------------------------------------------------- */

static void
fit_track (GstMixFilter *self)
{
  GstMixKeyTrack *track = &private_of (self)->track;
  const MixFormat *format = &gst_mix_filter_private (self)->stream.format;
  if (track->format.rate != format->rate
      || !mix_format_has_same_channels (&track->format, format)) {
    gst_mix_key_track_prepare (track, format);
    private_of (self)->row_frames = 0;
  }
}

static void
fit_row (GstMixKeyedFilterPrivate *priv, guint frames)
{
  if (frames <= priv->row_frames)
    return;
  priv->row = g_renew (
      gfloat, priv->row, (gsize)frames * priv->track.format.channels);
  priv->row_frames = frames;
}

static void
fill_track (
    GstMixKeyedFilterPrivate *priv, GstClockTime from, GstClockTime until)
{
  GstMixKeyItem item;
  gst_mix_key_track_forget (&priv->track, from);
  while (gst_mix_key_input_take (&priv->input, from, until, &item)) {
    if (item.buffer)
      gst_mix_key_track_add (&priv->track, item.buffer, &item.info, item.start);
    else
      gst_mix_key_track_break (&priv->track);
    gst_clear_buffer (&item.buffer);
  }
}

/* Up to priv->next. How much a resampler holds back is known when the first
 * piece of its rate is there. */
static GstFlowReturn
fetch_key (GstMixFilter *self, GstClockTime from)
{
  GstMixKeyedFilterPrivate *priv = private_of (self);
  GstClockTime until;
  do {
    until = priv->next + gst_mix_key_track_lag (&priv->track);
    GstFlowReturn flow = wait_for_key (self, until);
    if (flow != GST_FLOW_OK)
      return flow;
    fill_track (priv, from, until);
  } while (until < priv->next + gst_mix_key_track_lag (&priv->track));
  return GST_FLOW_OK;
}

/* Where there is no key, what the unit wants in its place. */
static void
replace_key (GstMixFilter *self, guint frames)
{
  GstMixKeyedFilterPrivate *priv = private_of (self);
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->host.unit;
  const gsize n = (gsize)frames * priv->track.format.channels;
  if ((unit->flags & MIX_UNIT_LOUD_WITHOUT_KEY)
      && gst_mix_key_input_is_absent (&priv->input))
    for (gsize i = 0; i < n; i++)
      priv->row[i] = 1;
}

static GstFlowReturn
gst_mix_keyed_filter_read_key (
    GstMixFilter *self, GstClockTime time, guint frames, const gfloat **key)
{
  GstMixKeyedFilterPrivate *priv = private_of (self);
  const guint rate = gst_mix_filter_private (self)->stream.format.rate;
  GstClockTime duration
      = gst_util_uint64_scale_round (frames, GST_SECOND, rate);
  if (!GST_CLOCK_TIME_IS_VALID (time))
    time = GST_CLOCK_TIME_IS_VALID (priv->next) ? priv->next : 0;
  priv->next = time + duration;
  if (frames == 0) {
    gst_mix_key_input_skip (&priv->input, time);
    return GST_FLOW_OK;
  }
  fit_track (self);
  fit_row (priv, frames);
  know_upstream (self);
  note_buffer (self, duration);
  GstFlowReturn flow = fetch_key (self, time);
  if (flow != GST_FLOW_OK)
    return flow;
  gst_mix_key_track_read (&priv->track, time, frames, priv->row);
  replace_key (self, frames);
  warn_of_late_key (self);
  *key = priv->row;
  return GST_FLOW_OK;
}

/* ---- Events ------------------------------------------------------------- */

static gboolean
gst_mix_keyed_filter_sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstMixKeyedFilterPrivate *priv = private_of (trans);
  const GstEventType type = GST_EVENT_TYPE (event);
  if (type == GST_EVENT_FLUSH_START)
    gst_mix_key_input_set_interrupted (&priv->input, TRUE);
  else if (type == GST_EVENT_STREAM_START || type == GST_EVENT_SEGMENT)
    gst_mix_key_input_set_main_ended (&priv->input, FALSE);
  gboolean taken = GST_BASE_TRANSFORM_CLASS (gst_mix_keyed_filter_parent_class)
                       ->sink_event (trans, event);
  if (type == GST_EVENT_FLUSH_STOP) {
    priv->next = GST_CLOCK_TIME_NONE;
    gst_mix_key_track_break (&priv->track);
    gst_mix_key_input_set_interrupted (&priv->input, FALSE);
    gst_mix_key_input_set_main_ended (&priv->input, FALSE);
  } else if (type == GST_EVENT_EOS) {
    gst_mix_key_input_set_main_ended (&priv->input, TRUE);
  }
  return taken;
}

static void
push_to_key (GstMixFilter *self, GstEvent *event)
{
  GstPad *pad = ref_pad (self);
  if (pad)
    gst_pad_push_event (pad, gst_event_ref (event));
  gst_clear_object (&pad);
}

static gboolean
is_flushing_seek (GstEvent *event)
{
  GstSeekFlags flags;
  if (GST_EVENT_TYPE (event) != GST_EVENT_SEEK)
    return FALSE;
  gst_event_parse_seek (event, NULL, NULL, &flags, NULL, NULL, NULL, NULL);
  return (flags & GST_SEEK_FLAG_FLUSH) != 0;
}

/* A seek moves both inputs; the key is not flushed again by one that has
 * reached it by another way from the sink. */
static gboolean
gst_mix_keyed_filter_src_event (GstBaseTransform *trans, GstEvent *event)
{
  GstMixFilter *self = GST_MIX_FILTER (trans);
  GstMixKeyedFilterPrivate *priv = private_of (self);
  const GstEventType type = GST_EVENT_TYPE (event);
  const gboolean flushes = is_flushing_seek (event);
  if (flushes)
    gst_mix_key_input_set_seeking (&priv->input, TRUE);
  if (type == GST_EVENT_LATENCY
      || (type == GST_EVENT_SEEK
          && !gst_mix_key_input_was_flushed_by (
              &priv->input, gst_event_get_seqnum (event))))
    push_to_key (self, event);
  gboolean taken = GST_BASE_TRANSFORM_CLASS (gst_mix_keyed_filter_parent_class)
                       ->src_event (trans, event);
  if (flushes)
    gst_mix_key_input_set_seeking (&priv->input, FALSE);
  return taken;
}

/* ---- The pad ------------------------------------------------------------ */

static void
links_changed (GstPad *pad, GstPad *peer, GstMixFilter *self)
{
  (void)pad;
  (void)peer;
  forget_upstream (self);
  post_latency (self);
}

static GstPad *
gst_mix_keyed_filter_request_new_pad (GstElement *element,
    GstPadTemplate *template, const gchar *name, const GstCaps *caps)
{
  GstMixFilter *self = GST_MIX_FILTER (element);
  GstMixKeyedFilterPrivate *priv = private_of (self);
  GstPad *old = ref_pad (self);
  (void)name;
  (void)caps;
  if (old) {
    gst_object_unref (old);
    gst_mix_host_warn (&gst_mix_filter_private (self)->host,
        "mix the keys into one with audiomixer",
        "%s has one " PAD_NAME " pad only, and it is taken",
        GST_OBJECT_NAME (self));
    return NULL;
  }
  GstPad *pad = gst_mix_key_pad_new (PAD_NAME, template, &priv->input);
  GST_OBJECT_LOCK (self);
  priv->pad = gst_object_ref (pad);
  GST_OBJECT_UNLOCK (self);
  g_signal_connect_object (pad, "linked", G_CALLBACK (links_changed), self, 0);
  g_signal_connect_object (
      pad, "unlinked", G_CALLBACK (links_changed), self, 0);
  gst_element_add_pad (element, pad);
  gst_mix_key_proxy_added (element, pad);
  return pad;
}

static void
gst_mix_keyed_filter_release_pad (GstElement *element, GstPad *pad)
{
  GstMixFilter *self = GST_MIX_FILTER (element);
  GstMixKeyedFilterPrivate *priv = private_of (self);
  GST_OBJECT_LOCK (self);
  GstPad *own = g_steal_pointer (&priv->pad);
  priv->longest = 0;
  GST_OBJECT_UNLOCK (self);
  gst_pad_set_active (pad, FALSE);
  gst_element_remove_pad (element, pad);
  gst_mix_key_proxy_removed (element, pad);
  gst_mix_key_pad_leave_input (GST_MIX_KEY_PAD (pad));
  gst_mix_key_input_reset (&priv->input);
  gst_clear_object (&own);
}

/* ---- Life --------------------------------------------------------------- */

static GstStateChangeReturn
gst_mix_keyed_filter_change_state (
    GstElement *element, GstStateChange transition)
{
  GstMixKeyedFilterPrivate *priv = private_of (element);
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    gst_mix_key_input_set_interrupted (&priv->input, FALSE);
    gst_mix_key_input_set_main_ended (&priv->input, FALSE);
    forget_upstream (GST_MIX_FILTER (element));
  } else if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    gst_mix_key_input_set_interrupted (&priv->input, TRUE);
  }
  return GST_ELEMENT_CLASS (gst_mix_keyed_filter_parent_class)
      ->change_state (element, transition);
}

static void
free_key (GstMixKeyedFilterPrivate *priv)
{
  gst_mix_key_track_clear (&priv->track);
  g_clear_pointer (&priv->row, g_free);
  priv->row_frames = 0;
  priv->next = GST_CLOCK_TIME_NONE;
}

static gboolean
gst_mix_keyed_filter_stop (GstBaseTransform *trans)
{
  GstMixKeyedFilterPrivate *priv = private_of (trans);
  free_key (priv);
  priv->warned_deadlock = priv->warned_patience = priv->warned_late = FALSE;
  return GST_BASE_TRANSFORM_CLASS (gst_mix_keyed_filter_parent_class)
      ->stop (trans);
}

static void
gst_mix_keyed_filter_finalize (GObject *object)
{
  free_key (private_of (object));
  gst_mix_key_input_clear (&private_of (object)->input);
  gst_clear_object (&private_of (object)->pad);
  G_OBJECT_CLASS (gst_mix_keyed_filter_parent_class)->finalize (object);
}

static void
add_pad_template (GstElementClass *klass)
{
  GstCaps *caps = gst_caps_from_string (
      GST_AUDIO_CAPS_MAKE (GST_AUDIO_FORMATS_ALL) ", layout=interleaved");
  gst_caps_set_simple (caps, "rate", GST_TYPE_INT_RANGE, 1, GST_MIX_MAX_RATE,
      "channels", GST_TYPE_INT_RANGE, 1, MIX_MAX_CHANNELS, NULL);
  gst_element_class_add_pad_template (
      klass, gst_pad_template_new_with_gtype (PAD_NAME, GST_PAD_SINK,
                 GST_PAD_REQUEST, caps, GST_TYPE_MIX_KEY_PAD));
  gst_caps_unref (caps);
}

static void
gst_mix_keyed_filter_class_init (GstMixKeyedFilterClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);
  GstMixFilterClass *filter_class = GST_MIX_FILTER_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = gst_mix_keyed_filter_finalize;
  element_class->request_new_pad = gst_mix_keyed_filter_request_new_pad;
  element_class->release_pad = gst_mix_keyed_filter_release_pad;
  element_class->change_state = gst_mix_keyed_filter_change_state;
  trans_class->sink_event = gst_mix_keyed_filter_sink_event;
  trans_class->src_event = gst_mix_keyed_filter_src_event;
  trans_class->stop = gst_mix_keyed_filter_stop;
  filter_class->read_key = gst_mix_keyed_filter_read_key;
  filter_class->query_upstream_latency
      = gst_mix_keyed_filter_query_upstream_latency;
  filter_class->host.has_key = TRUE;
  add_pad_template (element_class);
  gst_type_mark_as_plugin_api (GST_TYPE_MIX_KEYED_FILTER, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_MIX_KEY_PAD, 0);
}

static void
gst_mix_keyed_filter_init (GstMixKeyedFilter *self)
{
  gst_mix_key_input_init (&private_of (self)->input);
  private_of (self)->next = GST_CLOCK_TIME_NONE;
}
