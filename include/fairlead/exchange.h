/* Fairlead: an exchange, one request's way through the engine
 * SPDX-License-Identifier: Apache-2.0
 *
 *     fl_exchange exchange = FL_EXCHANGE_INIT;
 *     fl_attempt attempt = FL_ATTEMPT_INIT;
 *     fl_pick pick;
 *     fl_exchange_begin(&exchange, worker, route_table, &request);
 *     if (fl_exchange_disposition(&exchange) == FL_DISPOSITION_FORWARD) {
 *         fl_exchange_pick(&exchange, &attempt, &pick);
 *         ...
 *     }
 *     fl_exchange_end(&exchange);
 */
#ifndef FAIRLEAD_EXCHANGE_H
#define FAIRLEAD_EXCHANGE_H

#include "bytes.h"
#include "fact.h"
#include "status.h"
#include "worker.h"

FL_BEGIN_DECLARATIONS

/* Facts about a request. */
typedef uint32_t fl_request_flags;

enum {
    /* The client presented a certificate. */
    FL_REQUEST_CERTIFICATE_PRESENTED = 1 << 0,
    /* The client's certificate was validated. */
    FL_REQUEST_CERTIFICATE_VALIDATED = 1 << 1,
    /* The request comes from inside: its x-envoy-... headers are believed. */
    FL_REQUEST_INTERNAL = 1 << 2,
    /* `random` is set. */
    FL_REQUEST_HAS_RANDOM = 1 << 3,
    /* The connection is encrypted. */
    FL_REQUEST_ENCRYPTED = 1 << 4,
    /* Nobody can tell whether the client's own connection is, as x-forwarded-proto is empty: there is no route. */
    FL_REQUEST_UNKNOWN = 1 << 5
};

/* One request, as the host's parser found it. Everything is borrowed for the length of a call. */
typedef struct fl_request {
    uint32_t struct_size;
    fl_request_flags flags;
    /* "GET". */
    fl_bytes method;
    /* "http" or "https"; missing counts as http. */
    fl_bytes scheme;
    /* The :authority or Host as received; missing when there was none. */
    fl_bytes authority;
    /* The target with its query, "/a?b=c"; missing for a plain CONNECT. */
    fl_bytes path;
    /* The header lines, without pseudo-headers and without Host. */
    const fl_header *headers;
    size_t header_count;
    /* The client's address with its port, "10.0.0.1:4711"; missing when not known. */
    fl_bytes source;
    /* The local address that the client came in on, with its port; missing when not known. */
    fl_bytes destination;
    /* The request's own random bits, for hosts that want the same request to be decided the same way again; without
     * FL_REQUEST_HAS_RANDOM the worker draws some. */
    uint64_t random;
    /* What the host knows beyond the head: dynamic metadata and filter state. Routes without such conditions do not look
     * at them. */
    const fl_fact *facts;
    size_t fact_count;
} fl_request;

/* How an exchange goes on after fl_exchange_begin. */
typedef uint32_t fl_disposition;

enum {
    /* Nothing matched: answer 404. */
    FL_DISPOSITION_NO_ROUTE = 0,
    /* To a cluster: pick. */
    FL_DISPOSITION_FORWARD = 1,
    /* Answer with a redirect: fl_exchange_copy_location has its target, fl_route its status. */
    FL_DISPOSITION_REDIRECT = 2,
    /* Answer with the status and body of fl_route. */
    FL_DISPOSITION_DIRECT_RESPONSE = 3,
    /* Answer with a redirect to https, because the virtual host demands TLS. */
    FL_DISPOSITION_TLS_REDIRECT = 4,
    /* The route only matches: it says neither where to go nor what to answer. */
    FL_DISPOSITION_NON_FORWARDING = 5,
    /* The request has no authority: answer 400. */
    FL_DISPOSITION_BAD_REQUEST = 6
};

/* One exchange: memory of the caller's, which only the library reads and writes.
 *
 * Begin with FL_EXCHANGE_INIT, or with zero bytes. It stays where it is from begin to end; after the end it can be used
 * again. It holds the snapshot of its route, so that texts borrowed from it stay readable, whatever is applied
 * meanwhile. */
typedef struct fl_exchange {
    uint64_t opaque[48];
} fl_exchange;

#define FL_EXCHANGE_INIT { { 0 } }

/* Begins an exchange: finds virtual host and route of `request` in a route table.
 *
 * `route_table` comes from fl_engine_route_table; 0 is the first table that the engine ever had.
 *
 * Ownership: the exchange has to be ended. It keeps nothing of the request. Threads: worker.
 * Returns: FL_OK, also when no route matched: fl_exchange_disposition tells; FL_ERROR_EXCHANGE_OPEN;
 * FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_exchange_begin(fl_exchange *exchange, fl_worker *worker, uint32_t route_table,
                                   const fl_request *request);

/* Begins an exchange with the cluster called `cluster`, without any route: for hosts that only balance.
 *
 * `hash` points to the request's hash, for consistent hashing; NULL for none.
 *
 * Ownership: the exchange has to be ended. Threads: worker.
 * Returns: FL_OK, also when there is no such cluster: fl_exchange_pick tells; FL_ERROR_EXCHANGE_OPEN;
 * FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_exchange_begin_cluster(fl_exchange *exchange, fl_worker *worker, fl_bytes cluster,
                                           const uint64_t *hash);

/* How the exchange goes on.
 *
 * Ownership: nothing. Threads: worker. Returns: FL_DISPOSITION_...; FL_DISPOSITION_NO_ROUTE when it was not begun.
 * Since: 0.1.
 */
FL_API fl_disposition fl_exchange_disposition(const fl_exchange *exchange);

/* How many attempts were made, the open ones included: the value of x-envoy-attempt-count.
 *
 * Ownership: nothing. Threads: worker. Returns: the number; 0 when it was not begun. Since: 0.1.
 */
FL_API uint32_t fl_exchange_attempts(const fl_exchange *exchange);

/* Gives room to remember more endpoints as tried than the eight for which there is room anyhow. It matters for routes
 * that retry more often than that, and want another host each time.
 *
 * Ownership: the array stays the caller's, who keeps it until the exchange ends. Threads: worker.
 * Returns: FL_OK; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_exchange_extend_tried(fl_exchange *exchange, uintptr_t *array, size_t capacity);

/* Ends an exchange. Attempts that are still open are reported as cancelled; detached ones stay open.
 *
 * Ownership: what was borrowed from the exchange and from its open attempts may not be read any more. Threads: worker.
 * Returns: FL_OK, also when it was not begun or ended already; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_exchange_end(fl_exchange *exchange);

FL_END_DECLARATIONS

#endif
