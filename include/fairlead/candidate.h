/* Fairlead: an update that is tried before it is published
 * SPDX-License-Identifier: Apache-2.0
 *
 *     fl_engine_prepare(engine, update, &candidate, &errors);
 *     for (index = 0; fl_candidate_change(candidate, index, &change) == FL_OK; index++) ...
 *     fl_candidate_compare(candidate, table, &request, &comparison);
 *     fl_candidate_publish(candidate, &generation);          (or not)
 *     fl_candidate_destroy(candidate);
 */
#ifndef FAIRLEAD_CANDIDATE_H
#define FAIRLEAD_CANDIDATE_H

#include "engine.h"
#include "error.h"
#include "exchange.h"
#include "update.h"

FL_BEGIN_DECLARATIONS

/* An update that was judged and compiled, and not published. */
typedef struct fl_candidate fl_candidate;

/* The kinds of resources that a candidate tells apart. */
typedef uint32_t fl_change_kind;

enum {
    FL_CHANGE_LISTENER = 0,
    FL_CHANGE_ROUTE_CONFIGURATION = 1,
    /* A virtual host of the route table `container`. */
    FL_CHANGE_VIRTUAL_HOST = 2,
    /* A cluster, or the endpoints that it takes from elsewhere. */
    FL_CHANGE_CLUSTER = 3,
    FL_CHANGE_ENDPOINTS = 4,
    /* A layer of runtime values, or its place among the others. */
    FL_CHANGE_RUNTIME = 5
};

/* What becomes of a resource. */
typedef uint32_t fl_change_effect;

enum {
    FL_CHANGE_ADDED = 0,
    FL_CHANGE_REMOVED = 1,
    FL_CHANGE_CHANGED = 2
};

/* One resource that changes. The texts are borrowed from the candidate. */
typedef struct fl_change {
    uint32_t struct_size;
    fl_change_kind kind;
    fl_change_effect effect;
    uint32_t reserved;
    fl_bytes name;
    /* The route table of a virtual host; missing for other kinds. */
    fl_bytes container;
} fl_change;

/* Where a request goes, up to the pick. Texts that do not apply are missing. */
typedef struct fl_destination {
    fl_disposition disposition;
    /* The status of an answer that does not come from an endpoint; 0 when the request is forwarded. */
    uint32_t status;
    fl_bytes virtual_host;
    fl_bytes route;
    fl_bytes cluster;
    /* As forwarded; the authority for an endpoint without host name. */
    fl_bytes path;
    fl_bytes authority;
    /* Of a redirect. */
    fl_bytes location;
    /* Of a direct response. */
    fl_bytes body;
} fl_destination;

/* Where a request goes without the update, and with it. */
typedef struct fl_comparison {
    uint32_t struct_size;
    /* 1 when client or endpoint would see something else; the names of virtual host and route alone do not count. */
    uint32_t goes_elsewhere;
    fl_destination before;
    fl_destination after;
} fl_comparison;

/* Judges and compiles `update`, and publishes nothing.
 *
 * `out_errors` as for fl_engine_apply.
 *
 * Ownership: the caller gets the candidate and frees it with fl_candidate_destroy, and the error list; it keeps the
 * update, which the candidate does not need any more. Threads: any; the update `one`.
 * Returns: FL_OK; FL_ERROR_CONFIGURATION; FL_ERROR_INVALID_ARGUMENT, also for an update that was made for another
 * engine. Since: 0.1.
 */
FL_API fl_status fl_engine_prepare(fl_engine *engine, const fl_update *update, fl_candidate **out_candidate,
                                   fl_error_list **out_errors);

/* Tells about the change at `index`, from 0: by kind, then by name.
 *
 * Ownership: the texts are borrowed from the candidate until it is destroyed. Threads: one.
 * Returns: FL_OK; FL_DONE when there is none at that index; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE.
 * Since: 0.1.
 */
FL_API fl_status fl_candidate_change(const fl_candidate *candidate, size_t index, fl_change *out_change);

/* Tells where `request` goes without and with the update, in the route table called `route_table`, both by the same
 * chance.
 *
 * Ownership: the texts are borrowed from the candidate until the next comparison. Threads: one.
 * Returns: FL_OK; FL_ERROR_NOT_FOUND when neither has such a route table (where one has it, the other's disposition is
 * that nothing matched); FL_ERROR_PUBLISHED; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_candidate_compare(fl_candidate *candidate, fl_bytes route_table, const fl_request *request,
                                      fl_comparison *out_comparison);

/* Publishes it, as one step and without compiling anything again.
 *
 * `out_generation` may be NULL; it gets the number of the snapshot that serves it.
 *
 * Ownership: the candidate still has to be destroyed. Threads: one.
 * Returns: FL_OK; FL_ERROR_STALE when another update was published since it was prepared, FL_ERROR_PUBLISHED when this
 * one was: then nothing has changed; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_candidate_publish(fl_candidate *candidate, uint64_t *out_generation);

/* Frees a candidate; one that was not published is dropped, and leaves no trace.
 *
 * Ownership: takes the candidate; NULL is fine. Threads: one, as the last call with it. Returns: nothing. Since: 0.1.
 */
FL_API void fl_candidate_destroy(fl_candidate *candidate);

FL_END_DECLARATIONS

#endif
