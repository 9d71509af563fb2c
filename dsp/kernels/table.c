/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of one level. */
#include "levels.h"

#include <stddef.h>

#define TEXT2(a) #a
#define TEXT(a) TEXT2 (a)
#define ENTER(member) .member = LEVEL (mix_##member##_),
#define COUNT(member) +1

const MixKernels LEVEL (mix_kernels_) = { .level = MIX_LEVEL_ID,
  .name = TEXT (MIX_LEVEL_SUFFIX),
  FOR_EACH_KERNEL (ENTER) };

_Static_assert(offsetof (MixKernels, deinterleave)
                       + (FOR_EACH_KERNEL (COUNT)) * sizeof (void (*) (void))
                   == sizeof (MixKernels),
    "levels.h names every member");
