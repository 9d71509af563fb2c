/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the fuzzers share. A fuzzer is a source with the two entries of
 * libFuzzer; it reads the bytes that it is given as choices and dies (abort)
 * when something is not as it must be. driver.c runs it on bytes from a
 * generator with a seed, so that it is a test under every compiler; clang's
 * libFuzzer on bytes that reach new code (see libfuzzer in this directory).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition, ...)                                             \
  do {                                                                         \
    if (!(condition)) {                                                        \
      fprintf (stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);         \
      fprintf (stderr, __VA_ARGS__);                                           \
      fputc ('\n', stderr);                                                    \
      abort ();                                                                \
    }                                                                          \
  } while (0)

/* The bytes that are left; all zeros once they are used up. */
typedef struct {
  const uint8_t *at, *end;
} Fuzz;

static inline bool
fuzz_is_empty (const Fuzz *fuzz)
{
  return fuzz->at == fuzz->end;
}

static inline unsigned
fuzz_byte (Fuzz *fuzz)
{
  return fuzz_is_empty (fuzz) ? 0 : *fuzz->at++;
}

static inline unsigned
fuzz_word (Fuzz *fuzz)
{
  unsigned high = fuzz_byte (fuzz);
  return high << 8 | fuzz_byte (fuzz);
}

/* 0 … n - 1, of at most 65536. */
static inline unsigned
fuzz_below (Fuzz *fuzz, unsigned n)
{
  return (n <= 256 ? fuzz_byte (fuzz) : fuzz_word (fuzz)) % n;
}

/* 0 … 1, both ends included. */
static inline double
fuzz_part (Fuzz *fuzz)
{
  return fuzz_word (fuzz) / 65535.0;
}
