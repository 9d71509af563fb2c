/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What other elements have written beside the sound: a level that was measured
 * in front stays true through a meter and through a bypass, and is gone once
 * the level is another.
 */
#include "client.h"

typedef struct {
  guint buffers, noted;
} Count;

static GstPadProbeReturn
count_level_metas (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Count *count = data;
  (void)pad;
  count->buffers++;
  count->noted
      += gst_buffer_get_audio_level_meta (GST_PAD_PROBE_INFO_BUFFER (info))
         != NULL;
  return GST_PAD_PROBE_OK;
}

static Count
count_behind (const gchar *effect)
{
  Count count = { 0, 0 };
  Client *client = client_new (
      "audiotestsrc wave=pink-noise num-buffers=50 ! " CLIENT_CAPS (
          48000, 2) " ! level audio-level-meta=true post-messages=false ! %s "
                    "name=dut ! "
                    "fakesink",
      effect);
  GstElement *dut = client_get (client, "dut");
  GstPad *src = gst_element_get_static_pad (dut, "src");
  gst_pad_add_probe (
      src, GST_PAD_PROBE_TYPE_BUFFER, count_level_metas, &count, NULL);
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  client_eos (client, 20);
  gst_object_unref (src);
  gst_object_unref (dut);
  client_free (client);
  return count;
}

static void
test_stays (gconstpointer effect)
{
  Count count = count_behind (effect);
  client_figure ("buffers with a level", count.noted, 50, 50, "");
}

static void
test_goes (gconstpointer effect)
{
  Count count = count_behind (effect);
  g_assert_cmpuint (count.buffers, >=, 50);
  client_figure ("buffers with a level", count.noted, 0, 0, "");
}

int
main (int argc, char **argv)
{
  static const gchar *const keep[]
      = { "identity", "mixmeter", "mixeq bypass=true output-gain=6",
          "mixcompressor bypass=true threshold=-40",
          "mixreverb bypass=true tail-max=0", "mixdelay bypass=true tail-max=0",
          "miximager bypass=true width=150", "mixmultiband bypass=true",
          "mixleveler bypass=true", NULL };
  static const gchar *const change[] = { "mixeq output-gain=6",
    "mixcompressor threshold=-40", "mixlimiter drive=12", "mixreverb",
    "mixdelay", "miximager width=150", "mixmultiband", "mixleveler", NULL };
  client_init (&argc, &argv);
  client_add_each ("/metas/stays", keep, test_stays);
  client_add_each ("/metas/goes", change, test_goes);
  return client_run (NULL);
}
