/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernels of loops.c: against the truth, against the C level, at every
 * length and any alignment, and that a sample's bits do not depend on where in
 * a call it stands (the loops have vector bodies and scalar ends).
 */
#include "each_level.h"

#include <string.h>

enum {
  MOST = 9, /* channels */
};

/* ---- Planar and interleaved --------------------------------------------- */

static unsigned
count_wrong_layouts (unsigned channels, unsigned n, unsigned shift)
{
  static Buffer planes[MOST], mixed;
  float *rows[MOST];
  unsigned wrong = 0;
  Buffer source = noise (1, 1 + n);
  for (unsigned c = 0; c < channels; c++) {
    fill (&planes[c], GUARD);
    rows[c] = planes[c].at + shift + c % 2;
  }
  level->deinterleave (rows, source.at + shift, channels, n);
  for (unsigned c = 0; c < channels; c++) {
    wrong += !is_guarded (&planes[c], shift + c % 2, n);
    for (unsigned i = 0; i < n; i++)
      wrong += rows[c][i] != source.at[shift + i * channels + c];
  }
  fill (&mixed, GUARD);
  level->interleave (mixed.at + shift, (const float *const *)rows, channels, n);
  wrong += !is_guarded (&mixed, shift, n * channels);
  wrong += memcmp (mixed.at + shift, source.at + shift,
               n * channels * sizeof (float))
           != 0;
  return wrong;
}

static void
test_layouts (void)
{
  unsigned wrong = 0;
  for (unsigned channels = 1; channels <= MOST; channels++)
    for (unsigned n = 0; n < LENGTHS; n++)
      for (unsigned shift = 1; shift < SHIFTS; shift++)
        wrong += count_wrong_layouts (channels, n, shift);
  figure ("interleave and back, wrong", wrong, 0, "");
}

/* ---- Searches ----------------------------------------------------------- */

static void
test_is_sane (void)
{
  static const float bad[]
      = { NAN, -NAN, INFINITY, -INFINITY, 1.0001e9f, -1.0001e9f, 3e38f };
  static const float good[] = { 1e9f, -1e9f, 0, -0.f, 1e-42f, -1e-42f };
  unsigned wrong = 0;
  for (unsigned n = 0; n < LENGTHS; n++)
    for (unsigned shift = 0; shift < SHIFTS; shift++) {
      Buffer b = noise (1, 5);
      b.at[shift + n] = NAN;
      wrong += !level->is_sane (b.at + shift, n);
      for (unsigned i = 0; i < n; i++) {
        float was = b.at[shift + i];
        b.at[shift + i] = bad[(i + n) % 7];
        wrong += level->is_sane (b.at + shift, n);
        b.at[shift + i] = good[(i + n) % 6];
        wrong += !level->is_sane (b.at + shift, n);
        b.at[shift + i] = was;
      }
    }
  figure ("is_sane, wrong", wrong, 0, "");
}

static void
test_peak (void)
{
  unsigned wrong = 0;
  for (unsigned n = 0; n < LENGTHS; n++)
    for (unsigned shift = 0; shift < SHIFTS; shift++) {
      Buffer b = noise (1, 6 + n);
      b.at[shift + n] = 2;
      float most = 0;
      for (unsigned i = 0; i < n; i++)
        most = fmaxf (most, fabsf (b.at[shift + i]));
      wrong += level->peak (b.at + shift, n) != most;
      for (unsigned i = 0; i < n; i++) {
        float was = b.at[shift + i];
        b.at[shift + i] = i % 2 ? 3 : -3;
        wrong += level->peak (b.at + shift, n) != 3;
        b.at[shift + i] = was;
      }
    }
  figure ("peak, wrong", wrong, 0, "");
}

/* ---- Sample by sample --------------------------------------------------- */

/* One kernel for the loop below: out from in and a second input. */
typedef void (*Apply) (const MixKernels *k, float *out, const float *in,
    const float *by, unsigned n);

static void
apply_max_abs (const MixKernels *k, float *out, const float *in,
    const float *by, unsigned n)
{
  memmove (out, by, n * sizeof *out);
  k->max_abs (out, in, n);
}

static void
apply_add_square (const MixKernels *k, float *out, const float *in,
    const float *by, unsigned n)
{
  memmove (out, by, n * sizeof *out);
  k->add_square (out, in, 0.3f, n);
}

static void
apply_multiply (const MixKernels *k, float *out, const float *in,
    const float *by, unsigned n)
{
  k->multiply (out, in, by, n);
}

static void
apply_multiply_in_place (const MixKernels *k, float *out, const float *in,
    const float *by, unsigned n)
{
  memmove (out, in, n * sizeof *out);
  k->multiply (out, out, by, n);
}

static void
apply_db (const MixKernels *k, float *out, const float *in, const float *by,
    unsigned n)
{
  (void)by;
  k->db_from_gain (out, in, n);
}

static void
apply_db_in_place (const MixKernels *k, float *out, const float *in,
    const float *by, unsigned n)
{
  (void)by;
  memmove (out, in, n * sizeof *out);
  k->db_from_gain (out, out, n);
}

static void
apply_gain (const MixKernels *k, float *out, const float *in, const float *by,
    unsigned n)
{
  (void)by;
  k->gain_from_db (out, in, n);
}

static void
apply_gain_in_place (const MixKernels *k, float *out, const float *in,
    const float *by, unsigned n)
{
  (void)by;
  memmove (out, in, n * sizeof *out);
  k->gain_from_db (out, out, n);
}

/* Real part and half the imaginary part. */
static void
apply_complex (const MixKernels *k, float *out, const float *in,
    const float *by, unsigned n)
{
  static float other[ROOM];
  memset (out, 0, n * sizeof *out);
  memset (other, 0, n * sizeof *other);
  k->add_complex_product (out, other, in, by, in + 1, by + 2, n);
  for (unsigned i = 0; i < n; i++)
    out[i] += 0.5f * other[i];
}

static const struct {
  const char *name;
  Apply apply;
  bool exact;              /* the same bits at every level */
  double tolerance, scale; /* against the C level; of the inputs */
} loops[] = {
  { "max_abs", apply_max_abs, true, 0, 1 },
  { "add_square", apply_add_square, false, 1e-6, 1 },
  { "multiply", apply_multiply, true, 0, 1 },
  { "multiply in place", apply_multiply_in_place, true, 0, 1 },
  { "db_from_gain", apply_db, false, 4e-4, 1 },
  { "db_from_gain in place", apply_db_in_place, false, 4e-4, 1 },
  { "gain_from_db", apply_gain, false, 4e-5, 6 },
  { "gain_from_db in place", apply_gain_in_place, false, 4e-5, 6 },
  { "add_complex_product", apply_complex, false, 2e-6, 1 },
};

/* Every stretch of the input must give what one long call of the C level
 * gives, and in every bit what one long call of this level gives. */
static void
test_loop (unsigned which)
{
  static Buffer want, whole, out;
  Buffer in = noise (loops[which].scale, 11), by = noise (1, 12);
  unsigned span = LENGTHS + SHIFTS, torn = 0, spilt = 0;
  double worst = 0;
  loops[which].apply (reference, want.at, in.at, by.at, span);
  loops[which].apply (level, whole.at, in.at, by.at, span);
  for (unsigned i = 0; i < span; i++)
    worst = fmax (worst, fabs ((double)whole.at[i] - want.at[i]));
  for (unsigned n = 0; n < LENGTHS; n++)
    for (unsigned shift = 0; shift < SHIFTS; shift++) {
      fill (&out, GUARD);
      float *at = out.at + 16 + (shift * 5) % 8;
      loops[which].apply (level, at, in.at + shift, by.at + shift, n);
      torn += memcmp (at, whole.at + shift, n * sizeof (float)) != 0;
      spilt += !is_guarded (&out, (unsigned)(at - out.at), n);
    }
  char name[80];
  snprintf (name, sizeof name, "%s off the C level", loops[which].name);
  figure (name, worst, loops[which].tolerance, "");
  snprintf (name, sizeof name, "%s depends on the cut", loops[which].name);
  figure (name, torn, 0, "");
  snprintf (name, sizeof name, "%s writes beyond", loops[which].name);
  figure (name, spilt, 0, "");
}

/* ---- Logarithm and exponential ------------------------------------------ */

static void
test_db_from_gain (void)
{
  enum { STEPS = 400000 };
  double worst = 0;
  for (unsigned i = 0; i < STEPS; i += 8) {
    float in[8], out[8];
    for (unsigned k = 0; k < 8; k++)
      in[k] = (float)((k % 2 ? -1 : 1)
                      * pow (10, -19.99 + (i + k) * (38.0 + 19.99) / STEPS));
    level->db_from_gain (out, in, 8);
    for (unsigned k = 0; k < 8; k++)
      worst = fmax (worst, fabs (out[k] - 20 * log10 (fabs ((double)in[k]))));
  }
  figure ("db_from_gain off the truth", worst, 2e-4, "dB");
  /* All of one octave around 1, where small differences matter most. */
  worst = 0;
  for (unsigned i = 0; i < 1u << 23; i += 8 * 3) {
    float in[8], out[8];
    for (unsigned k = 0; k < 8; k++)
      in[k] = 0.7f + (float)(i + k) / (1u << 23);
    level->db_from_gain (out, in, 8);
    for (unsigned k = 0; k < 8; k++)
      worst = fmax (worst, fabs (out[k] - 20 * log10 ((double)in[k])));
  }
  figure ("db_from_gain off the truth near 1", worst, 2e-6, "dB");
  float soft[] = { 0, -0.f, 1e-30f, 1e-42f, 1e-20f, 9e-21f, 1, -1 }, out[8];
  level->db_from_gain (out, soft, 8);
  worst = 0;
  for (unsigned k = 0; k < 6; k++)
    worst = fmax (worst, fabs (out[k] + 400.0));
  figure ("db_from_gain of nothing, off -400", worst, 2e-4, "dB");
  figure ("db_from_gain of 1", fabs (out[6]) + fabs (out[7]), 0, "dB");
}

static void
test_gain_from_db (void)
{
  enum { STEPS = 400000 };
  double worst = 0;
  for (unsigned i = 0; i < STEPS; i += 8) {
    float in[8], out[8];
    for (unsigned k = 0; k < 8; k++)
      in[k] = (float)(-700 + 1400.0 * (i + k) / STEPS);
    level->gain_from_db (out, in, 8);
    for (unsigned k = 0; k < 8; k++)
      worst = fmax (worst, fabs (20 * log10 ((double)out[k]) - in[k]));
  }
  figure ("gain_from_db off the truth", worst, 2e-4, "dB");
  worst = 0;
  for (unsigned i = 0; i < STEPS; i += 8) {
    float in[8], out[8];
    for (unsigned k = 0; k < 8; k++)
      in[k] = (float)(-60 + 120.0 * (i + k) / STEPS);
    level->gain_from_db (out, in, 8);
    for (unsigned k = 0; k < 8; k++)
      worst = fmax (worst, fabs (20 * log10 ((double)out[k]) - in[k]));
  }
  figure ("gain_from_db off the truth within 60 dB", worst, 1e-5, "dB");
  float none[LENGTHS] = { 0 }, one[LENGTHS];
  none[3] = -0.f;
  level->gain_from_db (one, none, LENGTHS);
  unsigned wrong = 0;
  for (unsigned i = 0; i < LENGTHS; i++)
    wrong += one[i] != 1;
  figure ("gain_from_db of 0 is not 1", wrong, 0, "");
}

static void
test (void)
{
  test_layouts ();
  test_is_sane ();
  test_peak ();
  for (unsigned i = 0; i < sizeof loops / sizeof *loops; i++)
    test_loop (i);
  test_db_from_gain ();
  test_gain_from_db ();
}

int
main (void)
{
  return at_every_level (test);
}
