/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "design_points.h"

/* One matching point as a function of the band. With b = k q^-e A^-a + m B,
 * where B = sinh (ln (A) / 2) is a shelf's half width, the point is at f (sqrt
 * (1 + b^2) +- b), limited by a soft minimum with the ceiling (low + high q') /
 * (mid + q'), q' = q A^t. */
typedef struct {
  double k, e, a, m;
  double low, high, mid, sharpness;
} Anchor;

/* The point set of a filter type; frequencies are fractions of Nyquist.
 * The highest interior point is a soft maximum of two curves: one follows the
 * width of the band, the other the frequency. The last point is the frequency
 * whose analogue gain the digital filter gets at Nyquist: below 1, since there
 * the slope of the digital response is zero and that of the analogue is not. */
struct MixPoints {
  Anchor lower, middle, upper;
  double tilt;                      /* t of the ceilings */
  double rise, rise3;               /* second curve: f (rise + rise3 f^3) */
  double low, high, mid, sharpness; /* … and its ceiling */
  double join;                      /* sharpness of the soft maximum */
  double end, end_f, end_power, end_q;
  double past; /* the frequency used for bands far above Nyquist */
};

/* Fitted off line (see the head of design.c). The errors that the fit ended
 * with, in dB below rate / 8, and up to 0.907 of Nyquist (20 kHz at 44.1 kHz),
 * over all frequencies up to Nyquist; for cuts the whole cascade down to -24
 * dB. The larger errors in design.h were found by a denser search.
 *   bell        12 dB 0.027 0.34   24 dB 0.042 0.56   36 dB 0.11 0.96
 *   shelves     12 dB 0.026 0.46   24 dB 0.032 0.49   36 dB 0.044 0.55
 *               (q up to 1.2; for more see design_shelf.c)
 *   tilt        36 dB 0.002 0.024
 *   high cut    order 2 0.019 0.24   order 8 0.032 0.50   order 16 0.055 0.72
 *   low cut     order 2 0.007 0.14   order 8 0.034 0.58   order 16 0.053 0.96
 *   band pass   0.064 0.69 (down to -40 dB)
 *   notch       0.061 0.84, from q 1 on 0.041 0.65 */
/* clang-format off */
const MixPoints mix_points_bell = {
  {0.14702, 2.208, 1.0337, 0., 2.4414, 1.9022, 16.601, 3.429},
  {0.065124, -0.42138, -0.47248, 0., 5.4996, 20.268, 2.5515, 0.75448},
  {2.428, 0.90407, 0.20827, 0., 0., 0.24188, 0., 1.277},
  -0.29183, 0.99993, 0.0028064, 0.3344, 1.7445, 0.68204, 10.519, 11.831,
  0.89057, 0.086887, 3.7543, 0.013938, .78};
const MixPoints mix_points_shelf = {
  {0.30212, 2.4889, 1.2185, 0.82877, 4.1658, 14.631, 37.79, 3.9652},
  {0.37117, 0.17399, -0.35977, 0., 4.6015, 23.257, 27.415, 0.85039},
  {0.39743, 1.2683, -0.0021978, 1.2158, 0., 0.22902, 0., 5.4578},
  -0.57969, 0.94841, 0.0272, 0.18609, 1.4104, 0.53568, 2.2022, 12.808,
  0.88485, 0.038431, 0.53724, 0.02524, .998};
const MixPoints mix_points_tilt = {
  {0.12879, 1.4411, 1.5347, 0.013432, 4.1275, 7.764, 28.107, 2.1292},
  {0.50633, 0.18517, -0.60563, 0., 3.3856, 29.262, 17.811, 1.1139},
  {7.7557, 3.1555, -0.53274, 0.12951, 0., 0.6466, 0., 24.},
  -0.45044, 5.1738, 1.5994, 0.24164, 0.59136, 0.43072, 1.4394, 2.5742,
  0.93021, 0.020412, 0.24162, 0.0013352, .998};
const MixPoints mix_points_band_pass = {
  {-0.00051796, 6.4324, 0., 0., 1.899, 0.22335, 13.307, 6.5484},
  {0.034046, -0.51864, 0., 0., -0.31953, 18.217, 28.104, 0.86557},
  {92.566, 1.4007, 0., 0., 0., 0.18491, 0., 1.4467},
  0., 1.0011, 0.034707, 1.1436, 1.0076, 1.4766, 9.2796, 7.1372,
  0.86579, 0.038177, 5.8758, 0.072424, .78};
const MixPoints mix_points_high_cut = {
  {-0.001666, 6.0948, 0., 0., -0.02437, 0.34548, 0.1477, 2.1328},
  {0.067065, 2.4634, 0., 0., 0.23418, 0.98003, 0.48163, 7.5787},
  {0.72733, 1.6116, 0., 0., 0., 0.87425, 0., 24.},
  0., 1.1991, -0.030297, 0.18195, 0.57018, 0.24779, 3.7995, 4.97,
  0.89427, 0.031794, 0.12739, 0.031691, .998};
const MixPoints mix_points_low_cut = {
  {0.87257, 1.1868, 0., 0., 2.7611, 33.273, 21.131, 1.3805},
  {0.26026, -0.43609, 0., 0., 1.4067, 44.224, 35.419, 0.7},
  {0.14022, 0.002521, 0., 0., 0., 0.2565, 0., 6.1346},
  0., 0.99848, 0.083397, 0.32267, 0.92653, 0.34085, 11.284, 23.572,
  0.80617, 0.080184, 0.63137, 0.09138, .95};
const MixPoints mix_points_high_cut1 = {
  {-0.22164, 2.0956, 0., 0., 1.9293, 7.8537, 26.6, 3.7887},
  {1.2679, 1.5958, 0., 0., 8.1584, 26.937, 30.642, 1.3464},
  {11.157, 0.50985, 0., 0., 0., 0.18291, 0., 2.2609},
  0., 25.647, -1.0759, 0.17326, 1.3528, 0.6234, 3.1368, 1.8275,
  0.92795, 0.0472, 0.31588, -0.05316, .998};
const MixPoints mix_points_low_cut1 = {
  {-0.055949, 3.5364, 0., 0., 8.3283, 9.2818, 59.201, 0.7429},
  {0.069123, 1.2012, 0., 0., 3.8616, 46.361, 18.389, 0.77208},
  {0.91071, 0.34246, 0., 0., 0., 0.079859, 0., 1.5374},
  0., 1.5249, -0.053167, 0.44482, 0.35965, 0.47706, 3.5745, 16.923,
  0.89385, 0.065898, 0.36393, -0.025521, .998};
/* clang-format on */

static double
anchor_at (const Anchor *an, double f, double sign, double log_q,
    double log_gain, double half_width, double qt)
{
  double b
      = an->k * exp (-an->e * log_q - an->a * log_gain) + an->m * half_width;
  double ceiling = (an->low + an->high * qt) / (an->mid + qt);
  return mix_soft_min (
      f * (sqrt (1. + b * b) + sign * b), ceiling, an->sharpness);
}

/* Of a band above Nyquist only a flank lies below it, and the points need not
 * follow the band any more. For some types the points of a band at Nyquist
 * nearly coincide: there they return to those of a lower band. */
static double
below_nyquist (double f, double past)
{
  return f <= .998 ? f : fmax (past, .998 - 4. * (f - .998));
}

/* Near the larger one; the larger `join`, the sharper the corner. */
static double
soft_max (double a, double b, double join)
{
  double top = fmax (a, b);

  return top * pow (pow (a / top, join) + pow (b / top, join), 1. / join);
}

void
mix_points_place (
    const MixPoints *pt, double band_f, double A, double q, double x[4])
{
  double f = below_nyquist (band_f, pt->past);
  double lq = log (q), lA = log (A), qt = exp (lq + pt->tilt * lA);
  double root = sqrt (A), half_width = .5 * (root - 1. / root);
  double follow;

  x[2] = anchor_at (&pt->upper, f, 1., lq, lA, half_width, qt);
  follow = mix_soft_min (f * (pt->rise + pt->rise3 * f * f * f),
      (pt->low + pt->high * qt) / (pt->mid + qt), pt->sharpness);
  x[2] = mix_soft_min (soft_max (x[2], follow, pt->join), .955, 30.);

  /* distinct points: else the equations are not independent */
  x[1] = mix_soft_min (
      anchor_at (&pt->middle, f, 1., lq, lA, half_width, qt), .985 * x[2], 16.);
  x[0] = mix_soft_min (
      anchor_at (&pt->lower, f, -1., lq, lA, half_width, qt), .97 * x[1], 16.);
  x[3] = pt->end + pt->end_f * pow (f, pt->end_power)
         + pt->end_q * f * q / (q + .5);
}

void
mix_points_place_low_cut (double band_f, double q, double x[3])
{
  double f = fmin (band_f, .998);
  double upper = mix_soft_min (1.4209 * pow (q, -0.63507) * f, 0.2282, 2.2598);

  x[1] = mix_soft_min (soft_max (upper, 0.63055 * f, 12.593), .95, 30.);
  x[0] = mix_soft_min (
      mix_soft_min (0.43703 * f, 0.34479, 1.6766), .97 * x[1], 16.);
  x[2] = 0.88822 + 0.041854 * f * f;
}

void
mix_points_place_notch (double f, double q, double x[2])
{
  double b = .004 / q, c = .2779 / q;

  x[0] = mix_soft_min (
      f * (sqrt (1. + b * b) - b), (.292 + 1.0493 * q) / (2.0728 + q), 15.819);
  x[1] = mix_soft_min (
      f * (sqrt (1. + c * c) + c), (.9652 + .93 * q) / (1.1154 + q), 7.4203);
}
