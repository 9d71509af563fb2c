/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The static bands as one linear-phase filter: the analogue prototypes'
 * magnitudes are multiplied up on a fine grid and transformed into a symmetric
 * impulse response (frequency sampling: L. R. Rabiner, B. Gold, C. A.
 * McGonegal, "An approach to the approximation problem for nonrecursive digital
 * filters", 1970), whose ends are tapered. Stereo pairs have a 2 x 2 matrix of
 * responses, so that left, right, mid and side bands work in their order.
 *
 * The latency is a third of a second or a little more, a power of two of frames
 * (shorter, and a narrow band at 50 Hz would ring out of it). Of its 16
 * blocks the convolver takes one for gathering its input, the filter reaches 15
 * blocks to either side of its centre.
 *
 * New settings are taken up at the next block: the filter is computed anew and
 * a block's output goes over from the old filter's to the new one's.
 */
#include "eq.h"

#include <math.h>
#include <string.h>

#include "../base/memory.h"
#include "../parts/convolver.h"

#define LATENCY_S 0.34
#define LATENCY_MIN 1024
#define LATENCY_MAX 131072
#define BLOCKS 16 /* of the latency */
#define REACH (BLOCKS - 1)

/* +120 dB: what no curve for listening has, and floats still bear. */
#define MOST_GAIN 1e6

/* The responses, output from input; ALONE is that of unpaired channels. */
enum {
  LEFT_LEFT,
  LEFT_RIGHT,
  RIGHT_LEFT,
  RIGHT_RIGHT,
  ALONE,
  RESPONSES,
};

typedef enum {
  ZERO,
  UNITY, /* a pure delay, exact */
  FILTER,
} Kind;

typedef struct {
  Kind kind[RESPONSES];
  bool all_alike; /* every FILTER is the one of ALONE */
  float *spectra[RESPONSES];
} Filters;

typedef struct {
  int type, channels;
  unsigned order;
  double frequency_hz, gain_db, q;
} Band;

typedef struct {
  int partner;                /* of the pair, or -1 */
  unsigned response, crossed; /* from itself, from its partner */
} Channel;

struct MixEqLinear {
  unsigned rate, channels, latency, block;
  Channel channel[MIX_MAX_CHANNELS];

  Band bands[MIX_EQ_BANDS];
  unsigned n_bands;
  bool changed; /* since the filters were computed */

  /* computing filters */
  MixFft fft; /* of twice the latency */
  double *power, *gain[RESPONSES];
  float *spectrum, *no_phase, *impulse, *taps, *window, *work;

  /* sound */
  MixConvolver conv;
  Filters filters[2];
  unsigned now;  /* the filters heard */
  unsigned fill; /* of the block being gathered */
  unsigned turn; /* where in the rings it goes, 0 … BLOCKS - 1 */
  float *ring[MIX_MAX_CHANNELS], *history[MIX_MAX_CHANNELS];
  float *ready[MIX_MAX_CHANNELS]; /* the block being handed out */
  float *sum, *fresh, *ramp, *two_blocks, *block_work;

  float *memory;
  double *grid;
};

/* ---- Memory ------------------------------------------------------------- */

/* Takes `count` floats in whole cache lines from the block; at NULL it only
 * counts. */
static float *
take (float *memory, size_t *used, size_t count)
{
  float *here = memory ? memory + *used : NULL;
  *used += (count + 15) / 16 * 16;
  return here;
}

static size_t
share_out (MixEqLinear *l, float *memory)
{
  size_t used = 0, long_size = 2 * (size_t)l->latency;
  size_t spectra = mix_convolver_spectra (l->block, 2 * REACH);
  float *long_table = take (memory, &used, mix_fft_table (2 * l->latency));
  float *table = take (memory, &used, mix_convolver_table (l->block));
  l->spectrum = take (memory, &used, l->latency + 1);
  l->no_phase = take (memory, &used, l->latency + 1);
  l->impulse = take (memory, &used, long_size);
  l->work = take (memory, &used, mix_fft_work (2 * l->latency));
  l->taps = take (memory, &used, 2 * REACH * l->block);
  l->window = take (memory, &used, REACH * l->block);
  l->sum = take (memory, &used, mix_convolver_sum (l->block));
  l->fresh = take (memory, &used, l->block);
  l->ramp = take (memory, &used, l->block);
  l->two_blocks = take (memory, &used, 2 * l->block);
  l->block_work = take (memory, &used, mix_convolver_work (l->block));
  for (unsigned f = 0; f < 2; f++)
    for (unsigned r = 0; r < RESPONSES; r++)
      l->filters[f].spectra[r] = take (memory, &used, spectra);
  for (unsigned c = 0; c < l->channels; c++) {
    l->ring[c] = take (memory, &used, l->latency);
    l->history[c] = take (memory, &used, spectra);
    l->ready[c] = take (memory, &used, l->block);
  }
  if (memory) {
    mix_fft_prepare (&l->fft, 2 * l->latency, long_table);
    mix_convolver_prepare (&l->conv, l->block, 2 * REACH, table);
  }
  return used;
}

/* Flat over three quarters, then half a cosine: what rings longer than the
 * filter is cut softly. */
static void
draw_curves (MixEqLinear *l)
{
  unsigned reach = REACH * l->block, flat = reach * 3 / 4;
  for (unsigned i = 0; i < reach; i++)
    l->window[i]
        = i < flat
              ? 1
              : (float)(0.5 + 0.5 * cos (MIX_PI * (i - flat) / (reach - flat)));
  for (unsigned i = 0; i < l->block; i++)
    l->ramp[i] = (float)(0.5 - 0.5 * cos (MIX_PI * (i + 0.5) / l->block));
}

static void
find_partners (MixEqLinear *l, const MixFormat *format)
{
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  unsigned count = mix_format_pairs (format, pairs);
  for (unsigned c = 0; c < format->channels; c++)
    l->channel[c] = (Channel){ -1, ALONE, ALONE };
  for (unsigned i = 0; i < count; i++) {
    l->channel[pairs[i].left]
        = (Channel){ (int)pairs[i].right, LEFT_LEFT, LEFT_RIGHT };
    l->channel[pairs[i].right]
        = (Channel){ (int)pairs[i].left, RIGHT_RIGHT, RIGHT_LEFT };
  }
}

MixEqLinear *
mix_eq_linear_alloc (const MixFormat *format)
{
  MixEqLinear *l = mix_alloc (1, sizeof *l);
  if (!l)
    return NULL;
  l->rate = format->rate;
  l->channels = format->channels;
  l->latency = LATENCY_MIN;
  while (l->latency < LATENCY_S * format->rate && l->latency < LATENCY_MAX)
    l->latency *= 2;
  l->block = l->latency / BLOCKS;
  size_t bins = l->latency + 1;
  l->memory = mix_alloc (share_out (l, NULL), sizeof (float));
  l->grid = mix_alloc ((RESPONSES + 1) * bins, sizeof (double));
  if (!l->memory || !l->grid) {
    mix_eq_linear_free (l);
    return NULL;
  }
  share_out (l, l->memory);
  l->power = l->grid;
  for (unsigned r = 0; r < RESPONSES; r++)
    l->gain[r] = l->grid + (r + 1) * bins;
  draw_curves (l);
  find_partners (l, format);
  l->changed = true;
  return l;
}

void
mix_eq_linear_free (MixEqLinear *l)
{
  if (!l)
    return;
  mix_free (l->memory);
  mix_free (l->grid);
  mix_free (l);
}

unsigned
mix_eq_linear_latency (const MixEqLinear *l)
{
  return l->latency;
}

/* ---- The curve ---------------------------------------------------------- */

/* The band's magnitude on the grid, to `power`. */
static void
trace (MixEqLinear *l, const Band *b)
{
  MixFilterSpec spec
      = { (MixFilterType)b->type, b->frequency_hz, b->gain_db, b->q, b->order };
  MixPrototype prototype = mix_filter_prototype (&spec);
  double step = 0.5 * l->rate / l->latency / b->frequency_hz;
  double *power = l->power;
  unsigned bins = l->latency + 1;
  for (unsigned i = 0; i < bins; i++) {
    double w = i * step;
    power[i] = sqrt (mix_prototype_power (&prototype, w * w));
  }
}

static void
scale (double *gain, const double *by, unsigned bins)
{
  for (unsigned i = 0; i < bins; i++)
    gain[i] *= by[i];
}

/* The mid or side of what comes out of a pair so far, times `power`: the other
 * one stays. With M = (L + R) / 2 this is [1 + m, m - 1; m - 1, 1 + m] / 2 for
 * mid and the same with the sign of m - 1 turned for side. */
static void
scale_mid_side (MixEqLinear *l, double sign)
{
  for (unsigned i = 0; i <= l->latency; i++) {
    double own = 0.5 * (l->power[i] + 1),
           other = sign * 0.5 * (l->power[i] - 1);
    for (unsigned in = 0; in < 2; in++) {
      double *left = &l->gain[LEFT_LEFT + in][i];
      double *right = &l->gain[RIGHT_LEFT + in][i], was = *left;
      *left = own * was + other * *right;
      *right = own * *right + other * was;
    }
  }
}

static void
apply (MixEqLinear *l, Filters *f, const Band *b)
{
  unsigned bins = l->latency + 1;
  bool left = mix_eq_touches (b->channels, true, 0, l->channels);
  bool right = mix_eq_touches (b->channels, true, 1, l->channels);
  trace (l, b);
  if (mix_eq_is_mid_side (b->channels)) {
    scale_mid_side (l, b->channels == MIX_EQ_MID ? 1 : -1);
    for (unsigned r = 0; r < ALONE; r++)
      f->kind[r] = FILTER;
  } else {
    for (unsigned r = 0; r < ALONE; r++) {
      if (r < RIGHT_LEFT ? !left : !right)
        continue;
      scale (l->gain[r], l->power, bins);
      f->kind[r] = f->kind[r] == ZERO ? ZERO : FILTER;
    }
  }
  f->all_alike &= b->channels == MIX_EQ_ALL;
  if (mix_eq_touches (b->channels, false, 0, l->channels)) {
    scale (l->gain[ALONE], l->power, bins);
    f->kind[ALONE] = FILTER;
  }
}

/* ---- From curve to filter ----------------------------------------------- */

static void
realise (MixEqLinear *l, Filters *f, unsigned r)
{
  unsigned reach = REACH * l->block;
  for (unsigned i = 0; i <= l->latency; i++)
    l->spectrum[i] = (float)mix_clamp (l->gain[r][i], -MOST_GAIN, MOST_GAIN);
  mix_fft_inverse (&l->fft, l->impulse, l->spectrum, l->no_phase, l->work);
  l->taps[0] = 0;
  for (unsigned i = 0; i < reach; i++)
    l->taps[reach + i] = l->taps[reach - i] = l->impulse[i] * l->window[i];
  mix_convolver_filter (&l->conv, f->spectra[r], l->taps, l->block_work);
}

static void
compute (MixEqLinear *l, Filters *f)
{
  for (unsigned r = 0; r < RESPONSES; r++) {
    bool crossed = r == LEFT_RIGHT || r == RIGHT_LEFT;
    f->kind[r] = crossed ? ZERO : UNITY;
    for (unsigned i = 0; i <= l->latency; i++)
      l->gain[r][i] = !crossed;
  }
  f->all_alike = true;
  for (unsigned b = 0; b < l->n_bands; b++)
    apply (l, f, &l->bands[b]);
  for (unsigned r = 0; r < RESPONSES; r++)
    if (f->kind[r] == FILTER && (!f->all_alike || r == ALONE))
      realise (l, f, r);
  l->changed = false;
}

static bool
does_nothing (const MixEqBandParams *p)
{
  return p->type == MIX_FILTER_ALL_PASS
         || (mix_eq_type_has_gain (p->type) && p->gain_db == 0);
}

static bool
is_same (const Band *a, const Band *b)
{
  return a->type == b->type && a->channels == b->channels
         && a->order == b->order && a->frequency_hz == b->frequency_hz
         && a->gain_db == b->gain_db && a->q == b->q;
}

void
mix_eq_linear_set (MixEqLinear *l, const MixEqBandParams *bands,
    const bool active[MIX_EQ_BANDS])
{
  unsigned n = 0;
  for (unsigned i = 0; i < MIX_EQ_BANDS; i++) {
    const MixEqBandParams *p = &bands[i];
    if (!active[i] || does_nothing (p))
      continue;
    Band band = { p->type, p->channels, mix_eq_orders[p->slope],
      p->frequency_hz, p->gain_db, p->q };
    if (n >= l->n_bands || !is_same (&band, &l->bands[n]))
      l->changed = true;
    l->bands[n++] = band;
  }
  if (n != l->n_bands)
    l->changed = true;
  l->n_bands = n;
}

/* ---- Sound -------------------------------------------------------------- */

void
mix_eq_linear_reset (MixEqLinear *l)
{
  size_t spectra = mix_convolver_spectra (l->block, 2 * REACH);
  l->fill = l->turn = l->conv.newest = 0;
  for (unsigned c = 0; c < l->channels; c++) {
    memset (l->ring[c], 0, l->latency * sizeof (float));
    memset (l->history[c], 0, spectra * sizeof (float));
    memset (l->ready[c], 0, l->block * sizeof (float));
  }
  if (l->changed)
    compute (l, &l->filters[l->now]);
}

static void
add_response (MixEqLinear *l, const Filters *f, unsigned r, unsigned channel)
{
  if (f->kind[r] == FILTER)
    mix_convolver_add (&l->conv, l->sum, l->history[channel],
        f->spectra[f->all_alike ? ALONE : r]);
}

/* The output of one channel for the block that is complete. */
static void
render (MixEqLinear *l, const Filters *f, unsigned c, float *out)
{
  const Channel *channel = &l->channel[c];
  if (f->kind[channel->response] == UNITY) {
    unsigned oldest = (l->turn + 1) % BLOCKS;
    memcpy (out, l->ring[c] + oldest * l->block, l->block * sizeof *out);
    return;
  }
  memset (l->sum, 0, mix_convolver_sum (l->block) * sizeof (float));
  add_response (l, f, channel->response, c);
  if (channel->partner >= 0)
    add_response (l, f, channel->crossed, (unsigned)channel->partner);
  mix_convolver_pull (&l->conv, out, l->sum, l->block_work);
}

static void
gather (MixEqLinear *l)
{
  unsigned last = (l->turn + BLOCKS - 1) % BLOCKS;
  size_t bytes = l->block * sizeof (float);
  mix_convolver_advance (&l->conv);
  for (unsigned c = 0; c < l->channels; c++) {
    memcpy (l->two_blocks, l->ring[c] + last * l->block, bytes);
    memcpy (l->two_blocks + l->block, l->ring[c] + l->turn * l->block, bytes);
    mix_convolver_push (&l->conv, l->history[c], l->two_blocks, l->block_work);
  }
}

static void
end_block (MixEqLinear *l)
{
  const Filters *now = &l->filters[l->now];
  Filters *next = &l->filters[!l->now];
  bool renew = l->changed;
  gather (l);
  if (renew)
    compute (l, next);
  for (unsigned c = 0; c < l->channels; c++) {
    render (l, now, c, l->ready[c]);
    if (!renew)
      continue;
    render (l, next, c, l->fresh);
    for (unsigned i = 0; i < l->block; i++)
      l->ready[c][i] += l->ramp[i] * (l->fresh[i] - l->ready[c][i]);
  }
  if (renew)
    l->now = !l->now;
  l->turn = (l->turn + 1) % BLOCKS;
  l->fill = 0;
}

void
mix_eq_linear_process (
    MixEqLinear *l, float *const *out, const float *const *in, unsigned frames)
{
  for (unsigned at = 0, n; at < frames; at += n) {
    n = mix_min (frames - at, l->block - l->fill);
    size_t bytes = n * sizeof (float);
    for (unsigned c = 0; c < l->channels; c++) {
      memcpy (l->ring[c] + l->turn * l->block + l->fill, in[c] + at, bytes);
      memcpy (out[c] + at, l->ready[c] + l->fill, bytes);
    }
    l->fill += n;
    if (l->fill == l->block)
      end_block (l);
  }
}
