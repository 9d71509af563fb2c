/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pad.h"

struct _GstMixKeyPad {
  GstPad parent;

  /* under the object lock; all but `mute` needs a pad that is in its element */
  GstMixKeyInput *input; /* NULL once the pad is released */
  gboolean is_muted;
};

G_DEFINE_TYPE (GstMixKeyPad, gst_mix_key_pad, GST_TYPE_PAD)

enum { PROP_MUTE = 1 };

static GstMixKeyInput *
input_of (GstPad *pad)
{
  return GST_MIX_KEY_PAD (pad)->input;
}

/* ---- Data --------------------------------------------------------------- */

static GstFlowReturn
chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  (void)parent;
  return gst_mix_key_input_push (input_of (pad), buffer);
}

static gboolean
take_caps (GstMixKeyInput *input, GstEvent *event)
{
  GstCaps *caps;
  gst_event_parse_caps (event, &caps);
  return gst_mix_key_input_set_caps (input, caps);
}

static void
take_segment (GstMixKeyInput *input, GstEvent *event)
{
  const GstSegment *segment;
  gst_event_parse_segment (event, &segment);
  gst_mix_key_input_set_segment (input, segment);
}

static gboolean
take_gap (GstMixKeyInput *input, GstEvent *event)
{
  GstClockTime pts, duration;
  gst_event_parse_gap (event, &pts, &duration);
  return gst_mix_key_input_push_gap (input, pts, duration) == GST_FLOW_OK;
}

static gboolean
take_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstMixKeyInput *input = input_of (pad);
  gboolean taken = TRUE;
  (void)parent;
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      gst_mix_key_input_begin_stream (input);
      break;
    case GST_EVENT_CAPS:
      taken = take_caps (input, event);
      break;
    case GST_EVENT_SEGMENT:
      take_segment (input, event);
      break;
    case GST_EVENT_GAP:
      taken = take_gap (input, event);
      break;
    case GST_EVENT_FLUSH_START:
      gst_mix_key_input_note_flush (input, gst_event_get_seqnum (event));
      gst_mix_key_input_set_flushing (input, TRUE);
      break;
    case GST_EVENT_FLUSH_STOP:
      gst_mix_key_input_set_flushing (input, FALSE);
      break;
    case GST_EVENT_EOS:
      gst_mix_key_input_end (input);
      break;
    default:
      break;
  }
  gst_event_unref (event);
  return taken;
}

/* Nothing downstream has a say in what the key is or where it lies. */
static gboolean
answer (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) == GST_QUERY_CAPS
      || GST_QUERY_TYPE (query) == GST_QUERY_ACCEPT_CAPS
      || GST_QUERY_TYPE (query) == GST_QUERY_DRAIN)
    return gst_pad_query_default (pad, parent, query);
  return FALSE;
}

/* ---- Links -------------------------------------------------------------- */

static GstPadLinkReturn
link_pad (GstPad *pad, GstObject *parent, GstPad *peer)
{
  (void)parent;
  (void)peer;
  gst_mix_key_input_set_linked (input_of (pad), TRUE);
  return GST_PAD_LINK_OK;
}

static void
unlink_pad (GstPad *pad, GstObject *parent)
{
  (void)parent;
  gst_mix_key_input_set_linked (input_of (pad), FALSE);
}

/* Before a pad is inactive, whoever waits in it has to return. */
static gboolean
activate (GstPad *pad, GstObject *parent, GstPadMode mode, gboolean active)
{
  (void)parent;
  if (mode != GST_PAD_MODE_PUSH)
    return FALSE;
  gst_mix_key_input_set_flushing (input_of (pad), !active);
  return TRUE;
}

/* ---- The object --------------------------------------------------------- */

static void
set_muted (GstMixKeyPad *self, gboolean is_muted)
{
  GST_OBJECT_LOCK (self);
  self->is_muted = is_muted;
  if (self->input)
    gst_mix_key_input_set_muted (self->input, is_muted);
  GST_OBJECT_UNLOCK (self);
}

static gboolean
is_muted (GstMixKeyPad *self)
{
  GST_OBJECT_LOCK (self);
  gboolean muted = self->is_muted;
  GST_OBJECT_UNLOCK (self);
  return muted;
}

void
gst_mix_key_pad_leave_input (GstMixKeyPad *self)
{
  GST_OBJECT_LOCK (self);
  self->input = NULL;
  GST_OBJECT_UNLOCK (self);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_MUTE)
    set_muted (GST_MIX_KEY_PAD (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_MUTE)
    g_value_set_boolean (value, is_muted (GST_MIX_KEY_PAD (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
constructed (GObject *object)
{
  GstPad *pad = GST_PAD (object);
  G_OBJECT_CLASS (gst_mix_key_pad_parent_class)->constructed (object);
  gst_pad_set_chain_function (pad, chain);
  gst_pad_set_event_function (pad, take_event);
  gst_pad_set_query_function (pad, answer);
  gst_pad_set_link_function (pad, link_pad);
  gst_pad_set_unlink_function (pad, unlink_pad);
  gst_pad_set_activatemode_function (pad, activate);
}

static void
gst_mix_key_pad_class_init (GstMixKeyPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->constructed = constructed;
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  g_object_class_install_property (object_class, PROP_MUTE,
      g_param_spec_boolean ("mute", "Mute",
          "The key counts as silence, whatever comes in", FALSE,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
              | GST_PARAM_MUTABLE_PLAYING));
}

static void
gst_mix_key_pad_init (GstMixKeyPad *self)
{
  (void)self; /* the direction is not known yet */
}

GstPad *
gst_mix_key_pad_new (
    const gchar *name, GstPadTemplate *template, GstMixKeyInput *input)
{
  GstMixKeyPad *self = g_object_new (GST_TYPE_MIX_KEY_PAD, "name", name,
      "direction", template->direction, "template", template, NULL);
  gst_mix_key_input_reset (input);
  self->input = input;
  return GST_PAD (self);
}
