/* Fairlead: the C interface, whole
 * SPDX-License-Identifier: Apache-2.0
 *
 * Fairlead tells a proxy or a client where each request goes, and learns from what became of it. It opens no socket,
 * starts no thread and reads no clock: the program that calls it (the host) does the I/O, and asks.
 *
 *     fl_engine *engine;          one for each process, as a rule: holds the configuration, publishes snapshots of it
 *     fl_worker *worker;          one for each thread of the host: decides requests from the snapshot it adopted last
 *     fl_exchange exchange;       one for each request, in the host's own memory: from begin to end
 *     fl_attempt attempt;         one for each try to reach an endpoint, in the host's own memory: from pick to report
 *
 * The life of a request:
 *
 *     fl_exchange_begin       which virtual host and route, which cluster
 *     fl_exchange_pick        which endpoint
 *     ...                     the host does the I/O
 *     fl_attempt_report       what became of it; the answer says whether to pick again, and after how long
 *     fl_exchange_end
 *
 * and once for each turn of the host's event loop fl_worker_refresh, and now and then fl_engine_poll.
 *
 * Every function says four things.
 *
 *   Ownership  Who has to free what, and how long borrowed memory may be read. What a `_create` function hands out is
 *              freed by the `_destroy` function of the same noun, and by nothing else; `_destroy` does nothing when
 *              given NULL. All fl_bytes that the library hands out are borrowed. The library keeps no pointer into the
 *              caller's memory after a call, except where the text says so.
 *   Threads    `any` means any thread at any time. `worker` means the thread that uses the worker in question: a
 *              worker, its exchanges and their attempts belong to one thread at a time. `one` means that the object in
 *              question is used by one thread at a time, and by any.
 *   Returns    What comes back. Functions that can fail return an fl_status; results come through `out_` pointers at
 *              the end, which are left alone on failure unless the text says otherwise.
 *   Since      The first version of the library that has it.
 *
 * Verbs of workers, exchanges and attempts allocate nothing, take no lock and make no system call, except inside a
 * pattern (regular expression) of the configuration. Everything else is the control side and may take its time.
 *
 * Structs that a caller fills, and those that it lets the library fill, begin with `struct_size`: the size that the
 * caller was compiled with. So structs can grow at their end without breaking programs. FL_INIT sets it.
 *
 * Nothing here is a macro in disguise: each function is a symbol of the library, except the few that are `static
 * inline`.
 */
#ifndef FAIRLEAD_H
#define FAIRLEAD_H

#include "fairlead/declare.h"

#include "fairlead/status.h"

#include "fairlead/version.h"

#include "fairlead/bytes.h"

#include "fairlead/error.h"

#include "fairlead/policy.h"

#include "fairlead/engine.h"

#include "fairlead/plugin.h"

#include "fairlead/update.h"

#include "fairlead/worker.h"

#include "fairlead/fact.h"

#include "fairlead/exchange.h"

#include "fairlead/prepare.h"

#include "fairlead/attempt.h"

#include "fairlead/permit.h"

#include "fairlead/route.h"

#include "fairlead/explain.h"

#include "fairlead/candidate.h"

#include "fairlead/mirror.h"

#include "fairlead/filter.h"

#include "fairlead/notes.h"

#include "fairlead/redirect.h"

#include "fairlead/rate_limit.h"

#include "fairlead/statistics.h"

#endif
