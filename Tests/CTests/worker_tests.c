/* Fairlead: tests of workers: threads, forks, polls, statistics
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

/* One thread's share: it decides until it is told to stop. */
struct decider {
    fl_engine *engine;
    atomic_int *stop;
    uint64_t decisions;
    int wrong;
};

static void *decide(void *argument) {
    struct decider *decider = (struct decider *)argument;
    fl_worker *worker = make_worker(decider->engine);
    fl_request request = request_to("/cart");
    fl_outcome outcome;
    FL_INIT(&outcome);
    outcome.status = 200;
    while (!atomic_load(decider->stop) || decider->decisions == 0) {
        fl_exchange exchange = FL_EXCHANGE_INIT;
        fl_attempt attempt = FL_ATTEMPT_INIT;
        fl_pick pick = 99;
        fl_worker_refresh(worker);
        fl_exchange_begin(&exchange, worker, 0, &request);
        if (fl_exchange_disposition(&exchange) == FL_DISPOSITION_FORWARD) {
            fl_exchange_pick(&exchange, &attempt, &pick);
            if (pick != FL_PICK_ENDPOINT) decider->wrong++;
            fl_attempt_report(&attempt, &outcome, NULL);
        } else if (fl_exchange_disposition(&exchange) != FL_DISPOSITION_NO_ROUTE) {
            decider->wrong++;
        }
        fl_exchange_end(&exchange);
        decider->decisions++;
    }
    if (fl_worker_destroy(worker) != FL_OK) decider->wrong++;
    return NULL;
}

static void decides_while_others_apply(fl_engine *engine) {
    atomic_int stop = 0;
    struct decider deciders[2] = {{engine, &stop, 0, 0}, {engine, &stop, 0, 0}};
    pthread_t threads[2];
    fl_statistics statistics;
    fl_document document = document_of_file("shop.yaml");
    fl_update *empty = NULL;
    int turn;

    fl_update_create(engine, &empty);
    fl_update_remove_everything(empty);
    pthread_create(&threads[0], NULL, decide, &deciders[0]);
    pthread_create(&threads[1], NULL, decide, &deciders[1]);
    for (turn = 0; turn < 10; turn++) {
        fl_engine_apply(engine, empty, NULL, NULL);
        fl_engine_load(engine, &document, NULL, NULL);
        fl_engine_poll(engine, (uint64_t)turn, NULL);
    }
    atomic_store(&stop, 1);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    fl_update_destroy(empty);
    CHECK(deciders[0].decisions > 0 && deciders[1].decisions > 0, "two threads decide while a third applies");
    CHECK(deciders[0].wrong == 0 && deciders[1].wrong == 0, "and never see half an update");
    FL_INIT(&statistics);
    fl_engine_statistics(engine, &statistics);
    CHECK(statistics.exchanges >= deciders[0].decisions + deciders[1].decisions, "what they counted outlives them");
    CHECK(statistics.workers == 0 && statistics.live_snapshots == 1, "and nothing else");
}

static void polls(fl_engine *engine) {
    fl_worker *worker = make_worker(engine);
    fl_update *update = NULL;
    uint64_t next = 0;
    uint64_t before = fl_worker_generation(worker);

    CHECK(fl_engine_poll(engine, 5, &next) == FL_OK && next == FL_NEVER, "nothing is due on a quiet engine");
    fl_update_create(engine, &update);
    fl_update_remove(update, FL_RESOURCE_CLUSTER, fl_bytes_of("ring"));
    fl_engine_apply(engine, update, NULL, NULL);
    fl_update_destroy(update);
    CHECK(fl_engine_poll(engine, 5, &next) == FL_OK && next > 5 && next != FL_NEVER,
          "what an idle worker holds is waited for");
    CHECK(fl_worker_refresh(worker) == before + 1 && fl_worker_refresh(worker) == before + 1,
          "a refresh adopts the newest snapshot, once");
    CHECK(fl_engine_poll(engine, 6, &next) == FL_OK && next == FL_NEVER, "then nothing is waited for");
    fl_worker_destroy(worker);
}

static void counts(fl_engine *engine) {
    fl_worker *worker = make_worker(engine);
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_request request = request_to("/cart");
    fl_statistics before;
    fl_statistics after;
    fl_pick pick = 99;

    FL_INIT(&before);
    FL_INIT(&after);
    CHECK(fl_engine_statistics(engine, &before) == FL_OK, "an engine tells statistics");
    CHECK(before.struct_size == sizeof before && before.workers == 1 && before.clusters == 4 &&
              before.route_tables == 1 &&
              before.virtual_hosts == 2 && before.blocks >= 7 && before.block_bytes > 0 && before.root_bytes > 0 &&
              before.slot_bytes > 0 && before.endpoint_slots == 5,
          "sizes are told");
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_pick(&exchange, &attempt, &pick);
    fl_exchange_end(&exchange);
    request.path = fl_bytes_of("/none");
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_end(&exchange);
    request.path = fl_bytes_of("/empty");
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_pick(&exchange, &attempt, &pick);
    fl_exchange_end(&exchange);
    fl_engine_statistics(engine, &after);
    CHECK(after.exchanges == before.exchanges + 3 && after.picks == before.picks + 1 &&
              after.no_route == before.no_route + 1 && after.no_endpoint == before.no_endpoint + 1,
          "what happens is counted");
    CHECK(fl_worker_destroy(worker) == FL_OK, "the worker goes");
    fl_engine_statistics(engine, &before);
    CHECK(before.exchanges == after.exchanges && before.workers == 0, "its counts stay");
    before.struct_size = 16;
    CHECK(fl_engine_statistics(engine, &before) == FL_ERROR_STRUCT_SIZE, "statistics without their size are refused");
}

/* With an engine of its own, and no other one beside it: what a child leaves is looked at too. */
static void survives_a_fork(void) {
    fl_document document = document_of_file("small.yaml");
    fl_engine *engine = NULL;
    fl_engine *stranger = NULL;
    fl_worker *worker = NULL;
    fl_worker *other = NULL;
    int status = -1;
    pid_t child;

    fl_engine_create(NULL, &engine);
    CHECK(fl_engine_load(engine, &document, NULL, NULL) == FL_OK, "an engine is loaded");
    worker = make_worker(engine);
    other = make_worker(engine);
    fl_engine_create(NULL, &stranger);
    CHECK(fl_engine_after_fork(stranger, worker) == FL_ERROR_INVALID_ARGUMENT,
          "a worker survives in its own engine only");
    fl_engine_destroy(stranger);
    child = fork();
    if (child == 0) {
        fl_exchange exchange = FL_EXCHANGE_INIT;
        fl_request request = request_to("/cart");
        fl_statistics statistics;
        int good = fl_engine_after_fork(engine, worker) == FL_OK;
        FL_INIT(&statistics);
        good = good && fl_engine_load(engine, &document, NULL, NULL) == FL_OK;
        fl_worker_refresh(worker);
        good = good && fl_engine_poll(engine, 0, NULL) == FL_OK;
        good = good && fl_engine_statistics(engine, &statistics) == FL_OK;
        good = good && statistics.workers == 1 && statistics.live_snapshots == 1;
        good = good && fl_exchange_begin(&exchange, worker, 0, &request) == FL_OK;
        good = good && fl_exchange_disposition(&exchange) == FL_DISPOSITION_FORWARD;
        good = good && fl_exchange_end(&exchange) == FL_OK && fl_worker_destroy(worker) == FL_OK;
        fl_engine_destroy(engine);
        _exit(good ? 0 : 1);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0, "an engine works in a child process");
    CHECK(fl_worker_destroy(worker) == FL_OK && fl_worker_destroy(other) == FL_OK, "and in its parent");
    fl_engine_destroy(engine);
}

void test_workers(void) {
    fl_engine *engine = make_shop();
    fl_worker *worker = NULL;
    decides_while_others_apply(engine);
    polls(engine);
    counts(engine);
    fl_worker_create(engine, &worker);
    fl_engine_destroy(engine);
    CHECK(fl_worker_generation(worker) > 0 && fl_worker_destroy(worker) == FL_OK,
          "a worker outlives the engine's handle");
    survives_a_fork();
}
