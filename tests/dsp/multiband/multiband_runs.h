/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the tests of the multiband compressor share.
 */
#pragma once

#include <complex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "units/units.h"

/* The rate of the tests that are running. */
extern unsigned rate;

/* Runs the test at 44.1, 48 and 96 kHz. */
void at_rates (void (*test) (void));

/* As check_figure, with the rate in the name. */
bool figure (const char *name, double low, double measured, double high,
    const char *unit);

/* "num-bands=4 slope=1 0:ratio=2 0:solo=1": N: is for band N, and what is not
 * named has its default, but ratio=1 in all bands. To be freed. */
void *settings (const char *text);

/* A run of all frames through a new instance. */
void run (const char *text, const CheckAudio *out, const CheckAudio *in);

/* The impulse response of one channel, `frames` long; to be freed. */
float *impulse_response (const char *text, unsigned frames);

unsigned latency_of (const char *text);

/* Amplitude of a steady sine at the output, its input at `amplitude`. */
double sine_through (const char *text, double hz, double amplitude);

static inline double
db (double gain)
{
  return mix_db_from_gain (gain);
}
