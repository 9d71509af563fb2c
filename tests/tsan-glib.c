/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tells the thread sanitizer what GLib's locks and references do. GLib is not
 * built for the sanitizer and its mutexes are futexes, so without this every
 * access under GST_OBJECT_LOCK would look like a race. Linked into the test
 * programs, whose functions come before the libraries' for all callers.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <glib-object.h>
#include <gst/gst.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* The library's own function, looked up once. Two threads may both look: they
 * find the same. */
#define REAL(function)                                                         \
  static __typeof__ (&function) real;                                          \
  if (!__atomic_load_n (&real, __ATOMIC_RELAXED))                              \
  __atomic_store_n (&real, (__typeof__ (real))dlsym (RTLD_NEXT, #function),    \
      __ATOMIC_RELAXED)

#define LOCK(function, Type)                                                   \
  void function (Type *lock)                                                   \
  {                                                                            \
    REAL (function);                                                           \
    real (lock);                                                               \
    __tsan_acquire (lock);                                                     \
  }

#define TRY_LOCK(function, Type)                                               \
  gboolean function (Type *lock)                                               \
  {                                                                            \
    REAL (function);                                                           \
    gboolean locked = real (lock);                                             \
    if (locked)                                                                \
      __tsan_acquire (lock);                                                   \
    return locked;                                                             \
  }

#define UNLOCK(function, Type)                                                 \
  void function (Type *lock)                                                   \
  {                                                                            \
    REAL (function);                                                           \
    __tsan_release (lock);                                                     \
    real (lock);                                                               \
  }

LOCK (g_mutex_lock, GMutex)
TRY_LOCK (g_mutex_trylock, GMutex)
UNLOCK (g_mutex_unlock, GMutex)
LOCK (g_rec_mutex_lock, GRecMutex)
TRY_LOCK (g_rec_mutex_trylock, GRecMutex)
UNLOCK (g_rec_mutex_unlock, GRecMutex)

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  REAL (g_cond_wait);
  __tsan_release (mutex);
  real (cond, mutex);
  __tsan_acquire (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  REAL (g_cond_wait_until);
  __tsan_release (mutex);
  gboolean signalled = real (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return signalled;
}

/* The reading side is inline: an atomic load the sanitizer sees. */
#undef g_once_init_leave
void
g_once_init_leave (volatile void *location, gsize result)
{
  REAL (g_once_init_leave);
  __tsan_release ((void *)location);
  real (location, result);
}

/* Whoever drops the last reference comes after all who dropped theirs. */
#undef g_object_unref
void
g_object_unref (gpointer object)
{
  REAL (g_object_unref);
  __tsan_release (object);
  __tsan_acquire (object);
  real (object);
}

void
gst_object_unref (gpointer object)
{
  REAL (gst_object_unref);
  __tsan_release (object);
  __tsan_acquire (object);
  real (object);
}

void
gst_mini_object_unref (GstMiniObject *object)
{
  REAL (gst_mini_object_unref);
  __tsan_release (object);
  __tsan_acquire (object);
  real (object);
}
