/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the processor can do. Not realtime-safe (reads the environment).
 */
#pragma once

typedef enum {
  MIX_CPU_C,         /* the reference: plain C, no vectors */
  MIX_CPU_BASELINE,  /* what every machine of the architecture has */
  MIX_CPU_X86_64_V3, /* AVX2, FMA */
  MIX_CPU_X86_64_V4, /* AVX-512 */
} MixCpuLevel;

/* The best level of this machine, capped by the environment variable
 * MIX_CPU (c, baseline, x86-64-v3, x86-64-v4) so that tests reach each. */
MixCpuLevel mix_cpu_level (void);
