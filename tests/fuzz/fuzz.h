/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_TESTS_FUZZ_FUZZ_H
#define APMATRIX_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* The entry that libFuzzer, or replay.c, calls with each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
