/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "quadrature.h"

#include <math.h>

#include "../base/maths.h"

enum {
  SECTIONS = 2 * MIX_QUADRATURE_SECTIONS,
  ORDER = 2 * SECTIONS + 1, /* of the half-band filter */
  TERMS = 24, /* of the series: q^(24²) is negligible for q < 0.95 */
};

/* Arithmetic-geometric mean, for complete elliptic integrals (Abramowitz and
 * Stegun, 17.6). */
static double
agm (double a, double b)
{
  for (unsigned i = 0; i < 12; i++) {
    double mean = (a + b) / 2;
    b = sqrt (a * b);
    a = mean;
  }
  return a;
}

/* Coefficient i, 0 … SECTIONS - 1, of a half-band filter with selectivity k and
 * nome q. */
static double
coefficient (unsigned i, double k, double q)
{
  double angle = (i + 1) * MIX_PI / ORDER, odd = 0, even = 0.5;
  for (int j = 0; j < TERMS; j++)
    odd += (j % 2 ? -1 : 1) * pow (q, j * (j + 1)) * sin ((2 * j + 1) * angle);
  for (int j = 1; j < TERMS; j++)
    even += (j % 2 ? -1 : 1) * pow (q, j * j) * cos (2 * j * angle);
  double w = pow (q, 0.25) * odd / even, w2 = w * w;
  double x = sqrt ((1 - w2 * k) * (1 - w2 / k)) / (1 + w2);
  return (1 - x) / (1 + x);
}

void
mix_quadrature_design (MixQuadratureDesign *design, unsigned rate)
{
  /* As a share of the rate; limited, as no band is left at very low rates. */
  double edge = mix_clamp (MIX_QUADRATURE_LOW / rate, 0, 0.1);
  double t = tan ((1 - 4 * edge) * MIX_PI / 4), k = t * t;
  double q = exp (-MIX_PI * agm (1, sqrt (1 - k * k)) / agm (1, k));
  for (unsigned s = 0; s < MIX_QUADRATURE_SECTIONS; s++) {
    float a = (float)coefficient (2 * s, k, q);
    float b = (float)coefficient (2 * s + 1, k, q);
    for (unsigned lane = 0; lane < 8; lane++)
      design->c[s][lane] = lane % 4 < 2 ? a : b;
  }
}
