/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A picture of what changed: a title, figures, plots below them, a legend. And
 * the same figures as a table. */
#pragma once

#include "chart.h"

/* Where plots have their place, but for the writing at their left and below. */
#define PAGE_LEFT 62
#define PAGE_RIGHT 876
#define PAGE_TOP 166
#define PAGE_BOTTOM 440

typedef struct {
  GString *svg;
  GArray *figures;
  gdouble key; /* where the next one goes */
} Page;

Page *page_new (void);
void page_free (Page *self);

/* NAN is a figure that there is not. The texts are kept as they are. */
void page_add_figure (Page *self, const gchar *what, gdouble before,
    gdouble after, const gchar *unit);

/* A line of the legend in the look of a class: a surface or a line. */
void page_add_key (Page *self, const gchar *class, const gchar *text);
void page_add_key_area (Page *self, const gchar *class, const gchar *text);

/* On standard output: two columns and what they mean. */
void page_print (const Page *self);
/* To a path in .svg or .png, with the first four figures on top. */
gboolean page_write (
    Page *self, const gchar *title, const gchar *path, GError **error);
