/* Fairlead: the engine, the control side
 * SPDX-License-Identifier: Apache-2.0
 *
 * An engine holds one configuration and publishes snapshots of it, which workers adopt. One for each process is the
 * rule; several do not know of one another.
 */
#ifndef FAIRLEAD_ENGINE_H
#define FAIRLEAD_ENGINE_H

#include "bytes.h"
#include "error.h"
#include "policy.h"
#include "status.h"
#include "version.h"

FL_BEGIN_DECLARATIONS

/* An engine. */
typedef struct fl_engine fl_engine;

/* Declared in update.h and worker.h. */
struct fl_document;
struct fl_update;
struct fl_worker;

/* What an engine can be told at its creation. 0 or missing stands for the default everywhere.
 *
 *     fl_engine_options options;
 *     fl_engine_options_init(&options);
 *     options.seed = seed_of_this_process;
 */
typedef struct fl_engine_options {
    uint32_t struct_size;
    /* FL_ABI_VERSION, as the program was compiled; 0 to skip the comparison. */
    uint32_t abi_version;
    /* What all random decisions grow from: the same seed and the same calls give the same decisions. Give each process
     * one of its own, or all processes of a fleet prefer the same endpoints. Default 0. */
    uint64_t seed;
    /* How many workers there may be at once, at most 4096. Default 64. */
    uint32_t maximum_workers;
    /* Nothing yet. */
    uint32_t reserved;
    /* Where this engine stands, if it matters. */
    fl_bytes region;
    fl_bytes zone;
    fl_bytes sub_zone;
    /* How many endpoints one cluster may have. Default 1000000. */
    uint64_t maximum_endpoints_per_cluster;
    /* How many routes one virtual host may have. Default 4000000. */
    uint64_t maximum_routes_per_virtual_host;
    /* The name of the cluster that this engine itself belongs to, with all others of its kind; missing for none. With
     * region, zone and sub_zone it turns zone-aware routing on, as cluster_manager.local_cluster_name does in Envoy. */
    fl_bytes local_cluster;
} fl_engine_options;

/* Sets all options to their defaults. */
static inline void fl_engine_options_init(fl_engine_options *options) {
    FL_INIT(options);
    options->abi_version = FL_ABI_VERSION;
}

/* A time that never comes. */
#define FL_NEVER UINT64_MAX

/* Makes an engine without any configuration.
 *
 * `options` may be NULL for the defaults.
 *
 * Ownership: the caller gets the engine and frees it with fl_engine_destroy. The options are copied. Threads: any.
 * Returns: FL_OK; FL_ERROR_ABI_VERSION when the program was compiled for another library; FL_ERROR_INVALID_ARGUMENT,
 * FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_engine_create(const fl_engine_options *options, fl_engine **out_engine);

/* Gives an engine up. Its workers and updates go on working; what they share is freed with the last of them.
 *
 * Ownership: takes the engine; NULL is fine. Threads: any, as the last call with this engine. Returns: nothing.
 * Since: 0.1.
 */
FL_API void fl_engine_destroy(fl_engine *engine);

/* Serves the whole configuration in `document`, one of Envoy's bootstrap files (`static_resources`), instead of all
 * that was there before. What is the same before and after is shared and not rebuilt; endpoints that stay keep their
 * counters.
 *
 * `out_generation` may be NULL; it gets the number of the snapshot that serves the configuration. `out_errors` may be
 * NULL; it gets the list of all problems, on success that of warnings, or NULL when there is nothing to tell.
 *
 * Ownership: the caller frees the error list. The document is copied. Threads: any.
 * Returns: FL_OK; FL_ERROR_CONFIGURATION, then nothing has changed; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE.
 * Since: 0.1.
 */
FL_API fl_status fl_engine_load(fl_engine *engine, const struct fl_document *document, uint64_t *out_generation,
                                fl_error_list **out_errors);

/* Takes all changes of `update` as one step and publishes once: no worker ever sees a part of it.
 *
 * `out_generation` and `out_errors` as for fl_engine_load. The update stays as it is and can be applied again.
 *
 * Ownership: the caller frees the error list and keeps the update. Threads: any; the update `one`.
 * Returns: FL_OK; FL_ERROR_CONFIGURATION, then nothing has changed; FL_ERROR_INVALID_ARGUMENT, also for an update
 * that was made for another engine. Since: 0.1.
 */
FL_API fl_status fl_engine_apply(fl_engine *engine, const struct fl_update *update, uint64_t *out_generation,
                                 fl_error_list **out_errors);

/* Says everything that speaks against `update`, and changes nothing.
 *
 * Ownership: the caller frees the error list and keeps the update. Threads: any; the update `one`.
 * Returns: FL_OK when fl_engine_apply would take it; otherwise as fl_engine_apply. Since: 0.1.
 */
FL_API fl_status fl_engine_check(fl_engine *engine, const struct fl_update *update, fl_error_list **out_errors);

/* Does work that is due: so far, frees what no worker can reach any more.
 *
 * `now_ns` is the host's monotonic time, from an origin of its choice. `out_next_ns` may be NULL; it gets the time of
 * the next call at the latest, FL_NEVER when nothing is waiting. An applied update may bring that forward.
 *
 * Ownership: nothing. Threads: any. Returns: FL_OK; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_engine_poll(fl_engine *engine, uint64_t now_ns, uint64_t *out_next_ns);

/* The id of the route table (Envoy's RouteConfiguration) called `name`, for fl_exchange_begin. It stays the same as
 * long as the engine lives, whatever becomes of the table.
 *
 * Ownership: nothing. Threads: any. Returns: FL_OK; FL_ERROR_NOT_FOUND when there never was one;
 * FL_ERROR_INVALID_ARGUMENT.
 * Since: 0.1.
 */
FL_API fl_status fl_engine_route_table(fl_engine *engine, fl_bytes name, uint32_t *out_route_table);

/* Makes the engine know a load-balancing policy, so that configurations can ask for it by its name. It can be added,
 * but neither replaced nor taken away.
 *
 * Ownership: the struct is copied; `user_data` and the functions have to stay until `destroy` is called, which happens
 * when the engine, its workers and its last snapshot are gone, and not at all when this function fails. Threads: any.
 * Returns: FL_OK; FL_ERROR_NAME_TAKEN; FL_ERROR_ABI_VERSION; FL_ERROR_INVALID_ARGUMENT, also for missing functions
 * and too many worker words; FL_ERROR_STRUCT_SIZE. Since: 0.1.
 */
FL_API fl_status fl_engine_register_policy(fl_engine *engine, const fl_policy_v1 *policy);

/* In a child process after fork(2): drops what the threads of the parent held, so that memory can be reclaimed.
 *
 * `survivor` is the worker of the thread that forked, NULL if it had none; it goes on working. The handles of all other
 * workers are dead in the child and may not be touched, not even destroyed. Fork only while no function of the engine
 * is running in any thread.
 *
 * Ownership: nothing. Threads: the only one of the child. Returns: FL_OK; FL_ERROR_INVALID_ARGUMENT, also for a
 * worker of another engine. Since: 0.1.
 */
FL_API fl_status fl_engine_after_fork(fl_engine *engine, struct fl_worker *survivor);

/* Facts about an observation. */
typedef uint32_t fl_observation_flags;

enum {
    /* The endpoint is ejected: it answered worse than others. */
    FL_OBSERVATION_EJECTED = 1 << 0
};

/* All that was observed of one endpoint, in place of what was before; see fl_engine_observe. */
typedef struct fl_observation {
    /* The cluster's name. */
    fl_bytes cluster;
    /* The endpoint's address, as fl_endpoint has it: "10.0.0.9:80", "[::1]:80", or the path of a Unix socket. */
    fl_bytes address;
    /* What active checks say, with the numbers of fl_health; FL_HEALTH_UNKNOWN when nobody checks it. */
    uint32_t checked_health;
    fl_observation_flags flags;
} fl_observation;

/* Takes over what was observed of endpoints, as one step: clusters for which that is news are compiled anew, and all is
 * published once. The worse of what is configured and what was observed counts. What was observed of an endpoint stays as
 * long as it stays in its cluster, over all updates; of several observations of one endpoint the last one counts.
 *
 * Ownership: the observations stay the caller's. Threads: any.
 * Returns: FL_OK; FL_ERROR_NOT_FOUND when some of the endpoints are not there (any more), the others were taken over;
 * FL_ERROR_INVALID_ARGUMENT, also for an unknown health, and then nothing was. Since: 0.1.
 */
FL_API fl_status fl_engine_observe(fl_engine *engine, const fl_observation *observations, size_t count);

FL_END_DECLARATIONS

#endif
