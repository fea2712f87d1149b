/* Fairlead: what a rate limit service is asked about requests
 * SPDX-License-Identifier: Apache-2.0
 *
 * The engine makes the descriptors that a route's rate_limits ask for; to ask a service with them is the host's:
 *
 *     fl_rate_limit_cursor cursor = 0;
 *     while (fl_exchange_next_rate_limit(&exchange, &request, &query, &cursor, entries, 16, buffer, sizeof buffer,
 *                                        &descriptor) == FL_OK) {
 *         ...                                   entries[0 .. descriptor.entry_count - 1], descriptor.requests_per_unit
 *     }
 */
#ifndef FAIRLEAD_RATE_LIMIT_H
#define FAIRLEAD_RATE_LIMIT_H

#include "bytes.h"
#include "exchange.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* When the rules of a virtual host count beside those of a route; the filter's own configuration says so
 * (RateLimitPerRoute.vh_rate_limits, whose numbers these are). */
typedef uint32_t fl_rate_limit_host_rules;

enum {
    /* When the route has none. */
    FL_RATE_LIMIT_HOST_RULES_OVERRIDE = 0,
    /* Always. */
    FL_RATE_LIMIT_HOST_RULES_INCLUDE = 1,
    /* Only when the route says so itself. */
    FL_RATE_LIMIT_HOST_RULES_IGNORE = 2
};

/* What a host's rate limit filter asks for. Begin with FL_INIT. */
typedef struct fl_rate_limit_query {
    uint32_t struct_size;
    /* The filter's stage, 0 to 10: only rules of that stage count. */
    uint32_t stage;
    /* 0 for the rules from before the stream has ended, 1 for those that count when it has (apply_on_stream_done). */
    uint32_t stream_done;
    fl_rate_limit_host_rules host_rules;
    /* The name of the cluster that the host itself belongs to; missing counts as empty. */
    fl_bytes source_cluster;
} fl_rate_limit_query;

/* How long the unit of a limit is: the numbers of envoy.type.v3.RateLimitUnit. */
typedef uint32_t fl_rate_limit_unit;

enum {
    FL_RATE_LIMIT_UNIT_UNKNOWN = 0,
    FL_RATE_LIMIT_UNIT_SECOND = 1,
    FL_RATE_LIMIT_UNIT_MINUTE = 2,
    FL_RATE_LIMIT_UNIT_HOUR = 3,
    FL_RATE_LIMIT_UNIT_DAY = 4,
    FL_RATE_LIMIT_UNIT_MONTH = 5,
    FL_RATE_LIMIT_UNIT_YEAR = 6
};

/* Facts about a descriptor. */
typedef uint32_t fl_rate_limit_flags;

enum {
    /* The request's metadata says how much is allowed; the service's own limit does not count. */
    FL_RATE_LIMIT_HAS_LIMIT = 1 << 0
};

/* One descriptor. */
typedef struct fl_rate_limit {
    uint32_t struct_size;
    fl_rate_limit_flags flags;
    /* With FL_RATE_LIMIT_HAS_LIMIT: so many requests in a unit. */
    uint32_t requests_per_unit;
    fl_rate_limit_unit unit;
    /* How many entries there are, 0 included; more than fit when the array was too small. */
    size_t entry_count;
    /* How many bytes of the buffer are used; more than fit when it was too small. */
    size_t text_length;
} fl_rate_limit;

/* A place among the rules of an exchange; begin with 0. */
typedef uint32_t fl_rate_limit_cursor;

/* Makes the next descriptor of `request` that the route of `exchange` and its virtual host ask for.
 *
 * Each entry is a line, a key as its name and a value. Values that have to be composed are written into the buffer, and
 * the array and the buffer of an earlier call are overwritten. `query` may be NULL for stage 0. A request that is not
 * forwarded, or whose cluster does not exist, has no descriptors.
 *
 * Ownership: the texts are borrowed from the request, from the buffer, and from the exchange until it ends.
 * Threads: worker. Returns: FL_OK; FL_DONE when there are no more; FL_ERROR_BUFFER_TOO_SMALL, then `entry_count` and
 * `text_length` say what is needed, and the same call with more room goes on; FL_ERROR_EXCHANGE_NOT_OPEN;
 * FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_exchange_next_rate_limit(const fl_exchange *exchange, const fl_request *request,
                                             const fl_rate_limit_query *query, fl_rate_limit_cursor *cursor,
                                             fl_header *entries, size_t entry_capacity, char *buffer, size_t capacity,
                                             fl_rate_limit *out_rate_limit);

FL_END_DECLARATIONS

#endif
