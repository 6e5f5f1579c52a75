// SPDX-License-Identifier: LGPL-2.1-or-later
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

/* What is being done may block: somebody else has to look at the clock. */
struct progress {
	GThread *thread;
	GMutex mutex;
	GCond changed;
	gboolean tty;
	gboolean ended;
	gboolean late;
	/* What was said and is not shown yet. */
	char *text;
	gboolean shown;
};

static void show(struct progress *p)
{
	if (!p->text)
		return;
	fprintf(stderr, "%s%.120s%s", p->tty ? "\r\033[K" : "", p->text, p->tty ? "" : "\n");
	fflush(stderr);
	g_clear_pointer(&p->text, g_free);
	p->shown = TRUE;
}

static gpointer watch(gpointer data)
{
	gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC;
	struct progress *p = data;

	g_mutex_lock(&p->mutex);
	while (!p->ended && g_cond_wait_until(&p->changed, &p->mutex, end))
		;
	p->late = TRUE;
	if (!p->ended)
		show(p);
	g_mutex_unlock(&p->mutex);
	return NULL;
}

progress_t *progress_begin(gboolean quiet)
{
	struct progress *p = g_new0(struct progress, 1);

	g_mutex_init(&p->mutex);
	g_cond_init(&p->changed);
	p->tty = isatty(STDERR_FILENO);
	if (!quiet)
		p->thread = g_thread_new("progress", watch, p);
	return p;
}

void progress_say(progress_t *progress, const char *format, ...)
{
	va_list args;

	if (!progress->thread)
		return;
	g_mutex_lock(&progress->mutex);
	g_free(progress->text);
	va_start(args, format);
	progress->text = g_strdup_vprintf(format, args);
	va_end(args);
	if (progress->late)
		show(progress);
	g_mutex_unlock(&progress->mutex);
}

void progress_end(progress_t *progress)
{
	if (!progress)
		return;
	if (progress->thread) {
		g_mutex_lock(&progress->mutex);
		progress->ended = TRUE;
		g_cond_signal(&progress->changed);
		g_mutex_unlock(&progress->mutex);
		g_thread_join(progress->thread);
	}
	if (progress->tty && progress->shown)
		fputs("\r\033[K", stderr);
	g_mutex_clear(&progress->mutex);
	g_cond_clear(&progress->changed);
	g_free(progress->text);
	g_free(progress);
}
