/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "leveler_plan.h"

#include <math.h>
#include <stddef.h>

#include "../../base/maths.h"

/* Steps of the window that makes sure of a loudness. */
#define WINDOW 40
/* How far ahead of louder sound the gain begins to fall. */
#define FALL_STEPS 12

void
mix_leveler_plan_reset (MixLevelerPlan *p)
{
  p->next = p->waiting = 0;
  p->left = (MixLevelerStep){ .ceiling = { HUGE_VAL, HUGE_VAL } };
}

/* The step that leaves `ahead` steps from now, one of those that wait. */
static const MixLevelerStep *
waiting_at (const MixLevelerPlan *p, unsigned ahead)
{
  return &p->step[(p->next + MIX_LEVELER_PLAN - p->waiting + ahead)
                  % MIX_LEVELER_PLAN];
}

/* All that a wish's window holds is to be no louder than it says. */
static void
tell_window (MixLevelerPlan *p, const MixLevelerWish *wish)
{
  unsigned count = mix_min (p->waiting, WINDOW);
  if (wish->move != MIX_LEVELER_GO)
    return;
  for (unsigned i = 0; i < count; i++) {
    MixLevelerStep *step
        = &p->step[(p->next + MIX_LEVELER_PLAN - 1 - i) % MIX_LEVELER_PLAN];
    step->soon_db = fmin (step->soon_db, wish->goal_db);
  }
}

const MixLevelerStep *
mix_leveler_plan_step (MixLevelerPlan *p, const MixLevelerStep *step)
{
  p->step[p->next] = *step;
  p->step[p->next].soon_db = HUGE_VAL;
  p->next = (p->next + 1) % MIX_LEVELER_PLAN;
  p->waiting++;
  if (step->is_block)
    tell_window (p, &step->wish);
  if (p->waiting <= p->delay)
    return NULL;
  p->left = *waiting_at (p, 0);
  p->waiting--;
  return &p->left;
}

const MixLevelerStep *
mix_leveler_plan_next (const MixLevelerPlan *p)
{
  return p->waiting > 0 ? waiting_at (p, 0) : NULL;
}

bool
mix_leveler_plan_begins (const MixLevelerPlan *p)
{
  bool begins = false;
  for (unsigned i = 0; i < p->waiting; i++)
    begins |= waiting_at (p, i)->begins;
  return begins;
}

static const MixLevelerWish *
wish_now (const MixLevelerPlan *p, unsigned centre)
{
  unsigned ahead = mix_min (centre, p->delay);
  return ahead < p->waiting ? &waiting_at (p, ahead)->wish : &p->left.wish;
}

/* The highest gain that suits what comes soon; what is not sure yet is judged
 * by its surge. */
static double
most_ahead (const MixLevelerPlan *p)
{
  double most = p->delay == 0 ? p->left.ceiling.most_db : HUGE_VAL;
  unsigned seen = mix_min (p->waiting, FALL_STEPS);
  for (unsigned i = 0; i < seen; i++) {
    const MixLevelerStep *step = waiting_at (p, i);
    double sure = fmax (step->soon_db, step->ceiling.alone_db);
    most = fmin (most, sure);
    if (i + WINDOW > p->waiting)
      most = fmin (most, step->ceiling.most_db);
  }
  return most;
}

double
mix_leveler_plan_goal (const MixLevelerPlan *p, unsigned centre, double gain_db)
{
  const MixLevelerWish *wish = wish_now (p, centre);
  double goal_db = wish->move == MIX_LEVELER_GO ? wish->goal_db
                   : wish->move == MIX_LEVELER_LIFT
                       ? fmax (wish->goal_db, gain_db)
                       : gain_db;
  return fmin (goal_db, most_ahead (p));
}
