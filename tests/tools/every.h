/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A step of apvfio with each of its allocations failing in turn.
 */
#ifndef APMATRIX_TESTS_EVERY_H
#define APMATRIX_TESTS_EVERY_H

/**
 * struct every - what to do
 * @limit: allocations at most
 * @stride: 1, or how many of them are passed over each time, and one more
 * @steps: the last one is the one; those before make it possible
 * @count: of them
 * @undo: steps that undo it when it succeeded; exiting closes what was opened
 * @undo_count: of them
 */
struct every {
	int limit;
	int stride;
	char **steps;
	int count;
	char **undo;
	int undo_count;
};

int every_run(struct every *e);
/* Of apvfio: one step, -1 with errno. */
int every_step(const char *text);

#endif
