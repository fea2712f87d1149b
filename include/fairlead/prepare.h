/* Fairlead: preparing requests, as a listener's connection manager does it before they are routed
 * SPDX-License-Identifier: Apache-2.0
 *
 * A host that takes requests off connections asks for the preparer of each of its listeners once, and then, request by
 * request, for one that is ready to be routed:
 *
 *     fl_request_prepare(preparer, &arrived, buffer, sizeof buffer, headers, 64, &prepared);
 *     if (prepared.status != 0) ...                          answer that, to prepared.location if there is one
 *     else fl_exchange_begin(&exchange, worker, table, &prepared.request);
 *
 * Hosts whose requests have been through a connection manager already do without.
 */
#ifndef FAIRLEAD_PREPARE_H
#define FAIRLEAD_PREPARE_H

#include "bytes.h"
#include "engine.h"
#include "exchange.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* What a connection manager does to requests: it never changes, and any number of threads may use it. */
typedef struct fl_preparer fl_preparer;

/* Makes a preparer of the connection manager of the listener called `listener`, as it is now: after an update that
 * changes the listener, make another. A missing name gives a connection manager with Envoy's defaults.
 *
 * Ownership: the caller gets the preparer and frees it with fl_preparer_destroy; it does not need the engine.
 * Threads: any. Returns: FL_OK; FL_ERROR_NOT_FOUND when no listener is called so; FL_ERROR_INVALID_ARGUMENT.
 * Since: 0.1.
 */
FL_API fl_status fl_preparer_create(fl_engine *engine, fl_bytes listener, fl_preparer **out_preparer);

/* Gives a preparer up.
 *
 * Ownership: takes the preparer; NULL is fine. Threads: any, as the last call with this preparer. Returns: nothing.
 * Since: 0.1.
 */
FL_API void fl_preparer_destroy(fl_preparer *preparer);

/* Facts about a prepared request. */
typedef uint32_t fl_prepared_flags;

enum {
    /* It is a gRPC request: answers of the host's own travel as status 200 with fl_grpc_status. */
    FL_PREPARED_GRPC = 1 << 0,
    /* It asks to go on in the protocol that its header `upgrade` names. */
    FL_PREPARED_UPGRADE = 1 << 1
};

/* What became of a request. Texts lie in the request that arrived, in the buffer, or are constant. */
typedef struct fl_preparation {
    uint32_t struct_size;
    fl_prepared_flags flags;
    /* The status to answer with at once, without a body: 400, 403, 404, or 307; 0 to go on. */
    uint32_t status;
    /* Nothing yet. */
    uint32_t reserved;
    /* Where an answer with 307 sends the client; missing otherwise. */
    fl_bytes location;
    /* Why it is answered, in the words of Envoy's response code details; missing otherwise. */
    fl_bytes details;
    /* Sizes of buffer and array that suffice, when they did not. */
    size_t buffer_size;
    size_t header_count;
    /* The request to route. */
    fl_request request;
} fl_preparation;

/* Prepares `request` for routing: brings path and host into their normal forms, takes off headers that end here and
 * those that only the inside may send, puts on x-forwarded-proto, and finds out whose request it is.
 *
 * `request` is the request as it arrived: `path` is the target of its request line, `source` the address of the peer,
 * `scheme` is missing unless the protocol has one (HTTP/2), FL_REQUEST_ENCRYPTED says that the connection is encrypted.
 * Lines called `host` count where `authority` is missing. `preparer` may be NULL for Envoy's defaults.
 *
 * `buffer` is for texts that have to be composed; `headers` is for the lines of the prepared request, of which there are
 * at most four more than arrived.
 *
 * Ownership: the result borrows from the request, the buffer and the array: keep them until the exchange has ended.
 * Threads: any. Returns: FL_OK, also for a request that is refused; FL_ERROR_BUFFER_TOO_SMALL, then only `buffer_size`
 * and `header_count` mean anything; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_request_prepare(const fl_preparer *preparer, const fl_request *request, char *buffer,
                                    size_t capacity, fl_header *headers, size_t header_capacity,
                                    fl_preparation *out_preparation);

/* The value of the header `grpc-status` of an answer that would have the HTTP status `status`. Answers of a proxy's own
 * travel to gRPC clients as status 200 without a body, with content-type application/grpc.
 *
 * Ownership: nothing. Threads: any. Returns: the status, 0 to 16. Since: 0.1.
 */
FL_API uint32_t fl_grpc_status(uint32_t status);

/* Writes the value of the header `grpc-message` of an answer with `body`; one without bytes has no such header.
 *
 * Ownership: nothing. Threads: any. Returns: FL_OK; FL_ERROR_BUFFER_TOO_SMALL, with the length that is needed in
 * `*out_length`; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_grpc_copy_message(fl_bytes body, char *buffer, size_t capacity, size_t *out_length);

FL_END_DECLARATIONS

#endif
