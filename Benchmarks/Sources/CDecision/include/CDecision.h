/* Fairlead: decisions through the C interface, to be measured
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FAIRLEAD_BENCH_C_DECISION_H
#define FAIRLEAD_BENCH_C_DECISION_H

#include <stddef.h>

/* An engine with one worker, and one request. */
typedef struct fl_bench_decision fl_bench_decision;

/* Loads `size` bytes of configuration at `configuration`; the request is a GET of `path`, a text that has to outlive the
 * handle, with eight headers. NULL when the configuration is refused, which is told on standard error. */
fl_bench_decision *fl_bench_decision_create(const char *configuration, size_t size, const char *path);

/* Decides `rounds` times: refresh, begin, pick, report, end. Answers how many times there was an endpoint. */
long fl_bench_decision_decide(fl_bench_decision *decision, long rounds);

/* Finds the route `rounds` times: begin, end. Answers how many times the request was to be forwarded. */
long fl_bench_decision_route(fl_bench_decision *decision, long rounds);

/* Gives the engine up. */
void fl_bench_decision_destroy(fl_bench_decision *decision);

#endif
