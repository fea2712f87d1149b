/* Fairlead: what routes say to HTTP filters
 * SPDX-License-Identifier: Apache-2.0
 *
 * The engine carries the messages of typed_per_filter_config as bytes. A host asks by a filter's name: for the most
 * specific message, or level by level for filters that merge them.
 */
#ifndef FAIRLEAD_FILTER_H
#define FAIRLEAD_FILTER_H

#include "bytes.h"
#include "exchange.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* Who says something to a filter, from the most general on: the order in which Envoy's filters merge. */
typedef uint32_t fl_filter_level;

enum {
    FL_FILTER_TABLE = 0,
    FL_FILTER_VIRTUAL_HOST = 1,
    FL_FILTER_ROUTE = 2,
    /* The chosen one of several weighted clusters. */
    FL_FILTER_WEIGHTED_CLUSTER = 3,
    /* Whichever level is the most specific one with a message. */
    FL_FILTER_MOST_SPECIFIC = 16
};

/* Facts about what is said to a filter. */
typedef uint32_t fl_filter_flags;

enum {
    /* The filter is left out, as far as this level decides. */
    FL_FILTER_DISABLED = 1 << 0,
    /* A host that does not know the type may go on without it. */
    FL_FILTER_OPTIONAL = 1 << 1
};

/* What is said to a filter. Texts are borrowed until the exchange ends. */
typedef struct fl_filter_config {
    uint32_t struct_size;
    fl_filter_flags flags;
    /* "type.googleapis.com/..."; missing when there is no message. */
    fl_bytes type_url;
    /* A protobuf message of that type; missing when there is none. */
    fl_bytes value;
} fl_filter_config;

/* Tells what the route of an exchange says to the filter called `name`.
 *
 * Ownership: the texts are borrowed until the exchange ends. Threads: worker.
 * Returns: FL_OK; FL_ERROR_NOT_FOUND when that level, or any, says nothing; FL_ERROR_EXCHANGE_NOT_OPEN;
 * FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_exchange_filter_config(const fl_exchange *exchange, fl_bytes name, fl_filter_level level,
                                           fl_filter_config *out_config);

/* Whether the filter called `name` is left out: the most specific level that says anything to it decides.
 *
 * Ownership: nothing. Threads: worker.
 * Returns: 1 when it is left out, 0 when it is not; -1 when no level says anything, and the host's own configuration
 * counts. Since: 0.1.
 */
FL_API int32_t fl_exchange_filter_disabled(const fl_exchange *exchange, fl_bytes name);

FL_END_DECLARATIONS

#endif
