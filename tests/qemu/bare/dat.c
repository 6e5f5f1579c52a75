// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Address translation: all memory where it is, except HOLE, PROTECTED and NO_SEGMENT (z/Architecture Principles
 * of Operation, dynamic address translation; QEMU, target/s390x/mmu_helper.c).
 */
#include "bare.h"

#define SEGMENTS 512
#define PAGES 256
#define SEGMENT_TABLE 0x3000000ULL
#define PAGE_TABLES (SEGMENT_TABLE + 8 * SEGMENTS)

#define SEGMENT_INVALID 0x20
#define PAGE_INVALID 0x400
#define PAGE_PROTECTED 0x200

static uint64_t page(uint64_t at)
{
	if (at == HOLE)
		return at | PAGE_INVALID;
	return at == PROTECTED ? at | PAGE_PROTECTED : at;
}

static uint64_t segment(uint64_t at, volatile uint64_t *table)
{
	unsigned int i;

	if (at == NO_SEGMENT || at >= RAM_END)
		return SEGMENT_INVALID;
	for (i = 0; i < PAGES; i++)
		table[i] = page(at + ((uint64_t)i << 12));
	return (uint64_t)table;
}

/* What execute() with DAT goes by; the space's designation is in control register 1. */
void map(void)
{
	volatile uint64_t *segments = (volatile uint64_t *)SEGMENT_TABLE;
	uint64_t asce = SEGMENT_TABLE, i;

	for (i = 0; i < SEGMENTS; i++)
		segments[i] = segment(i << 20, (volatile uint64_t *)(PAGE_TABLES + i * 8 * PAGES));
	asm volatile("lctlg	1,1,%0" : : "Q"(asce) : "memory");
}
