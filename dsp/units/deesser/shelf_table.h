/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * High shelves of 0 to -24 dB at one frequency, designed once: between two of
 * them coefficients are interpolated. Realtime-safe; a new frequency costs 49
 * designs.
 */
#pragma once

#include "../../parts/design.h"

#define MIX_SHELF_TABLE_STEP 0.5 /* dB */
#define MIX_SHELF_TABLE_SIZE 49

typedef struct {
  double frequency_hz;
  unsigned rate;
  MixSvf svf[MIX_SHELF_TABLE_SIZE];
} MixShelfTable;

void mix_shelf_table_set (
    MixShelfTable *table, double frequency_hz, unsigned rate);

/* The shelf of -reduction_db, 0 … 24; at 0 its input in every bit. */
MixSvf mix_shelf_table_at (const MixShelfTable *table, double reduction_db);
