/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Decoders that put out float. A lossy codec's sound may go over full scale; a
 * decoder that puts out 16 bits clips it there, so decodebin tries those that
 * put out float first.
 */
#pragma once

#include <gst/gst.h>

/* Before the pipeline starts: its decodebins decode to float where they can. */
void float_decoder_prefer (GstElement *pipeline);
/* While it runs: whether a lossy codec is decoded to integers all the same. */
gboolean float_decoder_is_missing (GstElement *pipeline);
