// Fairlead: nothing of its own; libFuzzer is linked by -sanitize=fuzzer
// SPDX-License-Identifier: Apache-2.0
#include "CFuzzer.h"
