/* Fairlead: what the route of an exchange says
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plain results are borrowed from the exchange's snapshot. Composed ones (a rewritten path, a redirect's target) are
 * written into a buffer of the caller's:
 *
 *     size_t length;
 *     fl_status status = fl_exchange_copy_path(&exchange, &request, buffer, sizeof buffer, &length);
 *
 * `*out_length` gets the length of the whole result, without any NUL, even when the answer is
 * FL_ERROR_BUFFER_TOO_SMALL; then the buffer holds the beginning of it. A capacity of 0 asks for the length alone,
 * and the buffer may be NULL. `request` is the one that the exchange was begun with.
 *
 * Rewrites look at the request's headers as they are after the route's mutations: apply those first, and hand over the
 * request with the lines that came out.
 */
#ifndef FAIRLEAD_ROUTE_H
#define FAIRLEAD_ROUTE_H

#include "attempt.h"
#include "bytes.h"
#include "exchange.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* Facts about a route. */
typedef uint32_t fl_route_flags;

enum {
    /* The Host that is sent on is the endpoint's host name (auto_host_rewrite). */
    FL_ROUTE_HOST_FROM_ENDPOINT = 1 << 0,
    /* The old Host is to be appended to x-forwarded-host. */
    FL_ROUTE_APPENDS_FORWARDED_HOST = 1 << 1,
    /* Requests are to carry x-envoy-attempt-count. */
    FL_ROUTE_REQUEST_ATTEMPT_COUNT = 1 << 2,
    /* Responses are to carry x-envoy-attempt-count. */
    FL_ROUTE_RESPONSE_ATTEMPT_COUNT = 1 << 3,
    /* There is a retry policy: keep the request's body if it is small enough. */
    FL_ROUTE_HAS_RETRY_POLICY = 1 << 4,
    /* The body of a direct response is composed: fl_exchange_copy_body writes it. */
    FL_ROUTE_COMPOSES_BODY = 1 << 5,
    /* Redirects of endpoints may be followed (redirect.h): keep the request's body if it is small enough. */
    FL_ROUTE_FOLLOWS_REDIRECTS = 1 << 6
};

/* The idle timeout is not set on the route: that of the listener counts. */
#define FL_TIMEOUT_UNSET UINT64_MAX

/* What the route of an exchange says. Texts are borrowed until the exchange ends. */
typedef struct fl_route {
    uint32_t struct_size;
    fl_disposition disposition;
    fl_route_flags flags;
    /* The HTTP status to answer with when nothing is forwarded; 0 when the exchange forwards or the route only
     * matches. */
    uint32_t status;
    /* The HTTP status to answer with when the cluster does not exist. */
    uint32_t cluster_not_found_status;
    /* Which circuit breakers and connection pools are used: 0 normal, 1 high. */
    uint32_t priority;
    /* The name of the route table; missing when there is no such table. */
    fl_bytes table;
    /* The name of the virtual host; missing when none was found. */
    fl_bytes virtual_host;
    /* The name of the route, which may be empty; missing when none was found. */
    fl_bytes name;
    /* The name of the cluster; missing when the exchange does not forward, or when the cluster does not exist. */
    fl_bytes cluster;
    /* The body of a direct response, as far as it does not depend on the request; missing for everything else. */
    fl_bytes body;
    /* How long the exchange may take once the request is complete; 0 for ever. */
    uint64_t timeout_ns;
    /* How long the stream may be idle; 0 for ever, FL_TIMEOUT_UNSET for as long as the listener says. */
    uint64_t idle_timeout_ns;
    /* How long one attempt may take; 0 for no limit of its own. */
    uint64_t per_try_timeout_ns;
    /* The request's hash by the route's hash policies; random bits when there was none. */
    uint64_t hash;
    /* The content type of a composed body; missing for plain text. */
    fl_bytes body_content_type;
} fl_route;

/* What a host knows of an exchange besides the request: substitution commands stand for it (docs/substitution.md).
 * Everything is borrowed for the length of a call, and everything may be left out. */
typedef struct fl_exchange_facts {
    uint32_t struct_size;
    /* The response's HTTP status; 0 while there is none. */
    uint32_t response_status;
    /* The lines of the response's head. */
    const fl_header *response_headers;
    size_t response_header_count;
    /* What the response came to be by, "via_upstream". */
    fl_bytes response_details;
    /* Envoy's short flags of what went wrong, "UF"; missing for nothing. */
    fl_bytes response_flags;
    /* The downstream protocol, "HTTP/1.1". */
    fl_bytes protocol_name;
    /* The server name that the client asked for in its TLS greeting. */
    fl_bytes server_name;
    /* The host name of the machine. */
    fl_bytes machine_name;
    /* When the request began, in nanoseconds since 1970; 0 when not known. */
    uint64_t start_time_ns;
    /* The attempt whose endpoint is meant; NULL before the first pick. */
    const fl_attempt *attempt;
} fl_exchange_facts;

/* Tells what the route of an exchange says.
 *
 * Ownership: the texts are borrowed until the exchange ends. Threads: worker.
 * Returns: FL_OK; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_exchange_route(const fl_exchange *exchange, fl_route *out_route);

/* Facts about the timeouts of a request. */
typedef uint32_t fl_timeouts_flags;

enum {
    /* The time of the stream is over before it began: answer as if stream_ns had passed. */
    FL_TIMEOUTS_STREAM_IS_OVER = 1 << 0,
    /* The endpoint's grpc-timeout is to say the time that it has. */
    FL_TIMEOUTS_REWRITES_GRPC_TIMEOUT = 1 << 1
};

/* How long one request may take: what its route says, and what the request itself may say. */
typedef struct fl_timeouts {
    uint32_t struct_size;
    fl_timeouts_flags flags;
    /* From the end of the request to the end of the response; 0 for ever. */
    uint64_t route_ns;
    /* For one attempt; 0 for no limit of its own. */
    uint64_t attempt_ns;
    /* From the beginning of the stream to its end; 0 for ever, FL_TIMEOUT_UNSET for as long as the listener says. */
    uint64_t stream_ns;
    /* Without any byte moving; 0 for ever, FL_TIMEOUT_UNSET for as long as the listener says. */
    uint64_t idle_ns;
    /* For one attempt without any byte of a response; 0 for no limit of its own. */
    uint64_t attempt_idle_ns;
} fl_timeouts;

/* Tells how long `request` may take: by its route, by its grpc-timeout, and, with FL_REQUEST_INTERNAL, by its
 * x-envoy-upstream-rq-timeout-ms and x-envoy-upstream-rq-per-try-timeout-ms, which are not passed on.
 *
 * Ownership: nothing. Threads: worker.
 * Returns: FL_OK; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_exchange_timeouts(const fl_exchange *exchange, const fl_request *request,
                                      fl_timeouts *out_timeouts);

/* Writes the path, with its query, that goes to the endpoint: rewritten, or as it came.
 *
 * Ownership: the buffer is the caller's. Threads: worker.
 * Returns: FL_OK; FL_ERROR_BUFFER_TOO_SMALL; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT,
 * FL_ERROR_STRUCT_SIZE.
 * Since: 0.1.
 */
FL_API fl_status fl_exchange_copy_path(const fl_exchange *exchange, const fl_request *request, char *buffer,
                                       size_t capacity, size_t *out_length);

/* Writes the authority that goes to the endpoint of `attempt`: rewritten, or as it came. Only routes with
 * FL_ROUTE_HOST_FROM_ENDPOINT look at the attempt, which may be NULL.
 *
 * Ownership: the buffer is the caller's. Threads: worker. Returns: as fl_exchange_copy_path. Since: 0.1.
 */
FL_API fl_status fl_exchange_copy_authority(const fl_exchange *exchange, const fl_request *request,
                                            const fl_attempt *attempt, char *buffer, size_t capacity,
                                            size_t *out_length);

/* Writes the Location of a redirect; nothing (length 0) when the exchange is none.
 *
 * Ownership: the buffer is the caller's. Threads: worker. Returns: as fl_exchange_copy_path. Since: 0.1.
 */
FL_API fl_status fl_exchange_copy_location(const fl_exchange *exchange, const fl_request *request, char *buffer,
                                           size_t capacity, size_t *out_length);

/* Writes the value of the Set-Cookie that makes the client come back to the same endpoint; nothing (length 0) when the
 * route asks for none, or the client sent its cookie.
 *
 * Ownership: the buffer is the caller's. Threads: worker.
 * Returns: FL_OK; FL_ERROR_BUFFER_TOO_SMALL; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_exchange_copy_set_cookie(const fl_exchange *exchange, char *buffer, size_t capacity,
                                             size_t *out_length);

/* Which headers are meant. */
typedef uint32_t fl_direction;

enum {
    /* Those of the request, on its way to the endpoint. */
    FL_DIRECTION_REQUEST = 0,
    /* Those of the response, on its way to the client. */
    FL_DIRECTION_RESPONSE = 1
};

/* What a header mutation does; the first four have the numbers of Envoy's HeaderAppendAction. */
typedef uint32_t fl_header_action;

enum {
    /* Adds a line, beside those of that name. */
    FL_HEADER_APPEND = 0,
    /* Adds a line if there is none of that name. */
    FL_HEADER_ADD_IF_ABSENT = 1,
    /* Puts a line in place of those of that name, or adds it. */
    FL_HEADER_OVERWRITE_OR_ADD = 2,
    /* Puts a line in place of those of that name, if there is any. */
    FL_HEADER_OVERWRITE = 3,
    /* Takes all lines of that name away. */
    FL_HEADER_REMOVE = 16
};

/* One change to the headers. Texts are borrowed until the exchange ends. */
typedef struct fl_header_mutation {
    uint32_t struct_size;
    fl_header_action action;
    /* In lower case. */
    fl_bytes name;
    /* Missing for FL_HEADER_REMOVE, and when it is composed. */
    fl_bytes value;
    /* 1 when the line is added even if its value comes out empty, 0 when it is left out then. */
    uint32_t keeps_empty_value;
    /* Which level it is from. All values of one level are composed, and all its conditions tested, on the headers as
     * they are after the level's removals and before its first addition. */
    uint32_t level;
    /* 0 when `value` is the value; otherwise fl_exchange_copy_header_value composes it. */
    uint64_t format;
} fl_header_mutation;

/* Where an iteration over header mutations stands; zero is its beginning. */
typedef uint64_t fl_header_cursor;

/* Writes the value of a header mutation. `request` has the headers as they are now, see fl_header_mutation; `facts`
 * may be NULL.
 *
 * Ownership: the buffer is the caller's. Threads: worker. Returns: as fl_exchange_copy_path. Since: 0.1.
 */
FL_API fl_status fl_exchange_copy_header_value(const fl_exchange *exchange, const fl_request *request,
                                               const fl_exchange_facts *facts, const fl_header_mutation *mutation,
                                               char *buffer, size_t capacity, size_t *out_length);

/* Writes the body of a direct response; nothing (length 0) when the exchange is none. `facts` may be NULL.
 *
 * Ownership: the buffer is the caller's. Threads: worker. Returns: as fl_exchange_copy_path. Since: 0.1.
 */
FL_API fl_status fl_exchange_copy_body(const fl_exchange *exchange, const fl_request *request,
                                       const fl_exchange_facts *facts, char *buffer, size_t capacity,
                                       size_t *out_length);

/* Hands out the header mutations of the route, one for each call, in the order in which they are to be applied.
 *
 *     fl_header_cursor cursor = 0;
 *     while (fl_exchange_next_header_mutation(&exchange, FL_DIRECTION_REQUEST, &cursor, &mutation) == FL_OK) { ... }
 *
 * Ownership: the texts are borrowed until the exchange ends. Threads: worker.
 * Returns: FL_OK; FL_DONE when there are no more; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT,
 * FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_exchange_next_header_mutation(const fl_exchange *exchange, fl_direction direction,
                                                  fl_header_cursor *cursor, fl_header_mutation *out_mutation);

FL_END_DECLARATIONS

#endif
