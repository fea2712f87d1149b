// Fairlead: the entry to libFuzzer
// SPDX-License-Identifier: Apache-2.0
#ifndef FAIRLEAD_CFUZZER_H
#define FAIRLEAD_CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer's own loop, which the fuzzing runtime brings: calls `test` with one input after the other.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));

#endif
