/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A programme's figures as text. `target` is NULL where there is none. */
#pragma once

#include "target.h"

void loudness_table_print_head (const Target *target);
void loudness_table_print_row (
    const Programme *programme, const Target *target);
/* What a row does not show: peaks over the ceiling, now or after the gain. */
void loudness_table_print_remark (
    const Programme *programme, const Target *target, gdouble ceiling);

/* The points as comma-separated values, with a head. */
gboolean loudness_table_write_csv (
    const Programme *programme, const gchar *path, GError **error);
