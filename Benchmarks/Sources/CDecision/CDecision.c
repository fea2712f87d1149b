/* Fairlead: decisions through the C interface, to be measured
 * SPDX-License-Identifier: Apache-2.0
 */
#include "CDecision.h"

#include <fairlead.h>
#include <stdio.h>
#include <stdlib.h>

enum { HEADERS = 8 };

struct fl_bench_decision {
    fl_engine *engine;
    fl_worker *worker;
    fl_request request;
    fl_header headers[HEADERS];
};

static void fill(fl_bench_decision *decision, const char *path) {
    static const char *const headers[HEADERS][2] = {
        {"user-agent", "curl/8.5.0"},   {"accept", "*/*"},     {"accept-encoding", "gzip, deflate"},
        {"x-request-id", "8d0b2f4e"},   {"x-user", "4711"},    {"x-forwarded-for", "10.1.2.3"},
        {"content-type", "application/json"}, {"cookie", "a=b; c=d"},
    };
    for (size_t index = 0; index < HEADERS; index++) {
        decision->headers[index].name = fl_bytes_of(headers[index][0]);
        decision->headers[index].value = fl_bytes_of(headers[index][1]);
    }
    FL_INIT(&decision->request);
    decision->request.method = fl_bytes_of("GET");
    decision->request.scheme = fl_bytes_of("http");
    decision->request.authority = fl_bytes_of("shop.example");
    decision->request.path = fl_bytes_of(path);
    decision->request.headers = decision->headers;
    decision->request.header_count = HEADERS;
}

fl_bench_decision *fl_bench_decision_create(const char *configuration, size_t size, const char *path) {
    fl_bench_decision *decision = calloc(1, sizeof *decision);
    fl_error_list *errors = NULL;
    fl_document document;
    if (decision == NULL) return NULL;
    fill(decision, path);
    FL_INIT(&document);
    document.content = fl_bytes_make(configuration, size);
    if (fl_engine_create(NULL, &decision->engine) == FL_OK &&
        fl_engine_load(decision->engine, &document, NULL, &errors) == FL_OK &&
        fl_worker_create(decision->engine, &decision->worker) == FL_OK) {
        fl_error_list_destroy(errors);
        return decision;
    }
    for (size_t index = 0; index < fl_error_list_count(errors); index++) {
        fl_error error;
        FL_INIT(&error);
        if (fl_error_list_get(errors, index, &error) == FL_OK) fprintf(stderr, "%s\n", error.text.data);
    }
    fl_error_list_destroy(errors);
    fl_bench_decision_destroy(decision);
    return NULL;
}

long fl_bench_decision_decide(fl_bench_decision *decision, long rounds) {
    long endpoints = 0;
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_outcome outcome;
    FL_INIT(&outcome);
    outcome.kind = FL_OUTCOME_RESPONSE;
    outcome.status = 200;
    for (long round = 0; round < rounds; round++) {
        fl_pick pick;
        fl_worker_refresh(decision->worker);
        fl_exchange_begin(&exchange, decision->worker, 0, &decision->request);
        if (fl_exchange_pick(&exchange, &attempt, &pick) == FL_OK && pick == FL_PICK_ENDPOINT) {
            endpoints++;
            fl_attempt_report(&attempt, &outcome, NULL);
        }
        fl_exchange_end(&exchange);
    }
    return endpoints;
}

long fl_bench_decision_route(fl_bench_decision *decision, long rounds) {
    long forwarded = 0;
    fl_exchange exchange = FL_EXCHANGE_INIT;
    for (long round = 0; round < rounds; round++) {
        fl_exchange_begin(&exchange, decision->worker, 0, &decision->request);
        if (fl_exchange_disposition(&exchange) == FL_DISPOSITION_FORWARD) forwarded++;
        fl_exchange_end(&exchange);
    }
    return forwarded;
}

void fl_bench_decision_destroy(fl_bench_decision *decision) {
    if (decision == NULL) return;
    fl_worker_destroy(decision->worker);
    fl_engine_destroy(decision->engine);
    free(decision);
}
