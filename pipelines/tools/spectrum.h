/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The power spectrum of a file. */
#pragma once

#include "sound.h"

/* Third octaves from 25 Hz to 20 kHz (IEC 61260-1, base ten). */
#define SPECTRUM_BANDS 30

typedef struct {
  gdouble hz[SPECTRUM_BANDS]; /* centre frequencies */
  gdouble power[SPECTRUM_BANDS];
  gdouble all;   /* the power over all frequencies */
  gdouble *bins; /* power by frequency, up to half the rate */
  guint count;
  gdouble bin_hz; /* the distance between two of them */
} Spectrum;

typedef enum {
  SPECTRUM_OF_ALL,  /* the sum of the channels' powers */
  SPECTRUM_OF_MONO, /* the channels summed by equal shares */
} SpectrumOf;

/* The mean over the whole file. */
Spectrum *spectrum_new (const Sound *sound, SpectrumOf of);
void spectrum_free (Spectrum *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Spectrum, spectrum_free)

/* The power between two frequencies. */
gdouble spectrum_between (const Spectrum *self, gdouble from_hz, gdouble to_hz);
