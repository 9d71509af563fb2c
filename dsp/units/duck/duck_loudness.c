/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "duck_loudness.h"

#include "../../base/maths.h"

#define BLOCK_STEPS 10          /* a block every 100 ms, as in BS.1770 */
#define WINDOW_STEPS 40         /* a block, 400 ms */
#define ABSOLUTE_GATE 1.1721e-7 /* power of -70 LUFS */
#define RELATIVE_GATE                                                          \
  0.089                 /* 10 LU below the mean of all; this is the gated      \
                         */
#define MOST_BLOCKS 100 /* of speech, 10 s */
#define MOST_MISSED 30  /* blocks, 3 s */
#define MAIN_STEPS 150  /* time constant 1.5 s: as long a mean as 3 s */
#define MOST_OVER 1.8   /* 2.5 dB */
#define FEW_BLOCKS 10   /* that count as 1 before the first */
/* Of the last 400 ms only what is more than 4 dB over the mean counts. */
#define SUDDEN 0.398

/* ---- Meters ------------------------------------------------------------- */

static void
prepare_meter (MixDuckMeter *m, const MixFormat *format)
{
  mix_weighted_power_prepare (&m->weighted, format);
  mix_loudness_prepare (&m->windows, format->rate, NULL);
}

static void
flush_meter (MixDuckMeter *m)
{
  mix_weighted_power_reset (&m->weighted);
  mix_loudness_reset (&m->windows);
}

/* Returns the mean power of the step when it ends, else -1. */
static double
run_meter (MixDuckMeter *m, const float *const *in, unsigned n)
{
  MixPlainPower plain = { 0 };
  unsigned length = mix_loudness_length (&m->windows);
  mix_weighted_power_run (&m->weighted, in, 0, n, &plain);
  if (!mix_loudness_advance (&m->windows, n))
    return -1;
  double power = mix_weighted_power_take (&m->weighted);
  mix_loudness_step (&m->windows, power);
  return power / length;
}

/* ---- Both --------------------------------------------------------------- */

void
mix_duck_loudness_prepare (MixDuckLoudness *l, const MixFormat *format)
{
  *l = (MixDuckLoudness){ 0 };
  prepare_meter (&l->key, format);
  prepare_meter (&l->main, format);
}

void
mix_duck_loudness_flush (MixDuckLoudness *l)
{
  flush_meter (&l->key);
  flush_meter (&l->main);
  l->steps = l->main_steps = 0;
}

void
mix_duck_loudness_reset (MixDuckLoudness *l)
{
  mix_duck_loudness_flush (l);
  l->speech = l->begin = l->level = 0;
  l->over = 1;
  l->over_blocks = FEW_BLOCKS;
  l->blocks = l->begun = l->missed = l->heard = 0;
}

void
mix_duck_loudness_recall (MixDuckLoudness *l, const MixDuckLoudness *from)
{
  l->speech = from->speech;
  l->blocks = from->blocks;
  l->begin = from->begin;
  l->begun = from->begun;
  l->level = from->level;
  l->heard = from->heard;
  l->over = from->over;
  l->over_blocks = from->over_blocks;
}

/* Until there is a block of speech its level is that of the steps so far, from
 * 100 ms on: a word begins softly. */
static void
begin_speech (MixDuckLoudness *l, double power)
{
  if (power < ABSOLUTE_GATE)
    return;
  l->begin += power;
  l->begun++;
  if (l->begun >= BLOCK_STEPS)
    l->speech = l->begin / l->begun;
}

static void
take_block (MixDuckLoudness *l)
{
  double power = mix_loudness_momentary (&l->key.windows);
  if (power < fmax (ABSOLUTE_GATE, RELATIVE_GATE * l->speech)) {
    if (++l->missed >= MOST_MISSED)
      l->begin = l->blocks = l->begun = l->missed = 0;
    return;
  }
  l->missed = 0;
  l->blocks = mix_min (l->blocks + 1, MOST_BLOCKS);
  l->speech += (power - l->speech) / l->blocks;
}

/* A block holds 400 ms: it counts when so much was spoken. */
static void
end_key_step (MixDuckLoudness *l, double power, bool speaks)
{
  if (!speaks) {
    l->steps = 0;
    return;
  }
  if (l->blocks == 0)
    begin_speech (l, power);
  if (++l->steps % BLOCK_STEPS == 0 && l->begun >= WINDOW_STEPS)
    take_block (l);
}

/* Mean power of the main sound. */
static double
main_level (const MixDuckLoudness *l)
{
  return fmax (l->level, SUDDEN * mix_loudness_momentary (&l->main.windows));
}

static void
take_main_block (MixDuckLoudness *l)
{
  double over = mix_loudness_momentary (&l->main.windows) / main_level (l);
  if (over < RELATIVE_GATE * l->over)
    return;
  l->over_blocks = mix_min (l->over_blocks + 1, MOST_BLOCKS);
  l->over += (over - l->over) / l->over_blocks;
}

static void
end_main_step (MixDuckLoudness *l, double power)
{
  if (power < ABSOLUTE_GATE)
    return;
  l->heard = mix_min (l->heard + 1, MAIN_STEPS);
  l->level += (power - l->level) / l->heard;
  if (++l->main_steps % BLOCK_STEPS == 0)
    take_main_block (l);
}

void
mix_duck_loudness_run (MixDuckLoudness *l, const float *const *key,
    const float *const *in, unsigned n, bool speaks)
{
  double key_power = run_meter (&l->key, key, n);
  double main_power = run_meter (&l->main, in, n);
  if (key_power >= 0)
    end_key_step (l, key_power, speaks);
  if (main_power >= 0)
    end_main_step (l, main_power);
}

double
mix_duck_loudness_wanted (const MixDuckLoudness *l, double behind_lu)
{
  double level = main_level (l) * mix_clamp (l->over, 1, MOST_OVER);
  if (l->speech <= 0 || level < ABSOLUTE_GATE)
    return 0;
  return fmax (0, 10 * log10 (level / l->speech) + behind_lu);
}
