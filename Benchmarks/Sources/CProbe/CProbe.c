/* Fairlead: what only C can ask: valgrind for instructions, the heap for its size
 * SPDX-License-Identifier: Apache-2.0 */
#include "CProbe.h"

#include <malloc.h>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>

bool fl_probe_is_callgrind(void) { return RUNNING_ON_VALGRIND != 0; }

void fl_probe_start(void) {
    CALLGRIND_ZERO_STATS;
    CALLGRIND_TOGGLE_COLLECT;
}

void fl_probe_stop(void) {
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_DUMP_STATS;
}
#else
bool fl_probe_is_callgrind(void) { return false; }
void fl_probe_start(void) {}
void fl_probe_stop(void) {}
#endif

uint64_t fl_probe_heap_bytes(void) {
    struct mallinfo2 heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
}
