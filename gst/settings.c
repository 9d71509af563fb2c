/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "settings.h"

#include <string.h>

#include "schema.h"

struct _GstMixSettings {
  gatomicrefcount refs;
  const MixUnit *unit;
  gint changed; /* atomic: looked at without the lock */
  gint holds;   /* atomic */
  GMutex lock;
  gpointer params;
};

GstMixSettings *
gst_mix_settings_new (const MixUnit *unit)
{
  GstMixSettings *self = g_new0 (GstMixSettings, 1);
  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->unit = unit;
  self->params = g_malloc0 (unit->params.size);
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
  g_free (self);
}

static gpointer
base_of (GstMixSettings *self, gint group_index)
{
  if (group_index < 0)
    return self->params;
  return mix_group_at (self->unit->group, self->params, group_index);
}

void
gst_mix_settings_set (GstMixSettings *self, const MixRow *row, gint group_index,
    const GValue *value)
{
  double number = gst_mix_schema_number (row, value);
  g_mutex_lock (&self->lock);
  mix_row_put (row, base_of (self, group_index), number);
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->changed, TRUE);
}

void
gst_mix_settings_get (
    GstMixSettings *self, const MixRow *row, gint group_index, GValue *value)
{
  g_mutex_lock (&self->lock);
  double number = mix_row_get (row, base_of (self, group_index));
  g_mutex_unlock (&self->lock);
  gst_mix_schema_set_value (row, number, value);
}

static guint *
count_of (GstMixSettings *self)
{
  return (guint *)((gchar *)self->params + self->unit->group->count_offset);
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
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->changed, TRUE);
  return old;
}

void
gst_mix_settings_set_all (GstMixSettings *self, gconstpointer params)
{
  g_mutex_lock (&self->lock);
  memcpy (self->params, params, self->unit->params.size);
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->changed, TRUE);
}

void
gst_mix_settings_set_group (GstMixSettings *self, gconstpointer params)
{
  const MixGroup *group = self->unit->group;
  gsize size = group->table.size * group->most;
  g_mutex_lock (&self->lock);
  memcpy ((gchar *)self->params + group->offset,
      (const gchar *)params + group->offset, size);
  *count_of (self)
      = *(const guint *)((const gchar *)params + group->count_offset);
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->changed, TRUE);
}

void
gst_mix_settings_hold (GstMixSettings *self)
{
  g_atomic_int_inc (&self->holds);
}

void
gst_mix_settings_release (GstMixSettings *self)
{
  g_atomic_int_add (&self->holds, -1);
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
  if (g_atomic_int_get (&self->holds) > 0)
    return FALSE;
  /* cleared before the copy: a set that comes between is taken next time */
  if (!g_atomic_int_compare_and_exchange (&self->changed, TRUE, FALSE))
    return FALSE;
  g_mutex_lock (&self->lock);
  memcpy (params, self->params, self->unit->params.size);
  gst_mix_settings_release_triggers (self->unit, self->params);
  g_mutex_unlock (&self->lock);
  return TRUE;
}
