/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each allocation of the engine fails in turn: it says so and can be freed. The
 * linker's --wrap puts the function below in front of mix_alloc. */
#include "stream/engine.h"

#include <glib.h>

static guint calls, fail_at;

void *__real_mix_alloc (size_t count, size_t size);
void *__wrap_mix_alloc (size_t count, size_t size);

void *
__wrap_mix_alloc (size_t count, size_t size)
{
  return ++calls == fail_at ? NULL : __real_mix_alloc (count, size);
}

static gboolean
start (const MixUnit *unit, gconstpointer params, gboolean moves)
{
  MixFormat format = mix_format (48000, 64);
  calls = 0;
  GstMixEngine *engine = gst_mix_engine_new (unit);
  if (!engine)
    return FALSE;
  gboolean good = gst_mix_engine_prepare (engine, &format, params);
  if (good && moves)
    good = gst_mix_engine_set (engine, params);
  gst_mix_engine_free (engine);
  return good;
}

static void
test_each_allocation (gconstpointer data)
{
  const MixUnit *unit = data;
  gpointer params = g_malloc (unit->params.size);
  guint failed = 0;
  mix_unit_defaults (unit, params);
  const MixRow *phase = mix_table_find (&unit->params, "phase");
  if (phase)
    mix_row_put (phase, params, 1); /* linear: the longest rings */
  for (fail_at = 1; !start (unit, params, TRUE); fail_at++)
    failed++;
  g_assert_cmpuint (failed, ==, calls);
  g_assert_cmpuint (failed, >=, 5); /* unit, its own, blocks, rings */
  g_free (params);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; mix_units[i]; i++) {
    g_autofree gchar *path
        = g_strconcat ("/engine/short-of-memory/", mix_units[i]->name, NULL);
    g_test_add_data_func (path, mix_units[i], test_each_allocation);
  }
  return g_test_run ();
}
