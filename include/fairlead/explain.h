/* Fairlead: why a request goes where it goes
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FAIRLEAD_EXPLAIN_H
#define FAIRLEAD_EXPLAIN_H

#include "exchange.h"
#include "status.h"
#include "worker.h"

FL_BEGIN_DECLARATIONS

/* How an explanation is written. */
typedef uint32_t fl_explain_format;

enum {
    /* A few lines for people. */
    FL_EXPLAIN_TEXT = 0,
    /* One line of JSON; docs/explain.md tells the keys. */
    FL_EXPLAIN_JSON = 1
};

/* What an explanation shall tell. */
typedef struct fl_explain_options {
    uint32_t struct_size;
    fl_explain_format format;
    /* How many earlier routes are listed at most; all are counted. 0 for 100. */
    uint32_t maximum_routes;
    uint32_t reserved;
} fl_explain_options;

/* Tells what fl_exchange_begin and the first fl_exchange_pick would decide for `request` now, and why: which domains
 * the virtual host beat, why each earlier route was not taken, how cluster, priority, locality and endpoint are chosen.
 *
 * Nothing changes: no cursor moves, nothing is counted, and the next exchange is decided just so. It allocates, looks at
 * each route in turn and may take the engine's lock: for people and tests, not for every request.
 *
 * `options` may be NULL for text. `out_length` gets the length of the whole, also when it does not fit into `capacity`
 * bytes; no NUL is added.
 *
 * Ownership: nothing; the buffer stays the caller's. Threads: worker.
 * Returns: FL_OK; FL_ERROR_BUFFER_TOO_SMALL, then the buffer holds the beginning; FL_ERROR_INVALID_ARGUMENT, also for
 * an unknown format; FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_worker_explain(fl_worker *worker, uint32_t route_table, const fl_request *request,
                                   const fl_explain_options *options, char *buffer, size_t capacity,
                                   size_t *out_length);

FL_END_DECLARATIONS

#endif
