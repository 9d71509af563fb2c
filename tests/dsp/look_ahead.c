/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Units with a look-ahead: one that is changed while a driven tone plays, and
 * the moment at which what is set is heard.
 *
 * For a change the unit is drained, set and fed on as unit.h says, and what was
 * heard before and after is joined. The tone itself has nothing above 6 kHz, so
 * whatever is there is a click.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "units/units.h"

#define RATE 48000
#define SETTLE RATE
#define PERIOD 7231 /* frames between changes: at another phase each */
#define CHANGES 8
#define FRAMES (SETTLE + CHANGES * PERIOD)
#define MOST_LATENCY 4000
#define ABOVE 6000.0
/* Nothing louder may come with a change: 70 dB under the ceiling or, where the
 * steady stream itself has more up there, 3 dB over that. A limiter with 0.5 ms
 * has no more time than that to hold the true peak of the cut, which it must,
 * as silence might follow. */
#define LEAST_DBFS (-71.0)
#define MARGIN_DB 3.0
#define SHORTEST_DBFS (-45.0)

typedef struct {
  const MixUnit *unit;
  const char *name;
  const struct {
    const char *name;
    double value;
  } settings[4];
} Case;

static const Case cases[] = {
  { &mix_limiter, "limiter, 12 dB over", { { "drive", 12 } } },
  { &mix_limiter, "limiter, own channels, plain release",
      { { "drive", 12 }, { "link", 0 }, { "auto-release", 0 } } },
  { &mix_compressor, "compressor", { { "threshold", -30 }, { "ratio", 10 } } },
  { &mix_compressor, "compressor, quick, own channels",
      { { "threshold", -30 }, { "attack", 0.1 }, { "link", 0 },
          { "makeup", 6 } } },
  { &mix_compressor, "compressor, upward",
      { { "threshold", -1 }, { "ratio", 3 }, { "mode", 1 } } },
  { &mix_compressor, "compressor, listening",
      { { "threshold", -30 }, { "sidechain-low-cut", 300 },
          { "sidechain-listen", 1 } } },
};

static void *
params_of (const Case *the, double look_ahead)
{
  void *params = check_params (the->unit);
  for (unsigned i = 0; i < 4 && the->settings[i].name; i++)
    check_set (
        the->unit, params, the->settings[i].name, the->settings[i].value);
  check_set (the->unit, params, "look-ahead", look_ahead);
  return params;
}

static CheckAudio
part (const CheckAudio *audio, unsigned from, unsigned to)
{
  CheckAudio view = { .channels = audio->channels, .frames = to - from };
  for (unsigned c = 0; c < audio->channels; c++)
    view.c[c] = audio->c[c] + from;
  return view;
}

/* As a host feeds the frames `from` … `to` and gets them back in place, all
 * that is inside included. */
static void
feed_and_drain (const MixUnit *unit, void *self, const CheckAudio *audio,
    unsigned from, unsigned to)
{
  unsigned n = to - from, latency = unit->latency (self);
  CheckAudio work = check_audio (audio->channels, n + latency);
  for (unsigned c = 0; c < audio->channels; c++)
    memcpy (work.c[c], audio->c[c] + from, n * sizeof (float));
  CheckAudio first = part (&work, 0, n), rest = part (&work, n, n + latency);
  check_process (unit, self, &first, &first, 1000);
  check_process (unit, self, &rest, &rest, 700);
  for (unsigned c = 0; c < audio->channels; c++)
    memcpy (audio->c[c] + from, work.c[c] + latency, n * sizeof (float));
  check_audio_free (&work);
}

/* Loudest that lies above ABOVE, from SETTLE on. */
static double
loudest_above (const CheckAudio *audio)
{
  static float high[FRAMES];
  double peak = 1e-9;
  for (unsigned c = 0; c < audio->channels; c++) {
    check_high_pass (high, audio->c[c], FRAMES, ABOVE, RATE);
    peak = fmax (peak,
        check_peak (high + SETTLE / 2, FRAMES - MOST_LATENCY - SETTLE / 2));
  }
  return mix_db_from_gain (peak);
}

static void
fill_tones (const CheckAudio *audio, double hz)
{
  for (unsigned c = 0; c < audio->channels; c++)
    for (unsigned i = 0; i < audio->frames; i++)
      audio->c[c][i]
          = (float)(sin (2 * MIX_PI * hz * i / RATE + 0.7 * c) / (1 + 2 * c));
}

/* With `from` for `to` it is the steady stream. */
static double
click_of (const Case *the, double hz, double from, double to)
{
  CheckAudio audio = check_audio (2, FRAMES);
  void *params[2] = { params_of (the, from), params_of (the, to) };
  void *self = check_new_unit (the->unit, RATE, 2, params[0]);
  fill_tones (&audio, hz);
  if (from == to) {
    feed_and_drain (the->unit, self, &audio, 0, FRAMES);
  } else {
    feed_and_drain (the->unit, self, &audio, 0, SETTLE);
    for (unsigned k = 0; k < CHANGES; k++) {
      unsigned at = SETTLE + k * PERIOD;
      the->unit->set (self, params[(k + 1) % 2]);
      feed_and_drain (the->unit, self, &audio, at, at + PERIOD);
    }
  }
  double click = loudest_above (&audio);
  check_free_unit (the->unit, self);
  check_audio_free (&audio);
  free (params[0]);
  free (params[1]);
  return click;
}

static void
test_change (const Case *the, double hz, double low, double high)
{
  char name[120];
  double steady
      = fmax (click_of (the, hz, low, low), click_of (the, hz, high, high));
  bool is_shortest = the->unit == &mix_limiter && low == 0.5;
  snprintf (name, sizeof name,
      "%s, %g Hz, look-ahead %g and %g ms: above 6 kHz (steady %.1f)",
      the->name, hz, low, high, steady);
  check_figure (name, click_of (the, hz, high, low), -INFINITY,
      is_shortest ? SHORTEST_DBFS : fmax (LEAST_DBFS, steady + MARGIN_DB),
      "dBFS");
}

static void
test_changes (const Case *the, double hz)
{
  bool is_limiter = the->unit == &mix_limiter;
  test_change (the, hz, is_limiter ? 2 : 0, 5);
  test_change (the, hz, 3, 20);
  if (is_limiter)
    test_change (the, hz, 0.5, 5);
}

/* ---- Automation --------------------------------------------------------- */

typedef struct {
  const char *name;
  double from, to, amplitude;
} Move;

/* ms from `set` to where half the way is covered: in dB, or in amplitude. */
static double
lag_of (const Case *the, double look_ahead, Move move, bool in_db)
{
  enum { AT = RATE + 17, END = 3 * RATE, CYCLE = 8 };
  CheckAudio audio = check_audio (1, END);
  void *params = params_of (the, look_ahead);
  check_sine (audio.c[0], END, (double)RATE / CYCLE, RATE, move.amplitude);
  check_set (the->unit, params, move.name, move.from);
  void *self = check_new_unit (the->unit, RATE, 1, params);
  check_process_span (the->unit, self, &audio, &audio, 0, AT);
  check_set (the->unit, params, move.name, move.to);
  the->unit->set (self, params);
  check_process_span (the->unit, self, &audio, &audio, AT, END);
  double before = check_rms (audio.c[0] + AT - 4 * CYCLE, CYCLE);
  double after = check_rms (audio.c[0] + END - CYCLE, CYCLE);
  double half = in_db ? sqrt (before * after) : (before + after) / 2;
  unsigned i = AT - 3000;
  while (i < END - CYCLE
         && (check_rms (audio.c[0] + i - CYCLE / 2, CYCLE) < half)
                == (before < half))
    i++;
  check_free_unit (the->unit, self);
  check_audio_free (&audio);
  free (params);
  return ((double)i - AT) * 1000 / RATE;
}

static double
latency_ms (const Case *the, double look_ahead)
{
  void *params = params_of (the, look_ahead);
  void *self = check_new_unit (the->unit, RATE, 1, params);
  double ms = the->unit->latency (self) * 1000.0 / RATE;
  check_free_unit (the->unit, self);
  free (params);
  return ms;
}

/* A compressor's setting acts on the sound that leaves, whatever the
 * look-ahead. */
static void
test_automation_behind (void)
{
  const Case quick
      = { &mix_compressor, "", { { "attack", 1 }, { "release", 1 } } };
  const Move moves[] = { { "makeup", 0, 12, 0.1 }, { "makeup", 12, 0, 0.1 },
    { "threshold", 0, -30, 0.9 }, { "threshold", -30, 0, 0.9 },
    { "mix", 0, 100, 0.9 }, { "mix", 100, 0, 0.9 } };
  char name[80];
  for (unsigned m = 0; m < sizeof moves / sizeof *moves; m++) {
    snprintf (name, sizeof name, "compressor, look-ahead 20: %s %g to %g after",
        moves[m].name, moves[m].from, moves[m].to);
    check_figure (name, lag_of (&quick, 20, moves[m], m < 4), 0, 10, "ms");
  }
}

/* A limiter's acts on the sound that enters: counted from where that leaves. */
static void
test_automation_ahead (void)
{
  const Case limiter = { &mix_limiter, "", { { "drive", 12 } } };
  const double look_aheads[] = { 0.5, 5, 20 };
  char name[80];
  CHECK (mix_limiter.flags & MIX_UNIT_SETS_ENTERING, "limiter");
  CHECK (!(mix_compressor.flags & MIX_UNIT_SETS_ENTERING), "compressor");
  for (unsigned k = 0; k < 3; k++) {
    double ms = look_aheads[k], lag = latency_ms (&limiter, ms);
    snprintf (name, sizeof name, "limiter, look-ahead %g: a ceiling falls", ms);
    check_figure (name,
        lag_of (&limiter, ms, (Move){ "ceiling", -1, -13, 1 }, true) - lag, -10,
        0, "ms");
    snprintf (name, sizeof name, "limiter, look-ahead %g: drive rises", ms);
    check_figure (name,
        lag_of (&limiter, ms, (Move){ "drive", -20, -8, 0.5 }, true) - lag, 0,
        10, "ms");
  }
}

int
main (void)
{
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    test_changes (&cases[i], 1000);
    test_changes (&cases[i], 50);
  }
  test_automation_behind ();
  test_automation_ahead ();
  return check_end ();
}
