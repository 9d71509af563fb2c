/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two channels at a time, the data of the kernels `blend_pair` and
 * `pair_powers`.
 */
#pragma once

/* A matrix that moves on a line: at frame i each weight is from + slope * i.
 * Order: left from left, left from right, right from left, right from right. */
typedef struct
{
  float from[4], slope[4];
} MixBlend;

/* Sums over some frames, with mid = (left + right) / 2 and
 * side = (left - right) / 2. */
typedef struct
{
  float mid, side; /* of the squares */
  float product;   /* of mid * side */
} MixPairPowers;
