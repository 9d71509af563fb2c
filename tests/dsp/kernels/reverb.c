/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The reverberation's kernels against the definitions in kernels.h and
 * delay_network.h, computed in double.
 */
#include "each_level.h"

#include <string.h>

enum {
  N = MIX_REVERB_FRAMES,
  LINES = MIX_REVERB_LINES,
  PAIRS = MIX_REVERB_PAIRS,
  LANES = MIX_REVERB_LANES,
  GROUPS = MIX_REVERB_GROUPS,
};

typedef float Block[LINES][N];

static uint64_t random_state = 1;

static double
between (double low, double high)
{
  double u = (double)(check_random (&random_state) >> 11) / 9007199254740992.0;
  return low + u * (high - low);
}

static void
fill_block (Block block, unsigned seed)
{
  check_noise (block[0], LINES * N, 1, seed);
}

static void
note (double *worst, double want, float is)
{
  double off = fabs (want - (double)is);
  *worst = off <= *worst ? *worst : off; /* takes a NaN */
}

/* ---- Absorption --------------------------------------------------------- */

static MixReverbAbsorption
random_absorption (bool moving)
{
  static const double low[] = { 0.01, 0, 0.01, 0.01, 0.01, 0.2, -0.5, -0.5 };
  static const double high[] = { 0.5, 0.9, 0.5, 0.5, 0.5, 0.9, 0.5, 0.1 };
  MixReverbAbsorption a = { .moving = moving };
  for (unsigned s = 0; s < MIX_REVERB_SECTIONS; s++)
    for (unsigned k = 0; k < MIX_REVERB_WEIGHTS; k++)
      for (unsigned i = 0; i < LINES; i++) {
        a.weight[s][k][i] = (float)between (low[k], high[k]);
        a.slope[s][k][i] = moving ? (float)between (-1e-3, 1e-3) : 0;
      }
  return a;
}

static double
weight_at (const MixReverbAbsorption *a, unsigned s, unsigned k, unsigned line,
    unsigned i)
{
  return (double)a->weight[s][k][line] + (double)a->slope[s][k][line] * i;
}

static double
plain_section (const MixReverbAbsorption *absorption, unsigned s, unsigned line,
    unsigned i, double x, double *a, double *b)
{
  double w[MIX_REVERB_WEIGHTS];
  for (unsigned k = 0; k < MIX_REVERB_WEIGHTS; k++)
    w[k] = weight_at (absorption, s, k, line, i);
  double d = x - *b;
  double y = (s == 0 ? 1 : w[MIX_REVERB_TOP]) * x
             + w[MIX_REVERB_BAND] * (*a + w[MIX_REVERB_POLE] * d)
             + w[MIX_REVERB_LOW] * *b;
  *b += w[MIX_REVERB_LIFT] * *a + w[MIX_REVERB_PULL] * d;
  *a = w[MIX_REVERB_HOLD] * *a + w[MIX_REVERB_PUSH] * d;
  return y;
}

static void
test_absorb (void)
{
  static Block in, out;
  double worst = 0, most = 0;
  for (unsigned round = 0; round < 20; round++) {
    MixReverbAbsorption absorption = random_absorption (round % 2);
    MixReverbAbsorptionState state = { 0 };
    double a[2][LINES] = { { 0 } }, b[2][LINES] = { { 0 } };
    const float *from[LINES];
    for (unsigned i = 0; i < LINES; i++)
      from[i] = in[i];
    for (unsigned block = 0; block < 3; block++) {
      fill_block (in, 100 * round + block + 1);
      level->reverb_absorb (&absorption, &state, out, from);
      for (unsigned line = 0; line < LINES; line++)
        for (unsigned i = 0; i < N; i++) {
          double x = (double)in[line][i];
          for (unsigned s = 0; s < 2; s++)
            x = plain_section (
                &absorption, s, line, i, x, &a[s][line], &b[s][line]);
          note (&worst, x, out[line][i]);
          most = fmax (most, fabs (x));
        }
    }
  }
  figure ("absorption, off", worst / most, 1e-5, "");
}

/* ---- Early -------------------------------------------------------------- */

static MixReverbTaps
random_taps (void)
{
  MixReverbTaps taps;
  for (unsigned k = 0; k < MIX_REVERB_TAPS; k++) {
    taps.at[k] = (unsigned)between (0, ROOM - N);
    taps.gain[k] = (float)between (-1, 1);
  }
  return taps;
}

/* Frame i of one channel. */
static double
plain_early (const MixReverbEarlyAbsorption *early, const float *memory,
    const MixReverbTaps *taps, double state[GROUPS], unsigned i)
{
  double sum = 0;
  for (unsigned g = 0; g < GROUPS; g++) {
    double w[MIX_REVERB_EARLY_WEIGHTS], x = 0;
    for (unsigned k = 0; k < MIX_REVERB_EARLY_WEIGHTS; k++)
      w[k] = (double)early->weight[k][g] + (double)early->slope[k][g] * i;
    for (unsigned k = g * MIX_REVERB_GROUP_TAPS;
         k < (g + 1) * MIX_REVERB_GROUP_TAPS; k++)
      x += (double)taps->gain[k] * (double)memory[taps->at[k] + i];
    state[g] = w[MIX_REVERB_KEEP] * state[g] + w[MIX_REVERB_TAKE] * x;
    sum += w[MIX_REVERB_EARLY_DIRECT] * x + w[MIX_REVERB_EARLY_LOW] * state[g];
  }
  return sum;
}

static void
test_early (void)
{
  double worst = 0;
  Buffer memory = noise (1, 5);
  for (unsigned round = 0; round < 20; round++) {
    MixReverbEarlyAbsorption early = { .moving = round % 2 };
    MixReverbTaps left_taps = random_taps (), right_taps = random_taps ();
    float state[LANES] = { 0 }, left[N], right[N];
    double left_state[GROUPS] = { 0 }, right_state[GROUPS] = { 0 };
    for (unsigned k = 0; k < MIX_REVERB_EARLY_WEIGHTS; k++)
      for (unsigned g = 0; g < GROUPS; g++) {
        early.weight[k][g] = (float)between (0.1, 0.9);
        early.slope[k][g] = early.moving ? (float)between (-1e-3, 1e-3) : 0;
      }
    level->reverb_early (
        &early, state, left, right, memory.at, &left_taps, &right_taps);
    for (unsigned i = 0; i < N; i++) {
      note (&worst, plain_early (&early, memory.at, &left_taps, left_state, i),
          left[i]);
      note (&worst,
          plain_early (&early, memory.at, &right_taps, right_state, i),
          right[i]);
    }
  }
  figure ("early reflections, off", worst, 1e-5, "");
}

/* ---- Scattering --------------------------------------------------------- */

/* Sylvester's matrix: an entry's sign is the parity of what row and column have
 * in common. */
static double
plain_scattered (const double turned[LINES], unsigned row)
{
  double sum = 0;
  for (unsigned k = 0; k < LINES; k++)
    sum += __builtin_parity (row & k) ? -turned[k] : turned[k];
  return sum;
}

static void
test_scatter (void)
{
  static Block in, out;
  double worst = 0, gain = 0;
  for (unsigned round = 0; round < 20; round++) {
    MixReverbRotations rotations = { .cosine = { 0 } };
    double before = 0, after = 0;
    float *to[LINES];
    for (unsigned k = 0; k < PAIRS; k++) {
      double angle = round ? between (-1, 1) : 0;
      rotations.cosine[k] = (float)(0.25 * cos (angle));
      rotations.sine[k] = (float)(0.25 * sin (angle));
      rotations.cosine_slope[k] = round % 2 ? (float)between (-1e-3, 1e-3) : 0;
      rotations.sine_slope[k] = round % 2 ? (float)between (-1e-3, 1e-3) : 0;
    }
    fill_block (in, round + 1);
    for (unsigned k = 0; k < LINES; k++)
      to[k] = out[k];
    level->reverb_scatter (&rotations, to, (const float (*)[N])in);
    for (unsigned i = 0; i < N; i++) {
      double turned[LINES];
      for (unsigned k = 0; k < PAIRS; k++) {
        double c = (double)rotations.cosine[k]
                   + (double)rotations.cosine_slope[k] * i;
        double s
            = (double)rotations.sine[k] + (double)rotations.sine_slope[k] * i;
        double a = (double)in[k][i], b = (double)in[k + PAIRS][i];
        turned[k] = c * a - s * b;
        turned[k + PAIRS] = s * a + c * b;
      }
      for (unsigned k = 0; k < LINES; k++) {
        note (&worst, plain_scattered (turned, k), out[k][i]);
        before += (double)in[k][i] * in[k][i];
        after += (double)out[k][i] * out[k][i];
      }
    }
    if (round % 2 == 0)
      gain = fmax (gain, fabs (10 * log10 (after / before)));
  }
  figure ("scattering, off", worst, 2e-6, "");
  figure ("scattering, change of energy", gain, 1e-6, "dB");
}

/* ---- Sums and diffusers ------------------------------------------------- */

static void
test_sum (void)
{
  Buffer in = noise (1, 9);
  double worst = 0;
  for (unsigned count = 0; count <= 16; count++) {
    unsigned at[16];
    float gain[16], out[N] = { 1 }, slope = count % 2 ? 0.01f : 0;
    for (unsigned k = 0; k < count; k++) {
      at[k] = (unsigned)between (0, ROOM - N);
      gain[k] = (float)between (-1, 1);
    }
    level->reverb_sum (out, in.at, at, gain, count, 0.5f, slope);
    for (unsigned i = 0; i < N; i++) {
      double want = 0;
      for (unsigned k = 0; k < count; k++)
        want += (double)gain[k] * (double)in.at[at[k] + i];
      note (&worst, (i == 0) + want * (0.5 + (double)slope * i), out[i]);
    }
  }
  figure ("sum of taps, off", worst, 4e-6, "");
}

static void
test_feed (void)
{
  enum { ROWS = 5 };
  Buffer in = noise (1, 11);
  static Block out, want;
  float *to[ROWS], level_at[ROWS], slope[ROWS];
  const float *from[ROWS];
  double worst = 0;
  fill_block (out, 3);
  memcpy (want, out, sizeof want);
  for (unsigned k = 0; k < ROWS; k++) {
    to[k] = out[3 * k];
    from[k] = in.at + (unsigned)between (0, ROOM - N);
    level_at[k] = (float)between (-1, 1);
    slope[k] = k % 2 ? (float)between (-1e-2, 1e-2) : 0;
  }
  level->reverb_feed (to, from, level_at, slope, ROWS);
  for (unsigned row = 0; row < LINES; row++)
    for (unsigned i = 0, k = row / 3; i < N; i++) {
      double add = 0;
      if (row % 3 == 0 && k < ROWS)
        add = 4 * (double)from[k][i]
              * ((double)level_at[k] + (double)slope[k] * i);
      note (&worst, (double)want[row][i] + add, out[row][i]);
    }
  figure ("feed, off", worst, 4e-6, "");
}

/* An all-pass keeps the energy. */
static void
test_diffuse (void)
{
  enum { DELAY = 3 * N, BLOCKS = 200 };
  static float ring[(BLOCKS + 4) * N];
  float io[N];
  double in_energy = 1, out_energy = 0, worst = 0;
  memset (ring, 0, sizeof ring);
  for (unsigned block = 0; block < BLOCKS; block++) {
    float *to = ring + DELAY + block * N;
    memset (io, 0, sizeof io);
    io[3] = block == 0;
    level->reverb_diffuse (io, to, to - DELAY, 0.6f, 0);
    for (unsigned i = 0; i < N; i++) {
      unsigned n = block * N + i;
      out_energy += (double)io[i] * io[i];
      /* -g, then (1 - g^2) g^(k - 1) after k delays */
      double want = n == 3 ? -0.6
                    : n > 3 && (n - 3) % DELAY == 0
                        ? 0.64 * pow (0.6, (n - 3) / DELAY - 1)
                        : 0;
      note (&worst, want, io[i]);
    }
  }
  figure ("diffuser, off", worst, 1e-6, "");
  figure ("diffuser, change of energy",
      fabs (10 * log10 (out_energy / in_energy)), 1e-5, "dB");
}

static void
test_level (void)
{
  test_absorb ();
  test_early ();
  test_scatter ();
  test_sum ();
  test_feed ();
  test_diffuse ();
}

int
main (void)
{
  return at_every_level (test_level);
}
