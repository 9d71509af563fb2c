/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cpu.h"

#include <stdlib.h>
#include <string.h>

static MixCpuLevel
best_level (void)
{
#if defined(__x86_64__)
  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw")
      && __builtin_cpu_supports ("avx512cd")
      && __builtin_cpu_supports ("avx512dq")
      && __builtin_cpu_supports ("avx512vl"))
    return MIX_CPU_X86_64_V4;
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma")
      && __builtin_cpu_supports ("bmi") && __builtin_cpu_supports ("bmi2"))
    return MIX_CPU_X86_64_V3;
#endif
  return MIX_CPU_BASELINE;
}

MixCpuLevel
mix_cpu_level (void)
{
  static const char *const names[]
      = { "c", "baseline", "x86-64-v3", "x86-64-v4" };
  MixCpuLevel level = best_level ();
  const char *cap = getenv ("MIX_CPU");
  for (unsigned i = 0; cap && i < level; i++)
    if (strcmp (cap, names[i]) == 0)
      return (MixCpuLevel)i;
  return level;
}
