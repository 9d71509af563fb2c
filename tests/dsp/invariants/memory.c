/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Nothing but `prepare` allocates, and `prepare` survives every allocation
 * that fails. The linker's --wrap puts the functions below in front of the C
 * library's and of mix_alloc.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "variants.h"

/* ---- The wrapped allocators --------------------------------------------- */

static unsigned n_calls;     /* of any allocator since it was zeroed */
static unsigned n_allocated; /* by mix_alloc since it was zeroed */
static unsigned fail_at;     /* this one of them fails; 0: none */

void *__real_malloc (size_t size);
void *__real_calloc (size_t count, size_t size);
void *__real_realloc (void *memory, size_t size);
void *__real_aligned_alloc (size_t alignment, size_t size);
int __real_posix_memalign (void **memory, size_t alignment, size_t size);
void __real_free (void *memory);
void *__real_mix_alloc (size_t count, size_t size);

void *__wrap_malloc (size_t size);
void *__wrap_calloc (size_t count, size_t size);
void *__wrap_realloc (void *memory, size_t size);
void *__wrap_aligned_alloc (size_t alignment, size_t size);
int __wrap_posix_memalign (void **memory, size_t alignment, size_t size);
void __wrap_free (void *memory);
void *__wrap_mix_alloc (size_t count, size_t size);

void *
__wrap_malloc (size_t size)
{
  n_calls++;
  return __real_malloc (size);
}

void *
__wrap_calloc (size_t count, size_t size)
{
  n_calls++;
  return __real_calloc (count, size);
}

void *
__wrap_realloc (void *memory, size_t size)
{
  n_calls++;
  return __real_realloc (memory, size);
}

void *
__wrap_aligned_alloc (size_t alignment, size_t size)
{
  n_calls++;
  return __real_aligned_alloc (alignment, size);
}

int
__wrap_posix_memalign (void **memory, size_t alignment, size_t size)
{
  n_calls++;
  return __real_posix_memalign (memory, alignment, size);
}

void
__wrap_free (void *memory)
{
  n_calls++;
  __real_free (memory);
}

void *
__wrap_mix_alloc (size_t count, size_t size)
{
  return ++n_allocated == fail_at ? NULL : __real_mix_alloc (count, size);
}

/* ---- Tests -------------------------------------------------------------- */

/* The wrappers must be in place, or all below would pass unseen. */
static void
test_wrappers (void)
{
  n_calls = n_allocated = 0;
  mix_free (mix_alloc (1, 1));
  CHECK (n_calls == 2 && n_allocated == 1, "%u calls, %u allocated", n_calls,
      n_allocated);
  fail_at = 2;
  CHECK (mix_alloc (1, 1) == NULL, "did not fail");
  fail_at = 0;
}

static void
process_noise (const MixUnit *unit, void *self, CheckAudio *audio)
{
  for (unsigned c = 0; c < audio->channels; c++)
    check_noise (audio->c[c], audio->frames, 0.5, c + 1);
  check_process (unit, self, audio, audio, 300);
}

static void
test_realtime (const MixUnit *unit, void *params, const char *name)
{
  void *other = check_params (unit);
  void *readings = calloc (1, unit->readings.size + 1);
  variant_keep (unit, other, params, MIX_SIZES_MEMORY);
  void *self = check_new_unit (unit, 48000, 2, params);
  CheckAudio audio = check_audio (2, 6000);
  n_calls = n_allocated = 0;
  process_noise (unit, self, &audio);
  unit->set (self, other);
  process_noise (unit, self, &audio);
  if (unit->read)
    unit->read (self, readings);
  if (unit->latency)
    unit->latency (self);
  if (unit->tail)
    unit->tail (self);
  unit->reset (self);
  process_noise (unit, self, &audio);
  CHECK (n_calls == 0 && n_allocated == 0, "%s: %u calls", name, n_calls);
  check_audio_free (&audio);
  check_free_unit (unit, self);
  free (readings);
  free (other);
}

/* Lets the first, second … allocation of a fresh prepare fail; returns how
 * many there are. */
static unsigned
test_fresh_prepare (const MixUnit *unit, const MixFormat *format, void *params,
    const char *name)
{
  for (unsigned k = 1;; k++) {
    void *self = mix_alloc (1, unit->size);
    n_allocated = 0;
    fail_at = k;
    bool ok = unit->prepare (self, format, params);
    bool failed = n_allocated >= k;
    fail_at = 0;
    CHECK (ok == !failed, "%s: allocation %u failed", name, k);
    check_free_unit (unit, self);
    if (!failed)
      return k - 1;
  }
}

/* The k-th allocation fails when an instance that plays is prepared for
 * another format: it must play on like its undisturbed twin. */
static void
test_prepare_again (const MixUnit *unit, const MixFormat *format, void *params,
    const char *name, unsigned k)
{
  void *twin = check_new_unit (unit, 48000, 2, params);
  void *self = check_new_unit (unit, 48000, 2, params);
  void *other = check_params (unit);
  variant_random (unit, other, k);
  CheckAudio a = check_audio (2, 6000), b = check_audio (2, 6000);
  process_noise (unit, twin, &a);
  process_noise (unit, self, &b);
  n_allocated = 0;
  fail_at = k;
  bool ok = unit->prepare (self, format, other);
  bool failed = n_allocated >= k;
  fail_at = 0;
  if (failed) {
    process_noise (unit, twin, &a);
    process_noise (unit, self, &b);
    CHECK (!ok && check_audio_equal (&a, &b), "%s: allocation %u", name, k);
    CHECK (!unit->latency || unit->latency (self) == unit->latency (twin),
        "%s: latency after allocation %u failed", name, k);
  }
  CHECK (unit->prepare (self, format, params), "%s: then again", name);
  check_free_unit (unit, self);
  check_free_unit (unit, twin);
  check_audio_free (&a);
  check_audio_free (&b);
  free (other);
}

static void
test_prepare (const MixUnit *unit, void *params, const char *name)
{
  MixFormat format = mix_format (96000, 6);
  unsigned count = test_fresh_prepare (unit, &format, params, name);
  for (unsigned k = 1; k <= count; k++)
    test_prepare_again (unit, &format, params, name, k);
}

/* Zeroed memory may be released, and twice-prepared memory leaks nothing (the
 * address sanitizer looks). */
static void
test_release (const MixUnit *unit)
{
  void *self = mix_alloc (1, unit->size);
  CHECK (self != NULL, "%s", unit->name);
  check_free_unit (unit, self);
}

static void
test_unit (const MixUnit *unit)
{
  const unsigned kinds = VARIANT_DEFAULT | VARIANT_CHOICES | VARIANT_RANDOM;
  test_release (unit);
  test_variants (unit, kinds, test_realtime);
  test_variants (unit, kinds, test_prepare);
}

int
main (int argc, char **argv)
{
  test_wrappers ();
  return test_units (argc, argv, test_unit);
}
