/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * True-peak look-ahead limiter.
 *
 * Two stages of one kind, a detector, a release and a dip (parts/true_peak.h,
 * release.h, dip.h), one after the other:
 *
 *   drive -> coarse detector, adaptive release, dip as long as the look-ahead
 *         -> fine detector, fixed release, short dip -> ceiling
 *
 * The first does the work, tenths of a decibel off: its detector is cheap, and
 * a gain that moves adds peaks of its own between the samples. The second
 * measures what really came out and corrects those tenths; a correction so
 * small adds nothing that a meter could see. Either stage skips the detector
 * wherever a bound on the signal's level says that nothing can need reduction.
 *
 * Where nothing needs reduction all gains are exactly 1 and the audio passes
 * in every bit.
 *
 * A tick of MIX_TICK frames is gathered, worked on whole and given out during
 * the next; that is part of the latency. Parameters take effect at ticks. A
 * lower ceiling holds for all samples that enter after the tick at which it is
 * taken up; the gain begins to fall before the first of them leaves, so neither
 * step nor overshoot is heard. The clamp at the very end is for rounding only
 * (below 0.001 dB).
 */
#include <string.h>

#include "../base/maths.h"
#include "../base/memory.h"
#include "../kernels/kernels.h"
#include "../parts/dip.h"
#include "../parts/history.h"
#include "../parts/release.h"
#include "../parts/smoother.h"
#include "../parts/true_peak.h"
#include "units.h"

typedef struct {
  double ceiling_db, drive_db, look_ahead_ms, release_ms, link_percent;
  bool auto_release, true_peak;
} LimiterParams;

typedef struct {
  double gain_reduction_db, true_peak_db;
} LimiterReadings;

#define LONGEST_MS 20.0
#define SMOOTH_MS 5.0
/* The second stage: length of its slopes, and how it lets go. */
#define SECOND_MS 1.0
#define SECOND_RELEASE_MS 20.0
/* Rounding between a need and its gain, in dB (see gain_from_db). */
#define ROUNDING_DB 0.0006f
/* Ticks whose peaks and bends lie within reach of the fine detector. */
#define TICKS_BACK 5
/* Of the ring of ceilings, beyond the ticks that a sample spends inside. */
#define SPARE_CEILINGS 16

enum { FIRST, SECOND, STAGES };

typedef struct {
  float peak[TICKS_BACK], bend[TICKS_BACK]; /* the latest first */
} Outline;

typedef struct {
  MixDip dip;
  MixReleaseTimes times;
  float *shape;
} Stage;

/* One gain and its history; channels that are fully linked share one. */
typedef struct {
  MixRelease release[STAGES];
  MixDipLane dip[STAGES];
} Lane;

typedef struct {
  MixFormat format;
  const MixKernels *kernels;
  void *memory;
  MixTruePeak detector;

  /* Goals */
  MixSmoother drive_db;
  float ceiling, link;
  bool true_peak;
  LimiterParams params;

  Stage stage[STAGES];
  MixHistory history[STAGES];
  float *audio[STAGES][MIX_MAX_CHANNELS]; /* in front of each stage */
  Outline outline[STAGES][MIX_MAX_CHANNELS];
  Lane lane[MIX_MAX_CHANNELS];
  bool linked[MIX_MAX_CHANNELS];
  unsigned leader; /* the first linked channel */
  unsigned join;   /* ticks until the linked lanes are one; 0: they are */

  unsigned fill;           /* frames gathered for this tick */
  float (*tick)[MIX_TICK]; /* of each channel: what came, what goes */
  float *ceilings;         /* a ring: of each tick inside */
  unsigned ceilings_count, ceiling_at;

  /* Since the last read */
  float lowest_gain, true_peak_level;
} Limiter;

static const MixRow rows[] = {
  MIX_ROW_DOUBLE (LimiterParams, ceiling_db, "ceiling", "Ceiling", "dB", -24, 0,
      -1, 0, "Highest true peak that leaves"),
  MIX_ROW_DOUBLE (LimiterParams, drive_db, "drive", "Drive", "dB", -20, 40, 0,
      0, "Gain in front of the limiter"),
  MIX_ROW_DOUBLE (LimiterParams, look_ahead_ms, "look-ahead", "Look-ahead",
      "ms", 0.5, LONGEST_MS, 5, MIX_MOVES_LATENCY,
      "Time in which the gain comes down before a peak"),
  MIX_ROW_DOUBLE (LimiterParams, release_ms, "release", "Release", "ms", 1,
      2000, 60, 0, "Time constant with which the gain comes back"),
  MIX_ROW_BOOL (LimiterParams, auto_release, "auto-release", "Auto release", 1,
      0, "Let go of short peaks faster and hold what is sustained"),
  MIX_ROW_BOOL (LimiterParams, true_peak, "true-peak", "True peak", 1, 0,
      "Limit the peaks between the samples, not only the samples"),
  MIX_ROW_DOUBLE (LimiterParams, link_percent, "link", "Link", "%", 0, 100, 100,
      0, "How far all channels but LFE take the gain of the loudest"),
};

static const MixRow readings[] = {
  MIX_ROW_DOUBLE (LimiterReadings, gain_reduction_db, "gain-reduction",
      "Gain reduction", "dB", 0, 400, 0, 0,
      "Largest reduction since the last reading"),
  MIX_ROW_DOUBLE (LimiterReadings, true_peak_db, "true-peak-level",
      "True peak level", "dB", -400, 200, -400, 0,
      "Highest true peak that left since the last reading"),
};

/* ---- Planning ----------------------------------------------------------- */

/* The largest power of two up to `most`, within 1 … MIX_TICK. */
static unsigned
step_frames (unsigned most)
{
  unsigned step = 1;
  while (2 * step <= most && step < MIX_TICK)
    step *= 2;
  return step;
}

static unsigned
at_least (unsigned value, unsigned least)
{
  return value > least ? value : least;
}

/* A quarter of the look-ahead rounds the dip off, the rest is its slope; it
 * rises again in half that time, for the release goes on from there. */
static MixDipPlan
plan_first (double look_ahead_ms, unsigned rate)
{
  unsigned frames = mix_frames_from_ms (look_ahead_ms, rate);
  MixDipPlan plan = { .step = step_frames (frames / 24) };
  unsigned steps = frames / plan.step;
  plan.flat = plan.step == 1 ? 2 : 1;
  plan.round = at_least (steps / 4, 2);
  unsigned used = plan.round + plan.flat + 1;
  plan.lead = steps > used ? steps - used : 1;
  plan.trail = (plan.lead + 1) / 2;
  return plan;
}

static MixDipPlan
plan_second (unsigned rate)
{
  unsigned frames = mix_frames_from_ms (SECOND_MS, rate);
  MixDipPlan plan = { .step = step_frames (frames / 10), .flat = 2 };
  plan.round = at_least (frames / plan.step, 4) - plan.flat;
  return plan;
}

/* A dip of any look-ahead at this rate spreads over no more steps. */
static unsigned
most_steps (unsigned rate)
{
  unsigned frames = mix_frames_from_ms (LONGEST_MS, rate);
  unsigned steps = at_least (frames / MIX_TICK, 48) + 16;
  return 2 * steps;
}

static unsigned
delay_of (const Limiter *self, unsigned stage)
{
  unsigned reach
      = stage == FIRST ? MIX_TRUE_PEAK_COARSE_REACH : MIX_TRUE_PEAK_FINE_REACH;
  return self->stage[stage].dip.delay + reach;
}

static unsigned
limiter_latency (const void *instance)
{
  const Limiter *self = instance;
  return MIX_TICK + delay_of (self, FIRST) + delay_of (self, SECOND);
}

/* ---- Memory ------------------------------------------------------------- */

/* Hands out parts of one block, or only counts when there is none. */
typedef struct {
  char *at;
  size_t used;
} Carver;

static void *
carve (Carver *carver, size_t count, size_t size)
{
  size_t bytes = (count * size + 63) / 64 * 64;
  void *part = carver->at ? carver->at + carver->used : NULL;
  carver->used += bytes;
  return part;
}

static unsigned
longest_delay (unsigned rate)
{
  unsigned frames = mix_frames_from_ms (LONGEST_MS + SECOND_MS, rate);
  return frames + 32 * MIX_TICK;
}

static void
carve_lane (Carver *carver, Lane *lane, unsigned rate)
{
  unsigned steps = most_steps (rate);
  for (unsigned s = 0; s < STAGES; s++) {
    lane->dip[s].recent
        = carve (carver, mix_dip_recent (steps), sizeof (float));
    for (unsigned b = 0; b < 2; b++)
      lane->dip[s].ring[b] = carve (carver, steps, sizeof (int64_t));
  }
}

static void
carve_all (Limiter *self, Carver *carver)
{
  unsigned rate = self->format.rate, channels = self->format.channels;
  unsigned keep = longest_delay (rate);
  unsigned length = mix_history_length (keep, MIX_TICK);
  self->ceilings_count = keep / MIX_TICK * 2 + SPARE_CEILINGS;
  self->ceilings = carve (carver, self->ceilings_count, sizeof (float));
  self->tick = carve (carver, channels, sizeof *self->tick);
  for (unsigned s = 0; s < STAGES; s++) {
    self->stage[s].shape = carve (carver, most_steps (rate), sizeof (float));
    mix_history_prepare (&self->history[s], length, keep);
    for (unsigned c = 0; c < channels; c++)
      self->audio[s][c] = carve (carver, length, sizeof (float));
  }
  for (unsigned c = 0; c < channels; c++)
    carve_lane (carver, &self->lane[c], rate);
}

/* ---- Parameters --------------------------------------------------------- */

/* The largest float that is not over the ceiling. */
static float
ceiling_gain (double db)
{
  double exact = mix_gain_from_db (db);
  float gain = (float)exact;
  return (double)gain > exact ? nextafterf (gain, 0) : gain;
}

static void
clear_audio (Limiter *self)
{
  for (unsigned s = 0; s < STAGES; s++)
    for (unsigned c = 0; c < self->format.channels; c++)
      memset (self->audio[s][c], 0, self->history[s].length * sizeof (float));
  memset (self->tick, 0, self->format.channels * sizeof *self->tick);
  memset (self->outline, 0, sizeof self->outline);
  for (unsigned i = 0; i < self->ceilings_count; i++)
    self->ceilings[i] = self->ceiling;
  self->fill = 0;
}

static void
clear (Limiter *self)
{
  clear_audio (self);
  for (unsigned c = 0; c < self->format.channels; c++)
    for (unsigned s = 0; s < STAGES; s++) {
      mix_dip_reset (&self->stage[s].dip, &self->lane[c].dip[s]);
      self->lane[c].release[s] = (MixRelease){ 0 };
    }
  self->join = self->link < 1;
}

static void
lay_out (Limiter *self)
{
  unsigned rate = self->format.rate;
  MixDipPlan first = plan_first (self->params.look_ahead_ms, rate);
  MixDipPlan second = plan_second (rate);
  mix_dip_prepare (&self->stage[FIRST].dip, &first, self->stage[FIRST].shape);
  mix_dip_prepare (
      &self->stage[SECOND].dip, &second, self->stage[SECOND].shape);
}

static void
set_goals (Limiter *self, const LimiterParams *params)
{
  unsigned rate = self->format.rate;
  self->params = *params;
  self->ceiling = ceiling_gain (params->ceiling_db);
  self->link = (float)(params->link_percent / 100);
  self->true_peak = params->true_peak;
  mix_smoother_set (&self->drive_db, params->drive_db);
  mix_release_prepare (&self->stage[FIRST].times, params->release_ms,
      params->auto_release, self->stage[FIRST].dip.step, rate);
  mix_release_prepare (&self->stage[SECOND].times, SECOND_RELEASE_MS, false,
      self->stage[SECOND].dip.step, rate);
}

static void
limiter_set (void *instance, const void *parameters)
{
  Limiter *self = instance;
  const LimiterParams *params = parameters;
  bool moved = params->look_ahead_ms != self->params.look_ahead_ms;
  self->params = *params;
  if (moved)
    lay_out (self);
  set_goals (self, params);
  if (moved)
    clear (self);
}

static void
limiter_reset (void *instance)
{
  Limiter *self = instance;
  clear (self);
  for (unsigned s = 0; s < STAGES; s++)
    self->history[s].end = self->history[s].keep;
  mix_smoother_snap (&self->drive_db);
  self->ceiling_at = 0;
  self->lowest_gain = 1;
  self->true_peak_level = 0;
}

static void
limiter_release (void *instance)
{
  Limiter *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

static void
find_linked (Limiter *self)
{
  self->leader = 0;
  for (unsigned c = self->format.channels; c-- > 0;) {
    self->linked[c] = self->format.speakers[c] != MIX_SPEAKER_LFE;
    if (self->linked[c])
      self->leader = c;
  }
}

static bool
limiter_prepare (void *instance, const MixFormat *format, const void *params)
{
  Limiter *self = instance, next = { .format = *format };
  Carver carver = { NULL, 0 };
  carve_all (&next, &carver);
  next.memory = mix_alloc (1, carver.used);
  if (!next.memory)
    return false;
  carver = (Carver){ next.memory, 0 };
  carve_all (&next, &carver);
  limiter_release (self);
  *self = next;
  self->kernels = mix_kernels ();
  mix_true_peak_prepare (&self->detector);
  mix_smoother_prepare (&self->drive_db, format->rate, SMOOTH_MS);
  find_linked (self);
  self->params = *(const LimiterParams *)params;
  lay_out (self);
  set_goals (self, params);
  limiter_reset (self);
  return true;
}

/* ---- Detection ---------------------------------------------------------- */

static inline float
larger (float a, float b)
{
  return a > b ? a : b;
}

static inline float
smaller (float a, float b)
{
  return a < b ? a : b;
}

static float
largest (const float *values, unsigned n)
{
  float most = values[0];
  for (unsigned i = 1; i < n; i++)
    most = larger (values[i], most);
  return most;
}

/* Takes in the newest tick but for its last sample, whose bend is not known
 * yet: the outline is one frame behind. */
static void
draw_outline (Limiter *self, unsigned stage, unsigned c)
{
  Outline *o = &self->outline[stage][c];
  const float *x = self->audio[stage][c] + self->history[stage].end;
  memmove (o->peak + 1, o->peak, (TICKS_BACK - 1) * sizeof *o->peak);
  memmove (o->bend + 1, o->bend, (TICKS_BACK - 1) * sizeof *o->bend);
  self->kernels->peak_and_bend (x - MIX_TICK - 1, o->peak, o->bend);
}

/* Levels of frames, which are overwritten, to needs of steps. False when there
 * are none; then nothing is written. */
static bool
find_needs (const Limiter *self, const MixDip *dip, float *level, float ceiling,
    float *need_db)
{
  unsigned steps = MIX_TICK;
  for (; steps > MIX_TICK / dip->step; steps /= 2)
    for (unsigned j = 0; j < steps / 2; j++)
      level[j] = larger (level[2 * j], level[2 * j + 1]);
  if (largest (level, steps) <= ceiling)
    return false;
  for (unsigned j = 0; j < steps; j++)
    level[j] /= ceiling;
  self->kernels->db_from_gain (need_db, level, steps);
  for (unsigned j = 0; j < steps; j++)
    need_db[j] = level[j] > 1 ? larger (need_db[j], 0) + ROUNDING_DB : 0;
  return true;
}

/* The lowest ceiling of `ticks` ticks, the latest of them `back` ticks ago. */
static float
lowest_ceiling (const Limiter *self, unsigned back, unsigned ticks)
{
  float lowest = 2;
  for (unsigned i = 0; i < ticks; i++) {
    unsigned at = self->ceiling_at + 2 * self->ceilings_count - back - i;
    lowest = smaller (lowest, self->ceilings[at % self->ceilings_count]);
  }
  return lowest;
}

static bool
detect_first (Limiter *self, unsigned c, float ceiling, float *need_db)
{
  const Outline *o = &self->outline[FIRST][c];
  const float *x = self->audio[FIRST][c] + self->history[FIRST].end - MIX_TICK
                   - MIX_TRUE_PEAK_COARSE_REACH;
  float level[MIX_TICK], peak = largest (o->peak, 2);
  float bound = peak + self->detector.coarse_bound * largest (o->bend, 2);
  if (self->true_peak && bound > ceiling)
    self->kernels->coarse_peaks (&self->detector.taps, x, level);
  else if (peak > ceiling)
    for (unsigned i = 0; i < MIX_TICK; i++)
      level[i] = fabsf (x[i]);
  else
    return false;
  return find_needs (self, &self->stage[FIRST].dip, level, ceiling, need_db);
}

/* Frames over the ceiling will be corrected to it. */
static void
take_true_peak (
    Limiter *self, const float *plain, const float *level, float ceiling)
{
  float peak[MIX_TICK];
  if (!self->true_peak)
    ceiling = 1e30f;
  for (unsigned i = 0; i < MIX_TICK; i++)
    peak[i] = plain[i] * ceiling / larger (level[i], ceiling);
  self->true_peak_level
      = larger (self->true_peak_level, self->kernels->peak (peak, MIX_TICK));
}

/* May the fine level of this tick be over the ceiling? `level` gets the coarse
 * one when that was needed to tell. */
static bool
may_exceed (const Limiter *self, const Outline *o, const float *x,
    float ceiling, float *level)
{
  const MixTruePeak *detector = &self->detector;
  float peak = largest (o->peak + 1, 2), bend = largest (o->bend, TICKS_BACK);
  float known = smaller (ceiling, self->true_peak_level);
  level[0] = -1;
  if (peak + detector->fine_bound * bend <= known)
    return false;
  self->kernels->coarse_peaks (&detector->taps, x, level);
  float coarse = MIX_TRUE_PEAK_SLACK * self->kernels->peak (level, MIX_TICK);
  return coarse + detector->fine_from_coarse * bend > ceiling;
}

/* For a mere reading the coarse level will do. */
static bool
detect_second (Limiter *self, unsigned c, float ceiling, float *need_db)
{
  const float *x = self->audio[SECOND][c] + self->history[SECOND].end - MIX_TICK
                   - MIX_TRUE_PEAK_FINE_REACH;
  float level[MIX_TICK], plain[MIX_TICK];
  bool may = may_exceed (self, &self->outline[SECOND][c], x, ceiling, level);
  if (may && self->true_peak) {
    self->kernels->fine_peaks (&self->detector.taps, x, level, plain);
    take_true_peak (self, plain, level, ceiling);
    return find_needs (self, &self->stage[SECOND].dip, level, ceiling, need_db);
  }
  if (level[0] >= 0)
    take_true_peak (self, level, level, ceiling);
  return false;
}

/* ---- Gains -------------------------------------------------------------- */

/* Raises each need by its share of the largest. */
static void
link_needs (const Limiter *self, float (*need_db)[MIX_TICK], unsigned steps)
{
  float most[MIX_TICK] = { 0 };
  for (unsigned c = 0; c < self->format.channels; c++)
    for (unsigned j = 0; self->linked[c] && j < steps; j++)
      most[j] = need_db[c][j] > most[j] ? need_db[c][j] : most[j];
  for (unsigned c = 0; c < self->format.channels; c++)
    for (unsigned j = 0; self->linked[c] && j < steps; j++)
      need_db[c][j]
          = self->link < 1
                ? need_db[c][j] + self->link * (most[j] - need_db[c][j])
                : most[j];
}

static bool
follows (const Limiter *self, unsigned c)
{
  return self->join == 0 && self->linked[c] && c != self->leader;
}

/* When the link is full, the lanes of the linked channels get the same needs.
 * Their releases are made one at once; the dips are the same, and one lane can
 * do for all, once what they remember has gone by. */
static void
join_lanes (Limiter *self)
{
  unsigned memory = 0;
  if (self->join == 0 || self->link < 1)
    return;
  Lane *lane = self->lane, *first = &lane[self->leader];
  for (unsigned s = 0; s < STAGES; s++) {
    for (unsigned c = 0; c < self->format.channels; c++)
      if (self->linked[c])
        mix_release_join (&first->release[s], &lane[c].release[s]);
    for (unsigned c = 0; c < self->format.channels; c++)
      if (self->linked[c])
        lane[c].release[s] = first->release[s];
    const MixDip *dip = &self->stage[s].dip;
    memory += mix_dip_memory (dip) * dip->step / MIX_TICK + 2;
  }
  if (++self->join > memory + TICKS_BACK)
    self->join = 0;
}

static void
part_lanes (Limiter *self)
{
  if (self->link >= 1)
    return;
  for (unsigned c = 0; self->join == 0 && c < self->format.channels; c++)
    for (unsigned s = 0; self->linked[c] && c != self->leader && s < STAGES;
         s++) {
      Lane *to = &self->lane[c], *from = &self->lane[self->leader];
      to->release[s] = from->release[s];
      mix_dip_copy (&self->stage[s].dip, &to->dip[s], &from->dip[s]);
    }
  self->join = 1;
}

/* Needs to the gains of the frames that leave the stage now; the lowest, or 0
 * when all are 1. */
static float
run_lane (
    Limiter *self, unsigned stage, unsigned c, float *need_db, float *gain)
{
  const Stage *s = &self->stage[stage];
  Lane *lane = &self->lane[c];
  for (unsigned j = 0; j < MIX_TICK / s->dip.step; j++)
    need_db[j]
        = mix_release_step (&s->times, &lane->release[stage], need_db[j]);
  return mix_dip_run (&s->dip, &lane->dip[stage], need_db, gain, self->kernels);
}

static void
apply_gain (
    Limiter *self, unsigned stage, unsigned c, float *out, const float *gain)
{
  const float *x = self->audio[stage][c] + self->history[stage].end - MIX_TICK
                   - delay_of (self, stage);
  if (gain)
    self->kernels->multiply (out, x, gain, MIX_TICK);
  else
    memcpy (out, x, MIX_TICK * sizeof *out);
}

typedef float Needs[MIX_MAX_CHANNELS][MIX_TICK];

static void
detect (Limiter *self, unsigned stage, float ceiling, Needs need_db)
{
  unsigned steps = MIX_TICK / self->stage[stage].dip.step;
  bool is_any = false, is_needed;
  for (unsigned c = 0; c < self->format.channels; c++) {
    draw_outline (self, stage, c);
    is_needed = stage == FIRST ? detect_first (self, c, ceiling, need_db[c])
                               : detect_second (self, c, ceiling, need_db[c]);
    if (!is_needed)
      memset (need_db[c], 0, steps * sizeof (float));
    is_any |= is_needed;
  }
  if (is_any && self->format.channels > 1)
    link_needs (self, need_db, steps);
}

/* From the newest tick in front of a stage to the tick behind it. Returns the
 * lowest gain. */
static float
run_stage (Limiter *self, unsigned stage, float ceiling, float *const *out)
{
  Needs need_db;
  float own[MIX_TICK], shared[MIX_TICK], lowest = 1, low = 0, shared_low = 0;
  detect (self, stage, ceiling, need_db);
  for (unsigned c = 0; c < self->format.channels; c++) {
    bool is_leader = c == self->leader, is_following = follows (self, c);
    float *gain = is_leader || is_following ? shared : own;
    low = is_following ? shared_low
                       : run_lane (self, stage, c, need_db[c], gain);
    if (is_leader)
      shared_low = low;
    if (low > 0)
      lowest = smaller (low, lowest);
    apply_gain (self, stage, c, out[c], low > 0 ? gain : NULL);
  }
  return lowest;
}

/* ---- Ticks -------------------------------------------------------------- */

static void
apply_drive (Limiter *self, float *out, const float *in, float from, float to)
{
  (void)self;
  if (from == 1 && to == 1)
    memcpy (out, in, MIX_TICK * sizeof *out);
  else
    for (unsigned i = 0; i < MIX_TICK; i++)
      out[i] = in[i] * (from + (to - from) * ((float)i * (1.f / MIX_TICK)));
}

/* Appends the gathered tick to the first history. */
static void
take_tick (Limiter *self)
{
  MixHistory *history = &self->history[FIRST];
  mix_smoother_tick (&self->drive_db);
  float from = (float)mix_gain_from_db (self->drive_db.from);
  float to = (float)mix_gain_from_db (self->drive_db.to);
  mix_history_make_room (
      history, self->audio[FIRST], self->format.channels, MIX_TICK);
  for (unsigned c = 0; c < self->format.channels; c++)
    apply_drive (
        self, self->audio[FIRST][c] + history->end, self->tick[c], from, to);
  history->end += MIX_TICK;
  self->ceiling_at = (self->ceiling_at + 1) % self->ceilings_count;
  self->ceilings[self->ceiling_at] = self->ceiling;
}

static void
clamp (float *out, float ceiling, unsigned from, unsigned to)
{
  for (unsigned i = from; i < to; i++) {
    float x = out[i] < ceiling ? out[i] : ceiling;
    out[i] = x > -ceiling ? x : -ceiling;
  }
}

/* What leaves lies across the ticks of two ceilings. */
static void
guard_tick (Limiter *self)
{
  unsigned lag = limiter_latency (self), back = lag / MIX_TICK;
  unsigned old = lag % MIX_TICK;
  float before = lowest_ceiling (self, back, 1);
  float after = lowest_ceiling (self, back - 1, 1);
  for (unsigned c = 0; c < self->format.channels; c++) {
    float peak = self->kernels->peak (self->tick[c], MIX_TICK);
    if (peak > smaller (before, after)) {
      clamp (self->tick[c], before, 0, old);
      clamp (self->tick[c], after, old, MIX_TICK);
      peak = smaller (peak, larger (before, after));
    }
    self->true_peak_level = larger (self->true_peak_level, peak);
  }
}

/* The lowest ceiling of what the detector of a stage looks at. */
static float
stage_ceiling (const Limiter *self, unsigned stage)
{
  unsigned age = stage == FIRST
                     ? MIX_TRUE_PEAK_COARSE_REACH
                     : delay_of (self, FIRST) + MIX_TRUE_PEAK_FINE_REACH;
  return lowest_ceiling (self, age / MIX_TICK, 2);
}

static void
run_tick (Limiter *self)
{
  float *out[MIX_MAX_CHANNELS];
  MixHistory *history = &self->history[SECOND];
  unsigned channels = self->format.channels;
  part_lanes (self);
  take_tick (self);
  mix_history_make_room (history, self->audio[SECOND], channels, MIX_TICK);
  for (unsigned c = 0; c < channels; c++)
    out[c] = self->audio[SECOND][c] + history->end;
  float first = run_stage (self, FIRST, stage_ceiling (self, FIRST), out);
  history->end += MIX_TICK;
  for (unsigned c = 0; c < channels; c++)
    out[c] = self->tick[c];
  float second = run_stage (self, SECOND, stage_ceiling (self, SECOND), out);
  self->lowest_gain = smaller (self->lowest_gain, first * second);
  guard_tick (self);
  join_lanes (self);
}

/* Gives out what the last tick left and gathers the next in its place. */
static void
exchange (float *restrict tick, float *out, const float *in, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    float x = in[i];
    out[i] = tick[i];
    tick[i] = x;
  }
}

static void
limiter_process (
    void *instance, float *const *out, const float *const *in, unsigned frames)
{
  Limiter *self = instance;
  for (unsigned at = 0, n; at < frames; at += n) {
    n = mix_min (MIX_TICK - self->fill, frames - at);
    for (unsigned c = 0; c < self->format.channels; c++)
      exchange (self->tick[c] + self->fill, out[c] + at, in[c] + at, n);
    self->fill += n;
    if (self->fill == MIX_TICK) {
      run_tick (self);
      self->fill = 0;
    }
  }
}

static void
limiter_read (void *instance, void *to)
{
  Limiter *self = instance;
  LimiterReadings *r = to;
  r->gain_reduction_db = -mix_db_from_gain ((double)self->lowest_gain);
  r->true_peak_db = mix_db_from_gain ((double)self->true_peak_level);
  self->lowest_gain = 1;
  self->true_peak_level = 0;
}

const MixUnit mix_limiter = {
  .name = "limiter",
  .summary = "True-peak look-ahead limiter with program-dependent release",
  .size = sizeof (Limiter),
  .params = MIX_TABLE (rows, LimiterParams),
  .readings = MIX_TABLE (readings, LimiterReadings),
  .prepare = limiter_prepare,
  .set = limiter_set,
  .reset = limiter_reset,
  .process = limiter_process,
  .read = limiter_read,
  .latency = limiter_latency,
  .release = limiter_release,
};
