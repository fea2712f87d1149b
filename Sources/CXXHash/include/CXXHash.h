// Fairlead: xxHash as Swift can see it
// SPDX-License-Identifier: Apache-2.0
//
// With XXH_INLINE_ALL its own names are macros, so each function gets a plain inline name.
#ifndef FAIRLEAD_CXXHASH_H
#define FAIRLEAD_CXXHASH_H

#include <stddef.h>
#include <stdint.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

static inline uint64_t fl_xxh64(const void *bytes, size_t count, uint64_t seed) {
    return XXH64(bytes, count, seed);
}

#endif
