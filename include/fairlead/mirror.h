/* Fairlead: copies of requests
 * SPDX-License-Identifier: Apache-2.0
 *
 * A route can want copies of its requests to be sent to other clusters, whose answers nobody waits for:
 *
 *     for (index = 0; index < fl_exchange_mirror_count(&exchange); index++) {
 *         fl_exchange copy = FL_EXCHANGE_INIT;
 *         if (fl_exchange_begin_mirror(&copy, &exchange, index, &request) != FL_OK) continue;
 *         fl_exchange_copy_mirror_authority(&exchange, index, authority, buffer, sizeof buffer, &length);
 *         fl_exchange_pick(&copy, &attempt, &pick);
 *         ...                                                      the host's I/O
 *         fl_attempt_report(&attempt, &outcome, NULL);
 *         fl_exchange_end(&copy);
 *     }
 *
 * A copy has the head that goes to the first endpoint, but for its Host, x-envoy-internal: true, and what
 * fl_exchange_next_mirror_mutation changes.
 */
#ifndef FAIRLEAD_MIRROR_H
#define FAIRLEAD_MIRROR_H

#include "bytes.h"
#include "exchange.h"
#include "route.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* How many mirror policies the route of an exchange has; each may or may not make a copy of this request.
 *
 * Ownership: nothing. Threads: worker. Returns: the number; 0 when it was not begun. Since: 0.1.
 */
FL_API uint32_t fl_exchange_mirror_count(const fl_exchange *exchange);

/* Begins `mirror`, an exchange for the copy that the mirror policy at `index` makes of `request`. It has no route: it
 * picks, reports and ends like one of fl_exchange_begin_cluster, and may outlive `exchange`.
 *
 * Ownership: when the answer is FL_OK, `mirror` has to be ended. Threads: worker.
 * Returns: FL_OK; FL_DONE when no copy is made: chance is against it, a cluster does not exist, the index is too large;
 * FL_ERROR_EXCHANGE_OPEN; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_exchange_begin_mirror(fl_exchange *mirror, const fl_exchange *exchange, uint32_t index,
                                          const fl_request *request);

/* Hands out what becomes of the headers of the copy that the mirror policy at `index` makes, one change for each call, in
 * the order in which they are to be applied: each to what the one before left. `cursor` begins with 0; composed values
 * are written by fl_exchange_copy_header_value.
 *
 * Ownership: the texts are borrowed until the exchange ends. Threads: worker.
 * Returns: FL_OK; FL_DONE behind the last one; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT,
 * FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_exchange_next_mirror_mutation(const fl_exchange *exchange, uint32_t index, fl_header_cursor *cursor,
                                                  fl_header_mutation *out_mutation);

/* Writes the Host of the copy that the mirror policy at `index` makes; `authority` is what fl_exchange_copy_authority
 * wrote without an attempt.
 *
 * Ownership: the buffer is the caller's. Threads: worker.
 * Returns: FL_OK; FL_ERROR_BUFFER_TOO_SMALL; FL_ERROR_EXCHANGE_NOT_OPEN; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_exchange_copy_mirror_authority(const fl_exchange *exchange, uint32_t index, fl_bytes authority,
                                                   char *buffer, size_t capacity, size_t *out_length);

FL_END_DECLARATIONS

#endif
