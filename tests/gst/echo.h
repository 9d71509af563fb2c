/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An element for the tests, mixtestecho: a unit with everything the base has
 * to deal with (look-ahead, tail, readings, memory of its own), simple enough
 * that the right output is known for every sample.
 *
 *   output = input delayed by look-ahead, and from then on an echo every
 *   `time` ms, each `feedback` % of the one before.
 */
#pragma once

#include <gst/gst.h>

/* Registers mixtestecho without a plugin. */
void test_echo_register (void);
