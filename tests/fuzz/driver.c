/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a fuzzer without libFuzzer:
 *
 *   fuzz-NAME runs N        seeds 1 … N
 *   fuzz-NAME seconds N     seeds from 1 on, for so long
 *   fuzz-NAME seed N        this one, to see a failure again
 *   fuzz-NAME FILE…         the bytes of files, such as libFuzzer leaves
 *
 * When it dies, or one run takes more than two minutes, it tells the seed.
 */
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

enum { MOST_BYTES = 600, MOST_SECONDS = 120 };

static char running[64]; /* a line for the handler, which cannot print */

static void
tell (int signal_number)
{
  ssize_t written = write (STDERR_FILENO, running, strlen (running));
  (void)written;
  signal (signal_number, SIG_DFL);
  raise (signal_number);
}

/* xorshift64* (S. Vigna, "An experimental exploration of Marsaglia's xorshift
 * generators, scrambled", 2016). */
static uint64_t
next_random (uint64_t *state)
{
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state * 2685821657736338717u;
}

static void
run_seed (unsigned long seed)
{
  uint8_t bytes[MOST_BYTES];
  uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
  size_t size = 8 + (size_t)(next_random (&state) >> 32) % (MOST_BYTES - 8);
  for (size_t i = 0; i < size; i++)
    bytes[i] = (uint8_t)(next_random (&state) >> 56);
  snprintf (running, sizeof running, "died with seed %lu\n", seed);
  alarm (MOST_SECONDS);
  LLVMFuzzerTestOneInput (bytes, size);
  alarm (0);
}

static bool
run_file (const char *name)
{
  static uint8_t bytes[1 << 20];
  FILE *file = fopen (name, "rb");
  if (!file) {
    perror (name);
    return false;
  }
  size_t size = fread (bytes, 1, sizeof bytes, file);
  fclose (file);
  LLVMFuzzerTestOneInput (bytes, size);
  return true;
}

int
main (int argc, char **argv)
{
  static const int deadly[]
      = { SIGABRT, SIGSEGV, SIGTRAP, SIGFPE, SIGBUS, SIGILL, SIGALRM };
  for (unsigned i = 0; i < sizeof deadly / sizeof *deadly; i++)
    signal (deadly[i], tell);
  LLVMFuzzerInitialize (&argc, &argv);
  if (argc < 2)
    return 2;
  bool is_number = argc == 3 && strtoul (argv[2], NULL, 10) > 0;
  unsigned long number = is_number ? strtoul (argv[2], NULL, 10) : 0, runs = 0;
  if (is_number && strcmp (argv[1], "runs") == 0)
    while (runs < number)
      run_seed (++runs);
  else if (is_number && strcmp (argv[1], "seconds") == 0)
    for (time_t end = time (NULL) + (time_t)number; time (NULL) < end;)
      run_seed (++runs);
  else if (is_number && strcmp (argv[1], "seed") == 0)
    run_seed (number), runs = 1;
  else
    for (; runs + 1 < (unsigned long)argc; runs++)
      if (!run_file (argv[runs + 1]))
        return 1;
  printf ("%lu runs\n", runs);
  return 0;
}
