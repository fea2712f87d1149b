/* Fairlead: an attempt, one try to reach an endpoint
 * SPDX-License-Identifier: Apache-2.0
 *
 * An exchange that forwards makes one attempt, and more when the first ones fail and its route allows it:
 *
 *     for (;;) {
 *         fl_exchange_pick(&exchange, &attempt, &pick);
 *         if (pick != FL_PICK_ENDPOINT) break;                     answer 503
 *         fl_attempt_endpoint(&attempt, &endpoint);
 *         ...                                                      the host's I/O
 *         fl_attempt_report(&attempt, &outcome, &verdict);
 *         if (!verdict.retry) break;
 *         ...                                                      wait verdict.delay_ns
 *     }
 *
 * Several attempts of one exchange may be open at once.
 */
#ifndef FAIRLEAD_ATTEMPT_H
#define FAIRLEAD_ATTEMPT_H

#include "bytes.h"
#include "exchange.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* One attempt: memory of the caller's, which only the library reads and writes.
 *
 * Begin with FL_ATTEMPT_INIT, or with zero bytes. It stays where it is from pick to report; after that it can be used
 * again. It holds the snapshot that its endpoint is from. */
typedef struct fl_attempt {
    uint64_t opaque[16];
} fl_attempt;

#define FL_ATTEMPT_INIT { { 0 } }

/* What a pick came to. */
typedef uint32_t fl_pick;

enum {
    /* The attempt has an endpoint. */
    FL_PICK_ENDPOINT = 0,
    /* The cluster does not exist (any more): answer with cluster_not_found_status of fl_route. */
    FL_PICK_CLUSTER_NOT_FOUND = 1,
    /* The cluster has no endpoint that can be picked: answer 503. */
    FL_PICK_NO_ENDPOINT = 2,
    /* The request was dropped to relieve the endpoints: answer 503. */
    FL_PICK_DROPPED = 3,
    /* The exchange does not forward. */
    FL_PICK_NOT_FORWARDING = 4,
    /* The cluster has as many requests under way as its circuit breaker allows: answer 503. */
    FL_PICK_OVERFLOW = 5
};

/* Picks an endpoint for the next attempt of `exchange`, among the endpoints of now: those of the snapshot that the
 * worker adopted last, not those from when the exchange began.
 *
 * Ownership: when `*out_pick` is FL_PICK_ENDPOINT, the attempt has to be reported, or its exchange ended.
 * Threads: worker.
 * Returns: FL_OK, whatever the pick came to; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_ATTEMPT_OPEN;
 * FL_ERROR_INVALID_ARGUMENT.
 * Since: 0.1.
 */
FL_API fl_status fl_exchange_pick(fl_exchange *exchange, fl_attempt *attempt, fl_pick *out_pick);

/* What the control plane says of an endpoint, with the numbers of Envoy's HealthStatus. */
typedef uint32_t fl_health;

enum {
    /* Nothing is known; counts as healthy. */
    FL_HEALTH_UNKNOWN = 0,
    FL_HEALTH_HEALTHY = 1,
    FL_HEALTH_UNHEALTHY = 2,
    FL_HEALTH_DRAINING = 3,
    FL_HEALTH_TIMEOUT = 4,
    /* Takes requests only when the healthy ones are too few. */
    FL_HEALTH_DEGRADED = 5
};

/* Facts about an attempt's endpoint. */
typedef uint32_t fl_endpoint_flags;

enum {
    /* It was picked in panic: too few endpoints were healthy, so health was not looked at. */
    FL_ENDPOINT_PANIC = 1 << 0
};

/* The endpoint of an attempt. Texts are borrowed until the attempt is reported or detached. */
typedef struct fl_endpoint {
    uint32_t struct_size;
    fl_endpoint_flags flags;
    /* Names the endpoint as long as the engine lives: a survivor of an update keeps its id, and no other ever gets
     * it. A good key for connection pools. */
    uint64_t id;
    /* "10.0.0.9:80", "[::1]:80", or the path of a Unix socket. */
    fl_bytes address;
    /* The address without its port and without brackets. */
    fl_bytes host;
    /* The host name, for host rewrites and TLS; missing when there is none. */
    fl_bytes hostname;
    /* Where it stands; missing when not known. */
    fl_bytes region;
    fl_bytes zone;
    fl_bytes sub_zone;
    /* The name of its cluster. */
    fl_bytes cluster;
    /* 0 for a Unix socket. */
    uint32_t port;
    uint32_t weight;
    /* 0 first. */
    uint32_t priority;
    fl_health health;
    /* How long a connection to it may take. */
    uint64_t connect_timeout_ns;
    /* The number of the attempt in its exchange, from 1. */
    uint32_t attempt_number;
    /* Requests that are open on it now, over all workers, this attempt included. */
    uint32_t active_requests;
} fl_endpoint;

/* Tells about the endpoint of an attempt.
 *
 * Ownership: the texts are borrowed until the attempt is reported or detached. Threads: worker.
 * Returns: FL_OK; FL_ERROR_ATTEMPT_NOT_OPEN; FL_ERROR_ATTEMPT_DETACHED; FL_ERROR_INVALID_ARGUMENT,
 * FL_ERROR_STRUCT_SIZE.
 * Since: 0.1.
 */
FL_API fl_status fl_attempt_endpoint(const fl_attempt *attempt, fl_endpoint *out_endpoint);

/* How an attempt ended. */
typedef uint32_t fl_outcome_kind;

enum {
    /* A response came: `status` is its HTTP status. */
    FL_OUTCOME_RESPONSE = 0,
    /* No connection could be made, or it took too long. */
    FL_OUTCOME_CONNECT_FAILURE = 1,
    /* The stream was reset, or the connection was lost. */
    FL_OUTCOME_RESET = 2,
    /* HTTP/2 refused the stream: nothing was processed. */
    FL_OUTCOME_REFUSED_STREAM = 3,
    /* The per-try timeout passed. */
    FL_OUTCOME_PER_TRY_TIMEOUT = 4,
    /* The route's timeout passed; never retried. */
    FL_OUTCOME_TIMEOUT = 5,
    /* The client went away, or the host gave up; never retried, and no failure of the endpoint. */
    FL_OUTCOME_CANCELLED = 6,
    /* A limit of the host's own refused; never retried, and no failure of the endpoint. */
    FL_OUTCOME_OVERFLOW = 7
};

/* Facts about an outcome. */
typedef uint32_t fl_outcome_flags;

enum {
    /* Bytes of the request had been given to the endpoint. */
    FL_OUTCOME_REQUEST_SENT = 1 << 0,
    /* The host could make another attempt: nothing of a response was passed on, and the request's body is at hand. */
    FL_OUTCOME_MAY_RETRY = 1 << 1
};

/* What became of an attempt. */
typedef struct fl_outcome {
    uint32_t struct_size;
    fl_outcome_kind kind;
    /* The HTTP status of a response. */
    uint32_t status;
    fl_outcome_flags flags;
    /* The header lines of a response, which retries may depend on; NULL for none. */
    const fl_header *headers;
    size_t header_count;
    /* The request, whose x-envoy-retriable-status-codes and x-envoy-retriable-header-names count if it began the exchange
     * with FL_REQUEST_INTERNAL; NULL when it is not at hand. */
    const fl_request *request;
    /* The time in seconds since 1970, for responses that name the time to come again; 0 when it is not known. */
    uint64_t unix_seconds;
} fl_outcome;

/* What to do after an attempt was reported. */
typedef struct fl_verdict {
    uint32_t struct_size;
    /* 1 to make another attempt, 0 to be content with this one. */
    uint32_t retry;
    /* How long to wait before it. */
    uint64_t delay_ns;
} fl_verdict;

/* Reports what became of an attempt, and asks whether to try again. The attempt is closed.
 *
 * A verdict to retry holds one of the cluster's retry permits until that retry is reported or the exchange ends.
 * After a detach and the end of its exchange an attempt can still be reported; then there is nothing to retry.
 *
 * `out_verdict` may be NULL.
 *
 * Ownership: what was borrowed from the attempt may not be read any more; what the outcome lends is read during the call
 * only. Threads: worker.
 * Returns: FL_OK; FL_ERROR_ATTEMPT_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT, also for an unknown kind; FL_ERROR_STRUCT_SIZE.
 * Since: 0.1.
 */
FL_API fl_status fl_attempt_report(fl_attempt *attempt, const fl_outcome *outcome, fl_verdict *out_verdict);

/* Gives up the snapshot that an attempt holds, and keeps only its endpoint's counters: for streams that last, so that
 * they hold no old snapshot. It still has to be reported. Ending the exchange too gives up the route's snapshot.
 *
 * Ownership: what was borrowed from the attempt may not be read any more. Threads: worker.
 * Returns: FL_OK, also when it was detached already; FL_ERROR_ATTEMPT_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_attempt_detach(fl_attempt *attempt);

FL_END_DECLARATIONS

#endif
