/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rotations.h"

enum {
  N = MIX_REVERB_BLOCK,
  PAIRS = MIX_REVERB_PAIRS,
  STEP_BLOCKS = 4, /* from one angle of a pair to its next */
};

#define WIDEST_ANGLE 1.6 /* radians */
/* A mode's frequency deviation is the angle over the time of a pass: so longer
 * lines rotate farther, and the pitch is as stable in all. */
#define ANGLE_RATE 24.8 /* radians per second of the mean line */
#define SLOWEST_HZ 0.15
#define FASTEST_HZ 1.1
#define STRETCHED_SPEED 0.18 /* how much faster, per octave of the stretch */
#define GOLDEN 0.61803398874989485

void
mix_rotations_set_speed (MixRotations *rotations, double stretch)
{
  double faster = 1 + STRETCHED_SPEED * stretch;
  for (unsigned k = 0; k < PAIRS; k++) {
    double hz = faster * SLOWEST_HZ
                * pow (FASTEST_HZ / SLOWEST_HZ, (double)k / (PAIRS - 1));
    rotations->step[k] = mix_phasor (hz * STEP_BLOCKS * N / rotations->rate);
  }
}

void
mix_rotations_reset (MixRotations *rotations, double stretch, unsigned rate)
{
  *rotations = (MixRotations){ .rate = rate };
  for (unsigned k = 0; k < PAIRS; k++) {
    rotations->phasor[k] = mix_phasor (k * GOLDEN);
    rotations->cosine[k] = rotations->angles.cosine[k] = 0.25f;
  }
  mix_rotations_set_speed (rotations, stretch);
}

/* The next angle of a pair. Its sine is a series, within 2e-4 up to
 * WIDEST_ANGLE. */
static void
update_pair (MixRotations *rotations, unsigned k, double depth)
{
  MixReverbRotations *angles = &rotations->angles;
  MixPhasor *phasor = &rotations->phasor[k];
  *phasor
      = mix_phasor_normalise (mix_phasor_turn (*phasor, rotations->step[k]));
  double x = depth * phasor->sine, x2 = x * x;
  double sine = x * (1 - x2 / 6 * (1 - x2 / 20 * (1 - x2 / 42)));
  angles->cosine[k] = rotations->cosine[k];
  angles->sine[k] = rotations->sine[k];
  rotations->cosine[k] = (float)(0.25 * sqrt (fmax (0, 1 - sine * sine)));
  rotations->sine[k] = (float)(0.25 * sine);
  const float per_frame = 1.f / (STEP_BLOCKS * N);
  angles->cosine_slope[k]
      = (rotations->cosine[k] - angles->cosine[k]) * per_frame;
  angles->sine_slope[k] = (rotations->sine[k] - angles->sine[k]) * per_frame;
}

/* A quarter of the pairs gets the next angle, the others go on to theirs. */
void
mix_rotations_update (
    MixRotations *rotations, double amount, double mean_line_s)
{
  MixReverbRotations *angles = &rotations->angles;
  double depth = fmin (WIDEST_ANGLE, ANGLE_RATE * mean_line_s) * sqrt (amount);
  for (unsigned k = 0; k < PAIRS; k++)
    if (k % STEP_BLOCKS == rotations->quarter) {
      update_pair (rotations, k, depth);
    } else {
      angles->cosine[k] += angles->cosine_slope[k] * N;
      angles->sine[k] += angles->sine_slope[k] * N;
    }
  rotations->quarter = (rotations->quarter + 1) % STEP_BLOCKS;
}
