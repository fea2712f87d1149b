/* Fairlead: what routes say to tracing, statistics, upgrades and balancing
 * SPDX-License-Identifier: Apache-2.0
 *
 * The engine carries these for the host and does not act on them.
 */
#ifndef FAIRLEAD_NOTES_H
#define FAIRLEAD_NOTES_H

#include "bytes.h"
#include "exchange.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* What a route says to tracing and statistics. Texts are borrowed until the exchange ends. */
typedef struct fl_route_notes {
    uint32_t struct_size;
    /* 1 when the operation is told to the endpoint and to the client, 0 when not. */
    uint32_t propagates_operation;
    /* How traces call the request; missing when the route does not say. */
    fl_bytes operation;
    /* What statistics of the route are called; missing when it does not say. */
    fl_bytes stat_prefix;
    /* How the request is traced: a message of the type envoy.config.route.v3.Tracing; missing when the route does not
     * say. */
    fl_bytes tracing;
    /* The most bytes of the request's body that may be kept, for retries and copies; UINT64_MAX when the route does not
     * say. */
    uint64_t body_limit;
} fl_route_notes;

/* Tells what the route of an exchange says to tracing and statistics.
 *
 * Ownership: the texts are borrowed until the exchange ends. Threads: worker.
 * Returns: FL_OK; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_exchange_notes(const fl_exchange *exchange, fl_route_notes *out_notes);

/* Whether the request may change to the protocol `type` ("websocket"), whose case does not matter.
 *
 * Ownership: nothing. Threads: worker.
 * Returns: 1 when it may, 0 when it may not; -1 when the route does not say, and the host's own configuration counts.
 * Since: 0.1.
 */
FL_API int32_t fl_exchange_allows_upgrade(const fl_exchange *exchange, fl_bytes type);

/* Tells one of the values of metadata that endpoints have to have, in the order of their names: as a text, lists and
 * structures as JSON.
 *
 * Ownership: the texts are borrowed until the exchange ends. Threads: worker.
 * Returns: FL_OK; FL_DONE when there are not that many; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT.
 * Since: 0.1.
 */
FL_API fl_status fl_exchange_metadata_match(const fl_exchange *exchange, uint32_t index, fl_bytes *out_name,
                                            fl_bytes *out_text);

FL_END_DECLARATIONS

#endif
