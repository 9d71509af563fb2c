/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The static bands as one linear-phase filter: the analogue prototypes'
 * magnitudes are multiplied up on a fine grid and transformed into a symmetric
 * impulse response (frequency sampling: L. R. Rabiner, B. Gold, C. A.
 * McGonegal, "An approach to the approximation problem for nonrecursive digital
 * filters", 1970), whose ends are tapered. Stereo pairs have a 2 x 2 matrix of
 * responses, so that left, right, mid and side bands work in their order.
 *
 * The latency is a third of a second or a little more, a power of two of
 * frames, and longer for bands that ring longer: the narrowest band there is
 * when memory is taken decides. The convolver takes one block of it for
 * gathering its input, the filter reaches the others to either side of its
 * centre.
 *
 * New settings are taken up at the next tick: the filter is computed anew, what
 * is left of the block is rendered with it, and the output goes over from the
 * old filter's to the new one's. As that costs more the longer the filter is,
 * the next change waits for a 64th of the latency, and one that comes in the
 * last milliseconds of a block for the next block.
 */
#include "eq.h"

#include <math.h>
#include <string.h>

#include "../../base/memory.h"
#include "../../parts/convolver.h"

#define LATENCY_S 0.34
#define LATENCY_MIN 1024
#define LATENCY_MAX 131072
#define BLOCKS 16 /* of the usual latency */

/* What narrow bands may make of it: 2.7 to 3 s up to 96 kHz. */
#define LONG_S 3
#define LONG_MAX 262144
/* Frames of all channels together; 64 channels get 1.4 s at 48 kHz. */
#define LONG_ALL (1 << 22)

/* By how much a filter that ends too early may miss a curve, dB. */
#define MISS_DB 0.06

#define FADE_S 0.006
#define WAIT 64 /* changes of the filter within one latency */

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
  unsigned rate, channels, latency, block, blocks;
  unsigned reach; /* taps to either side of the centre */
  unsigned fade;  /* frames */
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
  unsigned now;   /* the filters heard */
  unsigned fill;  /* of the block being gathered */
  unsigned turn;  /* where in the rings it goes, 0 … blocks - 1 */
  unsigned wait;  /* frames until the filter may change again */
  unsigned faded; /* frames of a fade to `fresh` done; `fade`: there is none */
  float *ring[MIX_MAX_CHANNELS], *history[MIX_MAX_CHANNELS];
  float *ready[MIX_MAX_CHANNELS]; /* the block being handed out */
  float *fresh[MIX_MAX_CHANNELS]; /* the same, from the filter to come */
  float *sum, *ramp, *two_blocks, *block_work;

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

static unsigned
partitions_of (const MixEqLinear *l)
{
  return 2 * (l->blocks - 1);
}

static size_t
share_out (MixEqLinear *l, float *memory)
{
  size_t used = 0, long_size = 2 * (size_t)l->latency;
  size_t spectra = mix_convolver_spectra (l->block, partitions_of (l));
  float *long_table = take (memory, &used, mix_fft_table (2 * l->latency));
  float *table = take (memory, &used, mix_convolver_table (l->block));
  l->spectrum = take (memory, &used, l->latency + 1);
  l->no_phase = take (memory, &used, l->latency + 1);
  l->impulse = take (memory, &used, long_size);
  l->work = take (memory, &used, mix_fft_work (2 * l->latency));
  l->taps = take (memory, &used, 2 * l->reach);
  l->window = take (memory, &used, l->reach);
  l->sum = take (memory, &used, mix_convolver_sum (l->block));
  l->ramp = take (memory, &used, l->fade);
  l->two_blocks = take (memory, &used, 2 * l->block);
  l->block_work = take (memory, &used, mix_convolver_work (l->block));
  for (unsigned f = 0; f < 2; f++)
    for (unsigned r = 0; r < RESPONSES; r++)
      l->filters[f].spectra[r] = take (memory, &used, spectra);
  for (unsigned c = 0; c < l->channels; c++) {
    l->ring[c] = take (memory, &used, l->latency);
    l->history[c] = take (memory, &used, spectra);
    l->ready[c] = take (memory, &used, l->block);
    l->fresh[c] = take (memory, &used, l->block);
  }
  if (memory) {
    mix_fft_prepare (&l->fft, 2 * l->latency, long_table);
    mix_convolver_prepare (&l->conv, l->block, partitions_of (l), table);
  }
  return used;
}

/* Flat over three quarters, then half a cosine: what rings longer than the
 * filter is cut softly. */
static void
draw_curves (MixEqLinear *l)
{
  unsigned reach = l->reach, flat = reach * 3 / 4;
  for (unsigned i = 0; i < reach; i++)
    l->window[i]
        = i < flat
              ? 1
              : (float)(0.5 + 0.5 * cos (MIX_PI * (i - flat) / (reach - flat)));
  for (unsigned i = 0; i < l->fade; i++) { /* slope and bend begin at 0 */
    double x = (i + 0.5) / l->fade;
    l->ramp[i] = (float)(x * x * x * (10 + x * (6 * x - 15)));
  }
}

/* ---- Length ------------------------------------------------------------- */

/* How fast the slower of the two roots of s^2 + k w s + w^2 dies away. */
static double
decay (double w, double k)
{
  return k < 2 ? 0.5 * k * w : 0.5 * w * (k - sqrt (k * k - 4));
}

/* A band's impulse response of no phase dies away as the slowest of its
 * prototype's poles and zeros does, per second. */
static double
slowest (const MixEqBandParams *p)
{
  double w = 2 * MIX_PI * p->frequency_hz;
  double A = pow (10, fabs (p->gain_db) / 40), root = sqrt (A);
  unsigned order = mix_eq_orders[p->slope];
  switch ((MixFilterType)p->type) {
    case MIX_FILTER_BELL:
      return fmin (decay (w, A / p->q), decay (w, 1 / (A * p->q)));
    case MIX_FILTER_LOW_SHELF:
    case MIX_FILTER_HIGH_SHELF:
      return decay (w / root, 1 / p->q);
    case MIX_FILTER_TILT:
      return w / A;
    case MIX_FILTER_LOW_CUT:
    case MIX_FILTER_HIGH_CUT: /* the pair of the highest q */
      return decay (w, 2 * cos (MIX_PI * (order - 1) / (2 * order)));
    default:
      return decay (w, 1 / p->q);
  }
}

static bool
does_nothing (const MixEqBandParams *p)
{
  return p->type == MIX_FILTER_ALL_PASS
         || (mix_eq_type_has_gain (p->type) && p->gain_db == 0);
}

/* What the filter leaves out is to be under MISS_DB of the curve; what counts
 * as the gain of those that have none was measured. */
double
mix_eq_linear_seconds (const MixEqBandParams *p)
{
  double gain_db = fabs (p->gain_db);
  if (does_nothing (p))
    return 0;
  if (mix_eq_type_is_cut (p->type))
    gain_db = 24;
  else if (p->type == MIX_FILTER_NOTCH)
    gain_db = 36;
  else if (p->type == MIX_FILTER_BAND_PASS)
    gain_db = 12;
  return log (fmax (gain_db / MISS_DB, 1)) / slowest (p);
}

static unsigned
usual_latency (unsigned rate)
{
  unsigned latency = LATENCY_MIN;
  while (latency < LATENCY_S * rate && latency < LATENCY_MAX)
    latency *= 2;
  return latency;
}

/* The least of both is a power of two times the usual. */
static unsigned
latency_for (const MixFormat *format, double seconds)
{
  unsigned latency = usual_latency (format->rate);
  double most = fmin (LONG_S * format->rate, LONG_MAX);
  while (latency < seconds * format->rate && 2 * latency <= most
         && 2 * latency * format->channels <= LONG_ALL)
    latency *= 2;
  return latency;
}

double
mix_eq_linear_longest (const MixFormat *format)
{
  return (double)latency_for (format, INFINITY) / format->rate;
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
mix_eq_linear_alloc (const MixFormat *format, double seconds)
{
  MixEqLinear *l = mix_alloc (1, sizeof *l);
  if (!l)
    return NULL;
  l->rate = format->rate;
  l->channels = format->channels;
  l->latency = latency_for (format, seconds);
  l->block = usual_latency (format->rate) / BLOCKS;
  l->blocks = l->latency / l->block;
  l->reach = (l->blocks - 1) * l->block;
  l->fade = mix_min ((unsigned)fmax (FADE_S * l->rate, 1), l->block);
  l->faded = l->fade;
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

/* The band's power on the grid. */
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
    power[i] = mix_prototype_power (&prototype, w * w);
  }
}

static void
take_roots (double *power, unsigned bins)
{
  for (unsigned i = 0; i < bins; i++)
    power[i] = sqrt (power[i]);
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
  take_roots (l->power, bins);
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
  if (mix_eq_touches (b->channels, false, 0, l->channels)) {
    scale (l->gain[ALONE], l->power, bins);
    f->kind[ALONE] = FILTER;
  }
}

/* ---- From curve to filter ----------------------------------------------- */

/* The window rounds off the point of a notch. Takes from the impulse response
 * (its centre and one side) as much of a windowed cosine as makes a zero of it
 * again. */
static void
sharpen (MixEqLinear *l, float *half, double hz)
{
  double step = 2 * MIX_PI * hz / l->rate, sum = half[0], own = 1;
  for (unsigned i = 1; i < l->reach; i++) {
    double wave = cos (step * i);
    sum += 2 * half[i] * wave;
    own += 2 * l->window[i] * wave * wave;
  }
  for (unsigned i = 0; i < l->reach; i++)
    half[i] -= (float)(sum / own * l->window[i] * cos (step * i));
}

static void
realise (MixEqLinear *l, Filters *f, unsigned r)
{
  unsigned reach = l->reach;
  for (unsigned i = 0; i <= l->latency; i++)
    l->spectrum[i] = (float)mix_clamp (l->gain[r][i], -MOST_GAIN, MOST_GAIN);
  mix_fft_inverse (&l->fft, l->impulse, l->spectrum, l->no_phase, l->work);
  for (unsigned i = 0; i < reach; i++)
    l->impulse[i] *= l->window[i];
  for (unsigned b = 0; b < l->n_bands; b++)
    if (l->bands[b].type == MIX_FILTER_NOTCH
        && l->bands[b].channels == MIX_EQ_ALL
        && 2 * l->bands[b].frequency_hz < l->rate)
      sharpen (l, l->impulse, l->bands[b].frequency_hz);
  l->taps[0] = 0;
  for (unsigned i = 0; i < reach; i++)
    l->taps[reach + i] = l->taps[reach - i] = l->impulse[i];
  mix_convolver_filter (&l->conv, f->spectra[r], l->taps, l->block_work);
}

/* One curve for all channels: the powers multiply up. */
static void
compute_alike (MixEqLinear *l, Filters *f)
{
  unsigned bins = l->latency + 1;
  for (unsigned r = 0; r < RESPONSES; r++)
    if (f->kind[r] == UNITY)
      f->kind[r] = l->n_bands > 0 ? FILTER : UNITY;
  for (unsigned i = 0; i < bins; i++)
    l->gain[ALONE][i] = 1;
  for (unsigned b = 0; b < l->n_bands; b++) {
    trace (l, &l->bands[b]);
    scale (l->gain[ALONE], l->power, bins);
  }
  take_roots (l->gain[ALONE], bins);
  if (l->n_bands > 0)
    realise (l, f, ALONE);
}

static void
compute_each (MixEqLinear *l, Filters *f)
{
  for (unsigned r = 0; r < RESPONSES; r++)
    for (unsigned i = 0; i <= l->latency; i++)
      l->gain[r][i] = f->kind[r] == UNITY;
  for (unsigned b = 0; b < l->n_bands; b++)
    apply (l, f, &l->bands[b]);
  for (unsigned r = 0; r < RESPONSES; r++)
    if (f->kind[r] == FILTER)
      realise (l, f, r);
}

static void
compute (MixEqLinear *l, Filters *f)
{
  f->all_alike = true;
  for (unsigned b = 0; b < l->n_bands; b++)
    f->all_alike &= l->bands[b].channels == MIX_EQ_ALL;
  for (unsigned r = 0; r < RESPONSES; r++)
    f->kind[r] = r == LEFT_RIGHT || r == RIGHT_LEFT ? ZERO : UNITY;
  if (f->all_alike)
    compute_alike (l, f);
  else
    compute_each (l, f);
  l->changed = false;
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
  size_t spectra = mix_convolver_spectra (l->block, partitions_of (l));
  l->fill = l->turn = l->conv.newest = l->wait = 0;
  l->faded = l->fade;
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

/* The output of one channel for the block that is complete, of which `fill`
 * frames have been handed out (and written over in the ring). */
static void
render (MixEqLinear *l, const Filters *f, unsigned c, float *out)
{
  const Channel *channel = &l->channel[c];
  if (f->kind[channel->response] == UNITY) {
    const float *oldest = l->ring[c] + l->turn * l->block;
    memcpy (
        out + l->fill, oldest + l->fill, (l->block - l->fill) * sizeof *out);
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
  unsigned last = (l->turn + l->blocks - 1) % l->blocks;
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
  gather (l);
  l->turn = (l->turn + 1) % l->blocks;
  l->fill = 0;
  for (unsigned c = 0; c < l->channels; c++)
    render (l, &l->filters[l->now], c, l->ready[c]);
}

/* A fade ends with its block at the latest. */
static bool
may_change (const MixEqLinear *l)
{
  return l->changed && l->wait == 0 && l->fill % MIX_TICK == 0
         && l->fill + l->fade <= l->block;
}

static void
begin_change (MixEqLinear *l)
{
  l->now = !l->now;
  compute (l, &l->filters[l->now]);
  for (unsigned c = 0; c < l->channels; c++)
    render (l, &l->filters[l->now], c, l->fresh[c]);
  l->faded = 0;
  l->wait = l->latency / WAIT;
  l->wait = l->wait > l->fade ? l->wait : l->fade;
}

static void
end_change (MixEqLinear *l)
{
  for (unsigned c = 0; c < l->channels; c++)
    memcpy (l->ready[c] + l->fill, l->fresh[c] + l->fill,
        (l->block - l->fill) * sizeof (float));
}

/* Up to where something is to be done. */
static unsigned
take_span (const MixEqLinear *l, unsigned frames)
{
  unsigned n = mix_min (frames, l->block - l->fill);
  if (l->faded < l->fade)
    return mix_min (n, l->fade - l->faded);
  return l->changed ? mix_min (n, MIX_TICK - l->fill % MIX_TICK) : n;
}

static void
hand_out (const MixEqLinear *l, float *out, unsigned c, unsigned n)
{
  const float *ready = l->ready[c] + l->fill, *fresh = l->fresh[c] + l->fill;
  const float *ramp = l->ramp + l->faded;
  if (l->faded == l->fade) {
    memcpy (out, ready, n * sizeof *out);
    return;
  }
  for (unsigned i = 0; i < n; i++)
    out[i] = ready[i] + ramp[i] * (fresh[i] - ready[i]);
}

/* n frames have passed. */
static void
advance (MixEqLinear *l, unsigned n)
{
  l->fill += n;
  l->wait -= mix_min (l->wait, n);
  if (l->faded < l->fade) {
    l->faded += n;
    if (l->faded == l->fade)
      end_change (l);
  }
  if (l->fill == l->block)
    end_block (l);
}

void
mix_eq_linear_process (
    MixEqLinear *l, float *const *out, const float *const *in, unsigned frames)
{
  for (unsigned at = 0, n; at < frames; at += n) {
    if (may_change (l))
      begin_change (l);
    n = take_span (l, frames - at);
    for (unsigned c = 0; c < l->channels; c++) {
      memcpy (l->ring[c] + l->turn * l->block + l->fill, in[c] + at,
          n * sizeof (float));
      hand_out (l, out[c] + at, c, n);
    }
    advance (l, n);
  }
}
