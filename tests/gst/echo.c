/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "echo.h"

#include <math.h>
#include <string.h>

#include "base/maths.h"
#include "base/memory.h"
#include "filter.h"

typedef struct {
  double look_ahead_ms, time_ms, feedback_percent, gain_db, memory_ms;
  bool starved;
} Params;

typedef struct {
  double level_db;
} Readings;

static const MixRow param_rows[] = {
  MIX_ROW_DOUBLE (Params, look_ahead_ms, "look-ahead", "Look-ahead", "ms", 0,
      50, 0, MIX_MOVES_LATENCY, "Look-ahead"),
  MIX_ROW_DOUBLE (Params, time_ms, "time", "Time", "ms", 1, 1000, 100,
      MIX_STEPS, "Time between echoes"),
  MIX_ROW_DOUBLE (Params, feedback_percent, "feedback", "Feedback", "%", 0, 99,
      50, 0, "Level of each echo against the one before"),
  MIX_ROW_DOUBLE (
      Params, gain_db, "gain", "Gain", "dB", -60, 20, 0, 0, "Input gain"),
  MIX_ROW_DOUBLE (Params, memory_ms, "memory", "Memory", "ms", 100, 2000, 1000,
      MIX_SIZES_MEMORY, "Longest echo time"),
  MIX_ROW_BOOL (Params, starved, "starved", "Starved", 0, MIX_SIZES_MEMORY,
      "Has not enough memory to play"),
};

static const MixRow reading_rows[] = {
  MIX_ROW_DOUBLE (Readings, level_db, "level", "Level", "dB", -400, 100, -400,
      0, "Peak level since the last reading"),
};

typedef struct {
  unsigned rate, channels, length; /* of a channel's ring */
  unsigned write, look_ahead, time;
  double feedback, gain;
  float *dry, *loop;
  float peak;
} Echo;

static void
set (void *self, const void *params)
{
  Echo *echo = self;
  const Params *p = params;
  echo->look_ahead = mix_frames_from_ms (p->look_ahead_ms, echo->rate);
  echo->time = MAX (1, mix_frames_from_ms (p->time_ms, echo->rate));
  echo->time = MIN (echo->time, echo->length - 1);
  echo->feedback = p->feedback_percent / 100;
  echo->gain = mix_gain_from_db (p->gain_db);
}

static void
reset (void *self)
{
  Echo *echo = self;
  gsize size = (gsize)echo->length * echo->channels * sizeof (float);
  g_return_if_fail (echo->dry != NULL); /* only what is prepared is reset */
  memset (echo->dry, 0, size);
  memset (echo->loop, 0, size);
  echo->peak = 0;
}

static void
release (void *self)
{
  Echo *echo = self;
  mix_free (echo->dry);
  mix_free (echo->loop);
  echo->dry = echo->loop = NULL;
}

static bool
prepare (void *self, const MixFormat *format, const void *params)
{
  Echo *echo = self;
  unsigned length
      = 2
        + mix_frames_from_ms (
            MAX (50, ((const Params *)params)->memory_ms), format->rate);
  float *dry = mix_alloc ((size_t)length * format->channels, sizeof *dry);
  float *loop = mix_alloc ((size_t)length * format->channels, sizeof *loop);
  if (!dry || !loop || ((const Params *)params)->starved) {
    mix_free (dry);
    mix_free (loop);
    return false;
  }
  release (self);
  *echo = (Echo){ .rate = format->rate,
    .channels = format->channels,
    .length = length,
    .dry = dry,
    .loop = loop };
  set (self, params);
  return true;
}

static float
process_sample (Echo *echo, unsigned channel, float x)
{
  float *dry = echo->dry + (size_t)channel * echo->length;
  float *loop = echo->loop + (size_t)channel * echo->length;
  unsigned length = echo->length, at = echo->write;
  dry[at] = x;
  loop[at] = 0;
  float now
      = (float)(dry[(at + length - echo->look_ahead) % length] * echo->gain);
  float last = loop[(at + length - echo->time) % length];
  loop[at] = now + (float)echo->feedback * last;
  return loop[at];
}

static void
process (void *self, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  Echo *echo = self;
  for (unsigned i = 0; i < frames; i++) {
    for (unsigned c = 0; c < echo->channels; c++) {
      out[c][i] = process_sample (echo, c, in[c][i]);
      echo->peak = fmaxf (echo->peak, fabsf (out[c][i]));
    }
    echo->write = (echo->write + 1) % echo->length;
  }
}

static void
read_levels (void *self, void *readings)
{
  Echo *echo = self;
  ((Readings *)readings)->level_db = mix_db_from_gain (echo->peak);
  echo->peak = 0;
}

static unsigned
latency (const void *self)
{
  return ((const Echo *)self)->look_ahead;
}

static unsigned
tail (const void *self)
{
  return ((const Echo *)self)->time;
}

static void
remark (const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const Params *p = params;
  if (format->channels > 2 && p->gain_db > 0)
    remarks->add (
        remarks, "only one or two channels are amplified, set gain to 0");
  if (p->time_ms > p->memory_ms)
    remarks->add (
        remarks, "the echoes come as late as memory allows, raise it");
}

static const MixUnit test_echo = {
  .name = "testecho",
  .summary = "Echoes for the tests",
  .size = sizeof (Echo),
  .flags = MIX_UNIT_TAIL,
  .params = MIX_TABLE (param_rows, Params),
  .readings = MIX_TABLE (reading_rows, Readings),
  .prepare = prepare,
  .set = set,
  .reset = reset,
  .process = process,
  .read = read_levels,
  .latency = latency,
  .tail = tail,
  .remark = remark,
  .release = release,
};

GST_MIX_FILTER_DEFINE (GstMixTestEcho, gst_mix_test_echo, mixtestecho,
    test_echo, "Test echo", "Filter/Effect/Audio")

void
test_echo_register (void)
{
  GST_ELEMENT_REGISTER (mixtestecho, NULL);
}
