/* Fairlead: what only C can ask: valgrind for instructions, the heap for its size
 * SPDX-License-Identifier: Apache-2.0
 *
 * The requests to valgrind do nothing outside of it, and nothing at all where its headers are missing. */
#ifndef FL_PROBE_H
#define FL_PROBE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the process runs under valgrind. */
bool fl_probe_is_callgrind(void);

/* Starts counting instructions from zero; call it while nothing is counted. */
void fl_probe_start(void);

/* Stops counting and writes what was counted to callgrind's next numbered file. */
void fl_probe_stop(void);

/* The bytes that the heap has in use. */
uint64_t fl_probe_heap_bytes(void);

#endif
