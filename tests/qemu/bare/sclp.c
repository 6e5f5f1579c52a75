// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The console: SCLP's write event data, type ASCII (QEMU, pc-bios/s390-ccw/sclp.h).
 */
#include <stdarg.h>
#include "bare.h"

struct sccb {
	uint16_t length;
	uint8_t function;
	uint8_t control[3];
	uint16_t response;
	uint16_t event_length;
	uint8_t event_type;
	uint8_t event_flags;
	uint16_t reserved;
	char data[200];
} __attribute__((packed, aligned(4096)));

static struct sccb sccb;
static unsigned int used;

static void put(char c)
{
	if (used < sizeof(sccb.data))
		sccb.data[used++] = c;
}

static void put_text(const char *s)
{
	while (*s)
		put(*s++);
}

static void put_number(uint64_t v, unsigned int base)
{
	char digits[24];
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	while (n)
		put(digits[--n]);
}

static void flush(void)
{
	sccb.length = 14 + used;
	sccb.function = 0;
	sccb.response = 0;
	sccb.event_length = 6 + used;
	sccb.event_type = 0x1a;
	sccb.event_flags = 0;
	asm volatile(".insn rre,0xb2200000,%0,%1"
		     :
		     : "d"(0x00760005UL), "a"(&sccb)
		     : "cc", "memory");
	used = 0;
}

/* Of formats, %s, %u (64 bits) and %x (64 bits). */
void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	for (; *format; format++) {
		if (*format != '%') {
			put(*format);
			continue;
		}
		switch (*++format) {
		case 's':
			put_text(va_arg(args, const char *));
			break;
		case 'u':
			put_number(va_arg(args, uint64_t), 10);
			break;
		case 'x':
			put_number(va_arg(args, uint64_t), 16);
			break;
		}
	}
	va_end(args);
	put('\n');
	flush();
}
