/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What gain the leveler wants, decided every 100 ms from the loudness that went
 * in and came out. Private to the leveler.
 *
 * Three voices add up:
 *
 *   the programme  how loud it has been lately, against the target. It speaks
 *                  up only for as much as is sure: little in the first seconds,
 *                  and never for the last 1 LU, so that what is on target is
 *                  left alone.
 *   the account    what came out in the last minutes, against the target. It
 *                  asks for what brings the average back, so that small errors
 *                  of the first voice do not add up.
 *   the moment     how far the last seconds, with the programme's gain, lie
 *                  outside the range that is to be left alone. It does not know
 *                  of the account, which it would undo.
 *
 * Only foreground counts: what is under the gate, or 20 LU under what was heard
 * before (a pause, the tone of the room), changes nothing, the gain included.
 * Between the two lie murmurs: 14 LU under what was heard they may be lifted a
 * little, but nobody takes them for the programme unless nothing else is heard
 * for a minute. Realtime-safe, no errors.
 */
#pragma once

#include <stdbool.h>

/* Blocks of 100 ms in the 3 s of a short-term window. */
#define MIX_LEVELER_BLOCKS 30

typedef struct {
  double target_lufs, max_boost_db, max_cut_db, gate_lufs, range_lu;
  bool converge;     /* listen to the first two voices */
  bool is_momentary; /* the moment is 400 ms, else 3 s */
} MixLevelerAims;

/* What is to become of the gain. */
typedef enum {
  MIX_LEVELER_STAY, /* where it is */
  MIX_LEVELER_LIFT, /* to the goal, if that is higher */
  MIX_LEVELER_GO,   /* to the goal */
} MixLevelerMove;

typedef struct {
  MixLevelerMove move;
  double goal_db;
  bool counts;  /* what comes out belongs into the account, */
  double share; /* with this part of its power */
} MixLevelerWish;

/* A mean that forgets, of powers. */
typedef struct {
  double sum, count;
} MixLevelerMean;

typedef struct {
  double
      block[MIX_LEVELER_BLOCKS]; /* a ring: power of the latest, foreground */
  unsigned blocks, next;
  unsigned pause;    /* blocks of background since the last of them */
  double heard_s;    /* of foreground */
  double steady_s;   /* of it since the aims changed */
  double patience_s; /* murmurs are not yet the programme */
  double usual_lufs, background_lufs; /* what tells the background apart */
  MixLevelerMean programme, account;
} MixLevelerControl;

/* Forgets all that was heard. */
void mix_leveler_control_forget (MixLevelerControl *c);

/* Forgets the last seconds, not the programme: what comes next is from another
 * place of it. */
void mix_leveler_control_flush (MixLevelerControl *c);

/* The gain is about to move for another reason than the programme (a new
 * target): the account begins anew. */
void mix_leveler_control_change_aims (MixLevelerControl *c);

/* Takes in a block: its mean power and that of the 400 ms that end with it. */
MixLevelerWish mix_leveler_control_block (
    MixLevelerControl *c, const MixLevelerAims *aims, double block, double in);

/* When the sound of that block leaves: the mean power of the 400 ms of it. */
void mix_leveler_control_account (
    MixLevelerControl *c, const MixLevelerWish *wish, double out);
