// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bare.h"

#define STUB_BYTES 8

extern char stubs[];
int run(uint64_t stub, uint64_t psw_mask);

static unsigned int results;

int execute(enum op op, unsigned int r1, unsigned int r2, uint64_t psw_mask)
{
	return run((uint64_t)stubs + (((unsigned int)op * 16 + r1) * 16 + r2) * STUB_BYTES,
		   psw_mask | 0x0000000180000000ULL);
}

void clear_regs(void)
{
	int i;

	for (i = 0; i < 16; i++)
		regs[i] = 0;
}

int pqap(uint64_t gr0, uint64_t gr1, uint64_t gr2)
{
	clear_regs();
	regs[0] = gr0;
	regs[1] = gr1;
	regs[2] = gr2;
	return execute(PQAP, 0, 0, 0);
}

/* What follows a word of the command line; NULL when it is not there */
static const char *find(const char *name)
{
	const char *at = command_line, *n;

	while (*at) {
		for (n = name; *n && *n == *at; n++)
			at++;
		if (!*n && (*at == '=' || *at == ' ' || !*at))
			return at;
		while (*at && *at != ' ')
			at++;
		while (*at == ' ')
			at++;
	}
	return 0;
}

bool has(const char *name)
{
	return find(name);
}

/* NAME=NUMBER of the command line, decimal */
uint64_t word(const char *name, uint64_t otherwise)
{
	const char *at = find(name);
	uint64_t v = 0;

	if (!at || *at != '=')
		return otherwise;
	for (at++; *at >= '0' && *at <= '9'; at++)
		v = v * 10 + (unsigned int)(*at - '0');
	return v;
}

void result(bool good, const char *what)
{
	results++;
	print("%s - %s", good ? "ok" : "not ok", what);
}

int main(void)
{
	if (has("every-queue"))
		test_every_queue();
	if (has("exceptions"))
		test_exceptions();
	if (has("messages"))
		test_messages();
	if (has("fuzz"))
		test_fuzz();
	print("1..%u", (uint64_t)results);
	return 0;
}
