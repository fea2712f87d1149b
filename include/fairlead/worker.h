/* Fairlead: a worker, one thread's entry to the engine
 * SPDX-License-Identifier: Apache-2.0
 *
 * Each thread of the host that decides requests has a worker of its own. It decides from the snapshot that it adopted
 * last, and never waits for anybody.
 */
#ifndef FAIRLEAD_WORKER_H
#define FAIRLEAD_WORKER_H

#include "engine.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* A worker. */
typedef struct fl_worker fl_worker;

/* Makes a worker. It has adopted the newest snapshot.
 *
 * Ownership: the caller gets the worker and frees it with fl_worker_destroy. Threads: any; from then on the worker is
 * used by one thread at a time. Returns: FL_OK; FL_ERROR_TOO_MANY_WORKERS; FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_worker_create(fl_engine *engine, fl_worker **out_worker);

/* Adopts the newest snapshot. Call it once for each turn of the event loop: when nothing is new it costs one load.
 *
 * A worker that is idle for long keeps the snapshot it adopted last, and only that one, from being freed.
 *
 * Ownership: nothing. Exchanges that are open keep what they have borrowed. Threads: worker.
 * Returns: the generation that the worker serves now; 0 for NULL. Since: 0.1.
 */
FL_API uint64_t fl_worker_refresh(fl_worker *worker);

/* The generation of the snapshot that the worker adopted last.
 *
 * Ownership: nothing. Threads: worker. Returns: the number, as fl_engine_apply tells it; 0 for NULL. Since: 0.1.
 */
FL_API uint64_t fl_worker_generation(const fl_worker *worker);

/* How much keeps the worker from being destroyed: exchanges that were not ended, and detached attempts that were not
 * reported.
 *
 * Ownership: nothing. Threads: worker. Returns: the number; 0 for NULL. Since: 0.1.
 */
FL_API uint64_t fl_worker_open(const fl_worker *worker);

/* Frees a worker; its counts stay in the engine's statistics.
 *
 * Ownership: takes the worker unless it fails; NULL is fine. Threads: worker, as the last call with it.
 * Returns: FL_OK; FL_ERROR_BUSY when fl_worker_open is not 0: then the worker is as before. Since: 0.1.
 */
FL_API fl_status fl_worker_destroy(fl_worker *worker);

FL_END_DECLARATIONS

#endif
