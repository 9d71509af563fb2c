/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Denormal numbers are flushed to zero around a buffer: they make a filter that
 * decays into silence about fifty times slower. The thread's own mode is
 * restored afterwards. Realtime-safe.
 *
 *   unsigned long mode = mix_denormals_off ();
 *   …
 *   mix_denormals_restore (mode);
 */
#pragma once

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

static inline unsigned long
mix_denormals_off (void)
{
#if defined(__SSE2__)
  unsigned mode = _mm_getcsr ();
  _mm_setcsr (mode | 0x8040); /* flush to zero, denormals are zero */
  return mode;
#elif defined(__aarch64__)
  unsigned long mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" ::"r"(mode | 1ul << 24));
  return mode;
#else
  return 0;
#endif
}

static inline void
mix_denormals_restore (unsigned long mode)
{
#if defined(__SSE2__)
  _mm_setcsr ((unsigned)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" ::"r"(mode));
#else
  (void)mode;
#endif
}
