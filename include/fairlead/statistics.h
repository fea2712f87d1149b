/* Fairlead: what an engine can tell of itself
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FAIRLEAD_STATISTICS_H
#define FAIRLEAD_STATISTICS_H

#include "engine.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* Sizes and counts of one engine at one moment. */
typedef struct fl_statistics {
    uint32_t struct_size;
    /* Workers that there are. */
    uint32_t workers;
    /* The generation that is current. */
    uint64_t generation;
    /* Snapshots that are alive: the current one, and those that some worker still holds. */
    uint64_t live_snapshots;
    /* Blocks (compiled clusters, virtual hosts and so on) that the current snapshot points to, and their bytes. */
    uint64_t blocks;
    uint64_t block_bytes;
    /* The bytes of the current snapshot's root, and of the tables beside its blocks. */
    uint64_t root_bytes;
    /* Parts of former snapshots that wait for workers to move on. */
    uint64_t retired_parts;
    /* Endpoint slots in use, and the bytes of all of them, free ones included. */
    uint64_t endpoint_slots;
    uint64_t slot_bytes;
    /* What the current configuration has. */
    uint64_t clusters;
    uint64_t route_tables;
    uint64_t virtual_hosts;

    /* What all workers have counted since the engine was made, workers that are gone included. */

    /* Exchanges begun, and those of them that no route matched. */
    uint64_t exchanges;
    uint64_t no_route;
    /* Picks that got an endpoint, and those that found none. */
    uint64_t picks;
    uint64_t no_endpoint;
    /* Retries granted, and those refused by a circuit breaker. */
    uint64_t retries;
    uint64_t retry_overflow;
    /* Snapshots adopted by workers. */
    uint64_t adoptions;
    /* Answers of load-balancing policies that were out of range. */
    uint64_t policy_faults;
} fl_statistics;

/* Tells sizes and counts of an engine at this moment. It takes time in proportion to clusters and virtual hosts.
 *
 * Ownership: nothing. Threads: any. Returns: FL_OK; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_engine_statistics(fl_engine *engine, fl_statistics *out_statistics);

FL_END_DECLARATIONS

#endif
