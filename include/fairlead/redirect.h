/* Fairlead: redirects that are followed in the client's place
 * SPDX-License-Identifier: Apache-2.0
 *
 * When an endpoint answers with a redirect, and the whole request is at hand:
 *
 *     fl_redirect_chain chain = FL_REDIRECT_CHAIN_INIT;           one for each request of a client
 *     ...
 *     if (fl_exchange_redirect_target(&exchange, &request, status, location, &chain, &target) == FL_OK) {
 *         next_request = request;                                 with the target's scheme, authority and path, as a GET
 *                                                                 without a body if it becomes one, with the headers of
 *                                                                 fl_exchange_redirect_header copied from the redirect,
 *                                                                 and x-envoy-original-url
 *         fl_exchange_begin(&next, worker, route_table, &next_request);
 *         if (fl_exchange_accept_redirect(&exchange, &next, &request, &target, &chain) == FL_OK) {
 *             fl_exchange_end(&exchange);
 *             ...                                                 go on with the next exchange
 *         } else {
 *             fl_exchange_end(&next);
 *             ...                                                 pass the redirect on to the client
 *         }
 *     }
 */
#ifndef FAIRLEAD_REDIRECT_H
#define FAIRLEAD_REDIRECT_H

#include "bytes.h"
#include "exchange.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* The redirects of one request that were followed so far: memory of the caller's, which only the library reads and
 * writes. Begin with FL_REDIRECT_CHAIN_INIT, or with zero bytes. */
typedef struct fl_redirect_chain {
    uint64_t opaque[12];
} fl_redirect_chain;

#define FL_REDIRECT_CHAIN_INIT { { 0 } }

/* Where a redirect leads. Texts are borrowed from its Location, or last for ever. */
typedef struct fl_redirect_target {
    uint32_t struct_size;
    /* 1 when the new request is a GET without a body, 0 when it keeps both. */
    uint32_t becomes_get;
    /* "http" or "https". */
    fl_bytes scheme;
    fl_bytes authority;
    /* With its query. */
    fl_bytes path;
} fl_redirect_target;

/* Tells where the redirect of an endpoint leads that is to be followed in the client's place.
 *
 * Ownership: the texts are borrowed from `location`. Threads: worker.
 * Returns: FL_OK; FL_DONE when the response is to be passed on; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT,
 * FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_exchange_redirect_target(const fl_exchange *exchange, const fl_request *request, uint32_t status,
                                             fl_bytes location, fl_redirect_chain *chain,
                                             fl_redirect_target *out_target);

/* Tells whether the redirect may lead to the route of `next`, which was begun with the new request; `request` is the one
 * of `exchange`.
 *
 * Ownership: nothing. Threads: worker.
 * Returns: FL_OK, and the chain is longer by one; FL_DONE when the response is to be passed on, and `next` to be ended;
 * FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_exchange_accept_redirect(const fl_exchange *exchange, const fl_exchange *next,
                                             const fl_request *request, const fl_redirect_target *target,
                                             fl_redirect_chain *chain);

/* Names a header that the new request gets from the redirect, or loses when the redirect does not have it.
 *
 * Ownership: the name is borrowed until the exchange ends. Threads: worker.
 * Returns: FL_OK; FL_DONE when there are not that many; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT.
 * Since: 0.1.
 */
FL_API fl_status fl_exchange_redirect_header(const fl_exchange *exchange, uint32_t index, fl_bytes *out_name);

FL_END_DECLARATIONS

#endif
