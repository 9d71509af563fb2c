/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * click LIKE OUT.wav: a unit impulse, for the impulse response of a chain. The
 * file has the rate and the channels (two at the most) of LIKE and is two
 * seconds long; the impulse is one sample of full scale in every channel, a
 * quarter of a second after the start. With --silent there is none.
 */
#include <gst/gst.h>
#include <string.h>

#include "output.h"
#include "sound.h"

#define SECONDS 2
#define HEAD 44

static void
put (guint8 *head, guint at, guint bytes, guint32 value)
{
  for (guint i = 0; i < bytes; i++)
    head[at + i] = (guint8)(value >> (8 * i));
}

/* RIFF WAVE, IEEE float samples (format 3). */
static void
fill_head (guint8 *head, const Sound *like, guint32 bytes)
{
  memcpy (head, "RIFF    WAVEfmt ", 16);
  put (head, 4, 4, bytes + HEAD - 8);
  put (head, 16, 4, 16);
  put (head, 20, 2, 3);
  put (head, 22, 2, like->channels);
  put (head, 24, 4, like->rate);
  put (head, 28, 4, like->rate * like->channels * 4);
  put (head, 32, 2, like->channels * 4);
  put (head, 34, 2, 32);
  memcpy (head + 36, "data", 4);
  put (head, 40, 4, bytes);
}

static gboolean
write_click (const Sound *like, const gchar *path, gboolean is_silent)
{
  const guint32 one = 0x3f800000; /* 1.0 */
  guint32 bytes = like->rate * SECONDS * like->channels * 4;
  g_autofree guint8 *file = g_malloc0 (HEAD + bytes);
  g_autoptr (GError) error = NULL;
  fill_head (file, like, bytes);
  for (guint c = 0; c < like->channels && !is_silent; c++)
    put (file, HEAD + (like->rate / 4 * like->channels + c) * 4, 4, one);
  if (output_write (path, (gchar *)file, HEAD + bytes, &error))
    return TRUE;
  g_printerr ("click: %s\n", error->message);
  return FALSE;
}

int
main (int argc, char **argv)
{
  gboolean is_silent = argc > 1 && g_str_equal (argv[1], "--silent");
  argc -= is_silent;
  argv += is_silent;
  gst_init (NULL, NULL);
  if (argc != 3) {
    g_printerr ("usage: click [--silent] LIKE OUT.wav\n");
    return 2;
  }
  g_autoptr (Sound) like = sound_read (argv[1], 1);
  if (!like)
    return 1;
  like->channels = MIN (like->channels, 2);
  return write_click (like, argv[2], is_silent) ? 0 : 1;
}
