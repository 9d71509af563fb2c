/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Private to the kernels. Their sources are built once per level; the build
 * says which: MIX_LEVEL_SUFFIX and MIX_LEVEL_ID.
 *
 * FOR_EACH_KERNEL lists the functions by the member of MixKernels that each
 * fills: that declares them with the member's type, and table.c makes the table
 * of them. A new kernel is a member of MixKernels, a line here and a
 * definition.
 */
#pragma once

#include "kernels.h"

/* The tables, one a level. */
extern const MixKernels mix_kernels_c;
extern const MixKernels mix_kernels_baseline;
#if defined(__x86_64__)
extern const MixKernels mix_kernels_x86_64_v3;
extern const MixKernels mix_kernels_x86_64_v4;
#endif

#ifdef MIX_LEVEL_SUFFIX

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2 (a, b)

/* A name at the level being built. */
#define LEVEL(name) JOIN (name, MIX_LEVEL_SUFFIX)

/* #if PLAIN: this is the C level, the reference. */
#define PLAIN LEVEL (PLAIN_)
#define PLAIN_c 1

#define FOR_EACH_KERNEL(X)                                                     \
  /* loops.c */                                                                \
  X (deinterleave)                                                             \
  X (interleave)                                                               \
  X (is_sane)                                                                  \
  X (peak)                                                                     \
  X (max_abs)                                                                  \
  X (add_square)                                                               \
  X (multiply)                                                                 \
  X (db_from_gain)                                                             \
  X (gain_from_db)                                                             \
  X (add_complex_product)                                                      \
  /* hilbert.c */                                                              \
  X (quadrature)                                                               \
  /* cascade.c */                                                              \
  X (cascade)                                                                  \
  X (cascade_moving)                                                           \
  X (widen_pair)                                                               \
  X (narrow_pair)                                                              \
  /* block_filter.c */                                                         \
  X (block_filter)                                                             \
  /* stereo.c */                                                               \
  X (blend_pair)                                                               \
  X (pair_powers)                                                              \
  /* peak_levels.c */                                                          \
  X (coarse_peaks)                                                             \
  X (fine_peaks)                                                               \
  X (peak_and_curvature)                                                       \
  X (largest_product)                                                          \
  /* delay_network.c */                                                        \
  X (reverb_absorb)                                                            \
  X (reverb_scatter)                                                           \
  X (reverb_sum)                                                               \
  X (reverb_feed)                                                              \
  X (reverb_diffuse)                                                           \
  /* early_reflections.c */                                                    \
  X (reverb_early)

/* void mix_cascade_c (const MixCascade *c, …); and so on */
#define DECLARE(member)                                                        \
  __typeof__ (*((MixKernels *)0)->member) LEVEL (mix_##member##_);
FOR_EACH_KERNEL (DECLARE)
#undef DECLARE

#endif
