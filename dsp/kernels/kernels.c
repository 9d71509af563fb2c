/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "levels.h"

#include <stddef.h>

static const MixKernels *
built (MixCpuLevel level)
{
  switch (level) {
    case MIX_CPU_C:
      return &mix_kernels_c;
    case MIX_CPU_BASELINE:
      return &mix_kernels_baseline;
#if defined(__x86_64__)
    case MIX_CPU_X86_64_V3:
      return &mix_kernels_x86_64_v3;
    case MIX_CPU_X86_64_V4:
      return &mix_kernels_x86_64_v4;
#endif
    default:
      return NULL;
  }
}

const MixKernels *
mix_kernels (void)
{
  return built (mix_cpu_level ());
}

const MixKernels *
mix_kernels_at (MixCpuLevel level)
{
  return level <= mix_cpu_level () ? built (level) : NULL;
}
