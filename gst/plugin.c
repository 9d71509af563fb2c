/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gst/gst.h>

GST_ELEMENT_REGISTER_DECLARE (mixeq);
GST_ELEMENT_REGISTER_DECLARE (mixautomix);
GST_ELEMENT_REGISTER_DECLARE (mixcompressor);
GST_ELEMENT_REGISTER_DECLARE (mixduck);
GST_ELEMENT_REGISTER_DECLARE (mixdeesser);
GST_ELEMENT_REGISTER_DECLARE (mixkeyedcompressor);
GST_ELEMENT_REGISTER_DECLARE (mixkeyedgate);
GST_ELEMENT_REGISTER_DECLARE (mixgate);
GST_ELEMENT_REGISTER_DECLARE (mixlimiter);
GST_ELEMENT_REGISTER_DECLARE (mixmeter);
GST_ELEMENT_REGISTER_DECLARE (mixleveler);
GST_ELEMENT_REGISTER_DECLARE (mixdelay);
GST_ELEMENT_REGISTER_DECLARE (mixmultiband);
GST_ELEMENT_REGISTER_DECLARE (miximager);
GST_ELEMENT_REGISTER_DECLARE (mixreverb);

static gboolean
plugin_init (GstPlugin *plugin)
{
  gboolean any = FALSE;
  any |= GST_ELEMENT_REGISTER (mixeq, plugin);
  any |= GST_ELEMENT_REGISTER (mixautomix, plugin);
  any |= GST_ELEMENT_REGISTER (mixcompressor, plugin);
  any |= GST_ELEMENT_REGISTER (mixduck, plugin);
  any |= GST_ELEMENT_REGISTER (mixdeesser, plugin);
  any |= GST_ELEMENT_REGISTER (mixkeyedcompressor, plugin);
  any |= GST_ELEMENT_REGISTER (mixkeyedgate, plugin);
  any |= GST_ELEMENT_REGISTER (mixgate, plugin);
  any |= GST_ELEMENT_REGISTER (mixlimiter, plugin);
  any |= GST_ELEMENT_REGISTER (mixmeter, plugin);
  any |= GST_ELEMENT_REGISTER (mixleveler, plugin);
  any |= GST_ELEMENT_REGISTER (mixdelay, plugin);
  any |= GST_ELEMENT_REGISTER (mixmultiband, plugin);
  any |= GST_ELEMENT_REGISTER (miximager, plugin);
  any |= GST_ELEMENT_REGISTER (mixreverb, plugin);
  return any;
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, mix,
    "Mixing: equaliser, dynamics and side chains, reverb, delay, stereo "
    "image, loudness",
    plugin_init, VERSION, "LGPL", PACKAGE, PACKAGE_URL)
