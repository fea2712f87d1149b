/* Fairlead: tests of circuit breakers and permits
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

static const char *const guarded =
    "static_resources:\n"
    "  clusters:\n"
    "  - name: guarded\n"
    "    type: STATIC\n"
    "    circuit_breakers:\n"
    "      thresholds:\n"
    "      - { max_requests: 2, max_connections: 1, max_pending_requests: 1, max_connection_pools: 1, max_retries: 7,\n"
    "          track_remaining: true }\n"
    "    load_assignment:\n"
    "      cluster_name: guarded\n"
    "      endpoints:\n"
    "      - lb_endpoints:\n"
    "        - endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } }\n";

static void refuses_requests(fl_engine *engine, fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempts[3] = {FL_ATTEMPT_INIT, FL_ATTEMPT_INIT, FL_ATTEMPT_INIT};
    fl_outcome outcome;
    fl_breakers breakers;
    fl_pick pick = FL_PICK_DROPPED;

    FL_INIT(&outcome);
    FL_INIT(&breakers);
    outcome.status = 200;
    fl_exchange_begin_cluster(&exchange, worker, fl_bytes_of("guarded"), NULL);
    fl_exchange_pick(&exchange, &attempts[0], &pick);
    fl_exchange_pick(&exchange, &attempts[1], &pick);
    CHECK(pick == FL_PICK_ENDPOINT, "requests are let through up to the cap");
    CHECK(fl_exchange_pick(&exchange, &attempts[2], &pick) == FL_OK && pick == FL_PICK_OVERFLOW, "and not beyond");
    CHECK(fl_engine_breakers(engine, fl_bytes_of("guarded"), 0, &breakers) == FL_OK, "the breakers tell");
    CHECK(breakers.requests.active == 2 && breakers.requests.limit == 2 && breakers.request_overflow == 1 &&
              breakers.retries.limit == 7 && breakers.flags == FL_BREAKERS_TRACK_REMAINING,
          "what is under way and what was refused");
    fl_attempt_report(&attempts[0], &outcome, NULL);
    CHECK(fl_exchange_pick(&exchange, &attempts[2], &pick) == FL_OK && pick == FL_PICK_ENDPOINT,
          "what ends makes room");
    fl_exchange_end(&exchange);
    CHECK(fl_engine_breakers(engine, fl_bytes_of("guarded"), 0, &breakers) == FL_OK && breakers.requests.active == 0,
          "an end makes room for all");
    CHECK(fl_engine_breakers(engine, fl_bytes_of("guarded"), 1, &breakers) == FL_OK &&
              breakers.requests.limit == 1024 && breakers.flags == 0,
          "high priority has caps of its own");
    CHECK(fl_engine_breakers(engine, fl_bytes_of("nobody"), 0, &breakers) == FL_ERROR_NOT_FOUND,
          "clusters that are not there have none");
    CHECK(fl_engine_breakers(engine, fl_bytes_of("guarded"), 2, &breakers) == FL_ERROR_INVALID_ARGUMENT,
          "there are two priorities");
    breakers.struct_size = 3;
    CHECK(fl_engine_breakers(engine, fl_bytes_of("guarded"), 0, &breakers) == FL_ERROR_STRUCT_SIZE,
          "the size of breakers is looked at");
    CHECK(fl_engine_breakers(NULL, fl_bytes_of("guarded"), 0, &breakers) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_breakers(engine, fl_bytes_of("guarded"), 0, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "missing arguments are refused");
}

static void gives_permits(fl_engine *engine, fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_permit permits[3] = {FL_PERMIT_INIT, FL_PERMIT_INIT, FL_PERMIT_INIT};
    fl_permit second = FL_PERMIT_INIT;
    fl_outcome outcome;
    fl_breakers breakers;
    fl_pick pick = FL_PICK_DROPPED;
    uint32_t taken = 9;
    fl_permit_kind kind;

    FL_INIT(&outcome);
    FL_INIT(&breakers);
    CHECK(fl_attempt_take_permit(&attempt, FL_PERMIT_CONNECTION, 0, &second, &taken) == FL_ERROR_ATTEMPT_NOT_OPEN,
          "a permit needs an attempt");
    fl_exchange_begin_cluster(&exchange, worker, fl_bytes_of("guarded"), NULL);
    fl_exchange_pick(&exchange, &attempt, &pick);
    for (kind = 0; kind < 3; kind++) {
        CHECK(fl_attempt_take_permit(&attempt, kind, 0, &permits[kind], &taken) == FL_OK && taken == 1,
              "a permit is taken");
        CHECK(fl_attempt_take_permit(&attempt, kind, 0, &second, &taken) == FL_OK && taken == 0, "the next is not");
        CHECK(fl_attempt_take_permit(&attempt, kind, FL_PERMIT_FORCED, &second, &taken) == FL_OK && taken == 1,
              "unless by force");
        CHECK(fl_attempt_take_permit(&attempt, kind, 0, &second, &taken) == FL_ERROR_INVALID_ARGUMENT,
              "a permit that is held is not taken again");
        CHECK(fl_permit_give_back(&second) == FL_OK && fl_permit_give_back(&second) == FL_OK,
              "it is given back once, however often");
    }
    CHECK(fl_engine_breakers(engine, fl_bytes_of("guarded"), 0, &breakers) == FL_OK &&
              breakers.connections.active == 1 && breakers.pending_requests.active == 1 &&
              breakers.connection_pools.active == 1 && breakers.connection_overflow == 1 &&
              breakers.pending_overflow == 1 && breakers.pool_overflow == 1,
          "permits are counted, and what was refused");
    CHECK(fl_attempt_take_permit(&attempt, 3, 0, &second, &taken) == FL_ERROR_INVALID_ARGUMENT &&
              fl_attempt_take_permit(&attempt, 999, 0, &second, &taken) == FL_ERROR_INVALID_ARGUMENT,
          "an unknown kind is refused");
    CHECK(fl_attempt_take_permit(NULL, 0, 0, &second, &taken) == FL_ERROR_INVALID_ARGUMENT &&
              fl_attempt_take_permit(&attempt, 0, 0, NULL, &taken) == FL_ERROR_INVALID_ARGUMENT &&
              fl_attempt_take_permit(&attempt, 0, 0, &second, NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_permit_give_back(NULL) == FL_ERROR_INVALID_ARGUMENT,
          "nothing is taken or given without arguments");
    fl_attempt_detach(&attempt);
    CHECK(fl_attempt_take_permit(&attempt, 0, 0, &second, &taken) == FL_ERROR_ATTEMPT_DETACHED,
          "a detached attempt knows its cluster no more");
    fl_attempt_report(&attempt, &outcome, NULL);
    fl_exchange_end(&exchange);
    for (kind = 0; kind < 3; kind++) fl_permit_give_back(&permits[kind]);
    CHECK(fl_engine_breakers(engine, fl_bytes_of("guarded"), 0, &breakers) == FL_OK &&
              breakers.connections.active == 0 && breakers.pending_requests.active == 0 &&
              breakers.connection_pools.active == 0,
          "permits outlive attempts, and come back");
}

static void observes_endpoints(fl_engine *engine, fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_observation observations[2];
    fl_endpoint endpoint;
    fl_pick pick = FL_PICK_DROPPED;

    memset(observations, 0, sizeof observations);
    FL_INIT(&endpoint);
    observations[0].cluster = fl_bytes_of("guarded");
    observations[0].address = fl_bytes_of("10.0.0.1:80");
    observations[0].checked_health = FL_HEALTH_TIMEOUT;
    CHECK(fl_engine_observe(engine, observations, 1) == FL_OK, "hosts tell what they observe");
    fl_worker_refresh(worker);
    fl_exchange_begin_cluster(&exchange, worker, fl_bytes_of("guarded"), NULL);
    fl_exchange_pick(&exchange, &attempt, &pick);
    fl_attempt_endpoint(&attempt, &endpoint);
    CHECK(endpoint.health == FL_HEALTH_TIMEOUT && endpoint.flags == FL_ENDPOINT_PANIC, "picks go by it");
    fl_exchange_end(&exchange);
    observations[0].checked_health = FL_HEALTH_HEALTHY;
    observations[0].flags = FL_OBSERVATION_EJECTED;
    observations[1].cluster = fl_bytes_of("guarded");
    observations[1].address = fl_bytes_of("10.0.0.2:80");
    CHECK(fl_engine_observe(engine, observations, 2) == FL_ERROR_NOT_FOUND, "endpoints may be gone");
    observations[1].checked_health = 6;
    CHECK(fl_engine_observe(engine, observations, 2) == FL_ERROR_INVALID_ARGUMENT, "a health has to be known");
    fl_worker_refresh(worker);
    fl_exchange_begin_cluster(&exchange, worker, fl_bytes_of("guarded"), NULL);
    fl_exchange_pick(&exchange, &attempt, &pick);
    fl_attempt_endpoint(&attempt, &endpoint);
    CHECK(endpoint.health == FL_HEALTH_UNHEALTHY, "an ejected endpoint is unhealthy");
    fl_exchange_end(&exchange);
    CHECK(fl_engine_observe(NULL, observations, 1) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_observe(engine, NULL, 1) == FL_ERROR_INVALID_ARGUMENT,
          "nothing is observed without arguments");
}

void test_permits(void) {
    fl_engine *engine = NULL;
    fl_worker *worker;
    fl_document document = document_of_text(FL_FORMAT_YAML, guarded);

    CHECK(fl_engine_create(NULL, &engine) == FL_OK && fl_engine_load(engine, &document, NULL, NULL) == FL_OK,
          "circuit breakers load");
    worker = make_worker(engine);
    refuses_requests(engine, worker);
    gives_permits(engine, worker);
    observes_endpoints(engine, worker);
    fl_worker_destroy(worker);
    fl_engine_destroy(engine);
}
