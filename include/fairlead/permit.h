/* Fairlead: circuit breakers
 * SPDX-License-Identifier: Apache-2.0
 *
 * A cluster caps what is under way at once, for requests of normal and of high priority. Requests and retries are counted
 * by picks and reports. What a host does beside them it asks a permit for, which it keeps as long as it lasts:
 *
 *     fl_attempt_take_permit(&attempt, FL_PERMIT_CONNECTION, pool_is_empty ? FL_PERMIT_FORCED : 0, &permit, &taken);
 *     if (!taken) ...                                           let the request wait for another connection
 *     ...                                                       connect; serve one request after the other; close
 *     fl_permit_give_back(&permit);
 */
#ifndef FAIRLEAD_PERMIT_H
#define FAIRLEAD_PERMIT_H

#include "attempt.h"
#include "bytes.h"
#include "engine.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* One permit: memory of the caller's, which only the library reads and writes. It may be moved. Begin with
 * FL_PERMIT_INIT, or with zero bytes, which is no permit. */
typedef struct fl_permit {
    uint64_t opaque[4];
} fl_permit;

#define FL_PERMIT_INIT { { 0 } }

/* What a permit is for. */
typedef uint32_t fl_permit_kind;

enum {
    /* A connection to an endpoint, from before it is made until it is closed. */
    FL_PERMIT_CONNECTION = 0,
    /* A request that waits for a connection. */
    FL_PERMIT_PENDING_REQUEST = 1,
    /* A group of connections that belong together. */
    FL_PERMIT_CONNECTION_POOL = 2
};

/* How a permit is asked for. */
typedef uint32_t fl_permit_flags;

enum {
    /* Take it although the cap may be reached. As in Envoy an endpoint without any connection may always get one: nobody
     * else could serve the requests that wait there. */
    FL_PERMIT_FORCED = 1 << 0
};

/* Takes a permit on behalf of an attempt: for its cluster, its endpoint and its priority. The permit may outlive the
 * attempt, its exchange, the worker and the cluster, but not the engine.
 *
 * `*out_taken` becomes 1, or 0 when the cap is reached, which is counted.
 *
 * Ownership: a permit that was taken has to be given back. Threads: worker.
 * Returns: FL_OK, whether it was taken or not; FL_ERROR_ATTEMPT_NOT_OPEN; FL_ERROR_ATTEMPT_DETACHED;
 * FL_ERROR_INVALID_ARGUMENT, also for an unknown kind and for a permit that is held already. Since: 0.1.
 */
FL_API fl_status fl_attempt_take_permit(const fl_attempt *attempt, fl_permit_kind kind, fl_permit_flags flags,
                                        fl_permit *permit, uint32_t *out_taken);

/* Gives a permit back.
 *
 * Ownership: the permit can be used again. Threads: any, one at a time.
 * Returns: FL_OK, also when there is none; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_permit_give_back(fl_permit *permit);

/* One cap, and what there is of it. */
typedef struct fl_gauge {
    uint64_t active;
    uint64_t limit;
} fl_gauge;

/* Facts about circuit breakers. */
typedef uint32_t fl_breakers_flags;

enum {
    /* The configuration wants it told what is left (track_remaining). */
    FL_BREAKERS_TRACK_REMAINING = 1 << 0
};

/* The circuit breakers of a cluster for requests of one priority. */
typedef struct fl_breakers {
    uint32_t struct_size;
    fl_breakers_flags flags;
    /* Requests under way. */
    fl_gauge requests;
    /* Connections, waiting requests and groups of connections that hosts hold permits for. */
    fl_gauge connections;
    fl_gauge pending_requests;
    fl_gauge connection_pools;
    /* Retries, from the verdict on; the limit of a retry budget moves. */
    fl_gauge retries;

    /* What was refused, over both priorities. */

    uint64_t request_overflow;
    uint64_t connection_overflow;
    uint64_t pending_overflow;
    uint64_t pool_overflow;
    uint64_t retry_overflow;
} fl_breakers;

/* Tells what the circuit breakers of a cluster hold, for requests of normal (0) or high (1) priority. It takes time in
 * proportion to the workers that there may be.
 *
 * Ownership: nothing. Threads: any.
 * Returns: FL_OK; FL_ERROR_NOT_FOUND when there is no such cluster; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE.
 * Since: 0.1.
 */
FL_API fl_status fl_engine_breakers(fl_engine *engine, fl_bytes cluster, uint32_t priority, fl_breakers *out_breakers);

FL_END_DECLARATIONS

#endif
