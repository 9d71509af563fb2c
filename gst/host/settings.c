/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "settings.h"

#include <string.h>

#include "schema.h"

struct _GstMixSettings {
  gatomicrefcount refs;
  const MixUnit *unit;
  gint changed; /* atomic: read without the lock */
  GMutex lock;
  gpointer params;
  gboolean *touched; /* one per row, and one for the group */
};

GstMixSettings *
gst_mix_settings_new (const MixUnit *unit)
{
  GstMixSettings *self = g_new0 (GstMixSettings, 1);
  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->unit = unit;
  self->params = g_malloc0 (unit->params.size);
  self->touched = g_new0 (gboolean, unit->params.count + 1);
  mix_unit_defaults (unit, self->params);
  return self;
}

GstMixSettings *
gst_mix_settings_ref (GstMixSettings *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
gst_mix_settings_unref (GstMixSettings *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_mutex_clear (&self->lock);
  g_free (self->params);
  g_free (self->touched);
  g_free (self);
}

static gpointer
base_of (GstMixSettings *self, gint group_index)
{
  if (group_index < 0)
    return self->params;
  return mix_group_at (self->unit->group, self->params, group_index);
}

/* The flag of a row of the unit; for NULL and rows of the group, the group's.
 */
static gboolean *
touched_of (GstMixSettings *self, const MixRow *row)
{
  const MixTable *table = &self->unit->params;
  gboolean is_own = row >= table->rows && row < table->rows + table->count;
  return &self->touched[is_own ? row - table->rows : table->count];
}

static guint *
count_of (GstMixSettings *self)
{
  return (guint *)((gchar *)self->params + self->unit->group->count_offset);
}

/* The unit's rows for so many elements of its group, to be freed. */
static gpointer
defaults_for (const MixUnit *unit, guint count)
{
  gchar *params = g_malloc (unit->params.size);
  mix_unit_defaults (unit, params);
  *(guint *)(params + unit->group->count_offset) = count;
  unit->defaults (params);
  return params;
}

gboolean
gst_mix_settings_follows_count (
    const MixUnit *unit, const MixRow *row, guint count, guint other)
{
  if (!unit->defaults || count == other)
    return FALSE;
  g_autofree gpointer a = defaults_for (unit, count);
  g_autofree gpointer b = defaults_for (unit, other);
  return mix_row_get (row, a) != mix_row_get (row, b);
}

/* The count was `old`: rows that nobody has set, and that are at their default,
 * stay at their default. Holding the lock. */
static void
follow_count (GstMixSettings *self, guint old)
{
  const MixTable *table = &self->unit->params;
  if (!self->unit->group || !self->unit->defaults || *count_of (self) == old)
    return;
  g_autofree gpointer before = defaults_for (self->unit, old);
  g_autofree gpointer after = defaults_for (self->unit, *count_of (self));
  for (guint i = 0; i < table->count; i++) {
    const MixRow *row = &table->rows[i];
    gdouble value = mix_row_get (row, after);
    if (!self->touched[i] && value != mix_row_get (row, before)
        && mix_row_get (row, self->params) == mix_row_get (row, before))
      mix_row_put (row, self->params, value);
  }
}

gboolean
gst_mix_settings_set (
    GstMixSettings *self, const MixRow *row, gint group_index, gdouble number)
{
  g_mutex_lock (&self->lock);
  gpointer base = base_of (self, group_index);
  guint old_count = self->unit->group ? *count_of (self) : 0;
  gdouble old = mix_row_get (row, base);
  mix_row_put (row, base, number);
  gboolean changed = mix_row_get (row, base) != old;
  *touched_of (self, row) = TRUE;
  follow_count (self, old_count);
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->changed, TRUE);
  return changed;
}

gboolean
gst_mix_settings_is_touched (GstMixSettings *self, const MixRow *row)
{
  g_mutex_lock (&self->lock);
  gboolean touched = *touched_of (self, row);
  g_mutex_unlock (&self->lock);
  return touched;
}

void
gst_mix_settings_get (
    GstMixSettings *self, const MixRow *row, gint group_index, GValue *value)
{
  g_mutex_lock (&self->lock);
  gst_mix_schema_read_value (row, base_of (self, group_index), value);
  g_mutex_unlock (&self->lock);
}

gboolean
gst_mix_settings_set_list (
    GstMixSettings *self, const MixRow *row, const MixDoubles *list)
{
  g_mutex_lock (&self->lock);
  MixDoubles *now = mix_row_doubles (row, self->params);
  gboolean changed
      = now->count != list->count
        || memcmp (now->values, list->values, list->count * sizeof (double))
               != 0;
  *now = *list;
  *touched_of (self, row) = TRUE;
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->changed, TRUE);
  return changed;
}

guint
gst_mix_settings_count (GstMixSettings *self)
{
  if (!self->unit->group)
    return 0;
  g_mutex_lock (&self->lock);
  guint count = *count_of (self);
  g_mutex_unlock (&self->lock);
  return count;
}

guint
gst_mix_settings_raise_count (GstMixSettings *self, guint count)
{
  g_mutex_lock (&self->lock);
  guint old = *count_of (self);
  *count_of (self) = MAX (old, MIN (count, self->unit->group->most));
  follow_count (self, old);
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->changed, TRUE);
  return old;
}

void
gst_mix_settings_set_all (GstMixSettings *self, gconstpointer params)
{
  g_mutex_lock (&self->lock);
  memcpy (self->params, params, self->unit->params.size);
  memset (
      self->touched, 0, (self->unit->params.count + 1) * sizeof *self->touched);
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->changed, TRUE);
}

void
gst_mix_settings_set_group (
    GstMixSettings *self, gconstpointer before, gconstpointer after)
{
  const MixTable *table = &self->unit->params;
  const MixGroup *group = self->unit->group;
  g_mutex_lock (&self->lock);
  guint old_count = *count_of (self);
  memcpy ((gchar *)self->params + group->offset,
      (const gchar *)after + group->offset, group->table.size * group->most);
  for (guint i = 0; i < table->count; i++) {
    gdouble value = mix_row_get (&table->rows[i], after);
    if (value != mix_row_get (&table->rows[i], before))
      mix_row_put (&table->rows[i], self->params, value);
  }
  *touched_of (self, NULL) = TRUE;
  follow_count (self, old_count);
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->changed, TRUE);
}

void
gst_mix_settings_get_all (GstMixSettings *self, gpointer params)
{
  g_mutex_lock (&self->lock);
  memcpy (params, self->params, self->unit->params.size);
  g_mutex_unlock (&self->lock);
}

gboolean
gst_mix_settings_release_triggers (const MixUnit *unit, gpointer params)
{
  gboolean any = FALSE;
  for (guint i = 0; i < unit->params.count; i++) {
    const MixRow *row = &unit->params.rows[i];
    if ((row->flags & MIX_TRIGGER) == 0 || mix_row_get (row, params) == 0)
      continue;
    mix_row_put (row, params, 0);
    any = TRUE;
  }
  return any;
}

gboolean
gst_mix_settings_take (GstMixSettings *self, gpointer params)
{
  /* cleared before the copy: what is set in between is taken next time */
  if (!g_atomic_int_compare_and_exchange (&self->changed, TRUE, FALSE))
    return FALSE;
  g_mutex_lock (&self->lock);
  memcpy (params, self->params, self->unit->params.size);
  gst_mix_settings_release_triggers (self->unit, self->params);
  g_mutex_unlock (&self->lock);
  return TRUE;
}
