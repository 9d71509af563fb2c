/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Private to the kernels: a * b + c, rounded once where the level has an
 * instruction for that and twice elsewhere. Included after levels.h.
 *
 * A compiler that is free to contract products and sums may choose differently
 * for the vector part of a loop and for the remaining frames, and then the bits
 * depend on where a stream is cut. Kernels over any number of frames are
 * therefore built without contraction, and their sources say what is fused.
 */
#pragma once

#if !PLAIN && (defined(__FMA__) || defined(__aarch64__))

#define FUSED(a, b, c) __builtin_fmaf (a, b, c)
#define FUSED_DOUBLE(a, b, c) __builtin_fma (a, b, c)

/* sum += a * b in every lane of three vectors, with one of the above: the
 * compilers make one instruction of it. */
#define ADD_LANES(HOW, sum, a, b)                                              \
  do {                                                                         \
    for (unsigned i_ = 0; i_ < sizeof (sum) / sizeof (sum)[0]; i_++)           \
      (sum)[i_] = HOW ((a)[i_], (b)[i_], (sum)[i_]);                           \
  } while (0)

#else

#define FUSED(a, b, c) ((a) * (b) + (c))
#define FUSED_DOUBLE(a, b, c) ((a) * (b) + (c))
#define ADD_LANES(HOW, sum, a, b) ((sum) += (a) * (b))

#endif
