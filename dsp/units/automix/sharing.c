/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sharing.h"

#define SMOOTHING_MS 5.0
/* Of the gains: two poles, together quicker than a syllable begins. */
#define GAIN_MS 2.0
#define NOW_MS 3.0
/* Power of 15 dB: who is softer by more than that does not speak. */
#define LOUDER 30.0
/* Power of -100 dBFS, which every microphone has. */
#define SILENCE 1e-10

void
mix_sharing_prepare (MixSharing *s, unsigned rate, unsigned channels)
{
  *s = (MixSharing){ .rate = rate, .channels = channels };
  for (unsigned c = 0; c < channels; c++) {
    mix_smoother_prepare (&s->channel[c].weight, rate, SMOOTHING_MS);
    mix_smoother_prepare (&s->channel[c].open, rate, SMOOTHING_MS);
    mix_smoother_prepare (&s->channel[c].gain, rate, GAIN_MS);
  }
}

static bool
is_muted (const MixAutomixParams *p, unsigned channel)
{
  for (unsigned i = 0; i < p->mute.count; i++)
    if ((unsigned)(p->mute.values[i] + 0.5) == channel + 1)
      return true;
  return false;
}

void
mix_sharing_set (MixSharing *s, const MixAutomixParams *p)
{
  s->attack = mix_decay_per_frames (p->attack_ms, MIX_TICK, s->rate);
  s->now = mix_decay_per_frames (NOW_MS, MIX_TICK, s->rate);
  s->release = mix_decay_per_frames (p->release_ms, MIX_TICK, s->rate);
  s->least = mix_gain_from_db (-p->depth_db);
  for (unsigned c = 0; c < s->channels; c++) {
    double db = c < p->weights_db.count ? p->weights_db.values[c] : 0;
    double open = !is_muted (p, c), gain = mix_gain_from_db (db);
    mix_smoother_set (&s->channel[c].weight, open * gain * gain);
    mix_smoother_set (&s->channel[c].open, open);
  }
}

/* From powers to the targets of the gains. */
static void
share_out (MixSharing *s)
{
  double sum = 0;
  for (unsigned c = 0; c < s->channels; c++) {
    MixAutomixChannel *ch = &s->channel[c];
    ch->share = ch->weight.to * (ch->power + SILENCE);
    sum += ch->share;
  }
  for (unsigned c = 0; c < s->channels; c++) {
    MixAutomixChannel *ch = &s->channel[c];
    ch->share = sum > 0 ? ch->share / sum : 0;
    double gain = fmax (s->least, sqrt (ch->share));
    mix_smoother_set (&ch->gain, ch->open.to * gain);
  }
}

void
mix_sharing_reset (MixSharing *s)
{
  for (unsigned c = 0; c < s->channels; c++) {
    mix_smoother_snap (&s->channel[c].weight);
    mix_smoother_snap (&s->channel[c].open);
    s->channel[c].power = s->channel[c].now = 0;
  }
  share_out (s);
  for (unsigned c = 0; c < s->channels; c++)
    mix_smoother_snap (&s->channel[c].gain);
}

void
mix_sharing_tick (MixSharing *s, const double *power)
{
  double loudest = 0;
  for (unsigned c = 0; c < s->channels; c++) {
    MixAutomixChannel *ch = &s->channel[c];
    ch->now = power[c] + (ch->now - power[c]) * s->now;
    loudest = fmax (loudest, ch->open.to * ch->now);
  }
  for (unsigned c = 0; c < s->channels; c++) {
    MixAutomixChannel *ch = &s->channel[c];
    double decay = power[c] > ch->power         ? s->attack
                   : LOUDER * ch->now < loudest ? s->now
                                                : s->release;
    ch->power = power[c] + (ch->power - power[c]) * decay;
    mix_smoother_tick (&ch->weight);
    mix_smoother_tick (&ch->open);
  }
  share_out (s);
  for (unsigned c = 0; c < s->channels; c++)
    mix_smoother_tick (&s->channel[c].gain);
}

double
mix_sharing_open (const MixSharing *s)
{
  double squares = 0;
  for (unsigned c = 0; c < s->channels; c++)
    squares += s->channel[c].share * s->channel[c].share;
  return squares > 0 ? 1 / squares : 0;
}
