/* Fairlead: tests of attempts: pick, report, retry, detach
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

static fl_outcome outcome_of(fl_outcome_kind kind, uint32_t status, fl_outcome_flags flags) {
    fl_outcome outcome;
    FL_INIT(&outcome);
    outcome.kind = kind;
    outcome.status = status;
    outcome.flags = flags;
    return outcome;
}

static void takes_turns(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_request request = request_to("/cart");
    fl_outcome outcome = outcome_of(FL_OUTCOME_RESPONSE, 200, FL_OUTCOME_REQUEST_SENT | FL_OUTCOME_MAY_RETRY);
    fl_endpoint endpoint;
    fl_verdict verdict;
    fl_pick pick = FL_PICK_NOT_FORWARDING;
    int counts[3] = {0, 0, 0};
    int turn;
    int retries = 0;

    FL_INIT(&verdict);
    for (turn = 0; turn < 30; turn++) {
        FL_INIT(&endpoint);
        fl_exchange_begin(&exchange, worker, 0, &request);
        fl_exchange_pick(&exchange, &attempt, &pick);
        fl_attempt_endpoint(&attempt, &endpoint);
        if (is_text(endpoint.address, "10.0.0.1:80")) counts[0]++;
        if (is_text(endpoint.address, "[2001:db8::2]:80")) counts[1]++;
        if (is_text(endpoint.address, "/run/three.sock")) counts[2]++;
        fl_attempt_report(&attempt, &outcome, &verdict);
        retries += verdict.retry != 0;
        fl_exchange_end(&exchange);
    }
    CHECK(counts[0] == 10 && counts[1] == 10 && counts[2] == 10, "round robin takes turns");
    CHECK(retries == 0, "a good response is not retried");
}

static void tells_all_of_an_endpoint(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempts[3] = {FL_ATTEMPT_INIT, FL_ATTEMPT_INIT, FL_ATTEMPT_INIT};
    fl_request request = request_to("/cart");
    fl_endpoint endpoint;
    fl_pick pick = FL_PICK_NOT_FORWARDING;
    uint64_t ids[3] = {0, 0, 0};
    int index;
    int good = 1;

    fl_exchange_begin(&exchange, worker, 0, &request);
    for (index = 0; index < 3; index++) {
        FL_INIT(&endpoint);
        if (fl_exchange_pick(&exchange, &attempts[index], &pick) != FL_OK || pick != FL_PICK_ENDPOINT) good = 0;
        if (fl_attempt_endpoint(&attempts[index], &endpoint) != FL_OK) good = 0;
        ids[index] = endpoint.id;
        if (is_text(endpoint.address, "[2001:db8::2]:80")) {
            CHECK(is_text(endpoint.host, "2001:db8::2") && endpoint.port == 80, "an IPv6 host comes without brackets");
            CHECK(is_text(endpoint.hostname, "two.shop.example"), "the host name is told");
            CHECK(endpoint.health == FL_HEALTH_HEALTHY, "the health is told");
        } else if (is_text(endpoint.address, "/run/three.sock")) {
            CHECK(is_text(endpoint.host, "/run/three.sock") && endpoint.port == 0, "a pipe has a path and no port");
            CHECK(endpoint.health == FL_HEALTH_UNKNOWN, "health that nobody told is unknown");
        }
        if (!is_text(endpoint.region, "eu") || !is_text(endpoint.zone, "eu-1") || !is_text(endpoint.sub_zone, "a") ||
            !is_text(endpoint.cluster, "shop") || endpoint.weight != 1 || endpoint.priority != 0 ||
            endpoint.flags != 0 ||
            endpoint.connect_timeout_ns != UINT64_C(3000000000) || endpoint.active_requests != 1 ||
            endpoint.attempt_number != (uint32_t)index + 1) {
            good = 0;
        }
    }
    CHECK(good, "locality, cluster, weight, priority, timeout, load and number are told");
    CHECK(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2], "every endpoint has an id of its own");
    CHECK(fl_exchange_attempts(&exchange) == 3, "attempts are counted");
    CHECK(fl_exchange_pick(&exchange, &attempts[0], &pick) == FL_ERROR_ATTEMPT_OPEN,
          "an open attempt is not picked again");
    CHECK(fl_exchange_end(&exchange) == FL_OK, "an end with open attempts is fine");
    CHECK(fl_attempt_endpoint(&attempts[1], &endpoint) == FL_ERROR_ATTEMPT_NOT_OPEN, "it closes them");
    CHECK(fl_exchange_attempts(&exchange) == 0, "and forgets them");
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_pick(&exchange, &attempts[0], &pick);
    fl_attempt_endpoint(&attempts[0], &endpoint);
    CHECK(endpoint.active_requests == 1, "cancelled attempts count as requests no more");
    fl_exchange_end(&exchange);
}

static void retries_elsewhere(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_request request = request_to("/cart");
    fl_outcome bad = outcome_of(FL_OUTCOME_RESPONSE, 503, FL_OUTCOME_REQUEST_SENT | FL_OUTCOME_MAY_RETRY);
    fl_endpoint endpoint;
    fl_verdict verdict;
    fl_pick pick = FL_PICK_NOT_FORWARDING;
    uint64_t ids[3] = {0, 0, 0};
    uintptr_t more[4];
    uint64_t longest = 0;
    int number = 0;

    FL_INIT(&endpoint);
    FL_INIT(&verdict);
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_extend_tried(&exchange, more, 4) == FL_OK, "more tried hosts can be remembered");
    do {
        fl_exchange_pick(&exchange, &attempt, &pick);
        fl_attempt_endpoint(&attempt, &endpoint);
        ids[number++] = endpoint.id;
        fl_attempt_report(&attempt, &bad, &verdict);
        if (verdict.delay_ns > longest) longest = verdict.delay_ns;
    } while (verdict.retry != 0 && number < 3);
    CHECK(number == 3 && verdict.retry == 0, "a route with two retries makes three attempts");
    CHECK(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2], "each at another endpoint");
    CHECK(longest < UINT64_C(20000000), "the waiting stays below the largest interval");
    fl_exchange_end(&exchange);

    bad.flags = FL_OUTCOME_REQUEST_SENT;
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_pick(&exchange, &attempt, &pick);
    CHECK(fl_attempt_report(&attempt, &bad, &verdict) == FL_OK && verdict.retry == 0,
          "a host that cannot retry is not asked to");
    CHECK(fl_attempt_report(&attempt, &bad, &verdict) == FL_ERROR_ATTEMPT_NOT_OPEN, "nothing is reported twice");
    fl_exchange_pick(&exchange, &attempt, &pick);
    bad = outcome_of(FL_OUTCOME_CONNECT_FAILURE, 0, FL_OUTCOME_MAY_RETRY);
    CHECK(fl_attempt_report(&attempt, &bad, NULL) == FL_OK, "nobody has to take the verdict");
    fl_exchange_end(&exchange);
    bad.kind = 99;
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_pick(&exchange, &attempt, &pick);
    CHECK(fl_attempt_report(&attempt, &bad, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "an unknown kind of outcome is refused");
    CHECK(fl_attempt_endpoint(&attempt, &endpoint) == FL_OK, "and the attempt stays open");
    fl_exchange_end(&exchange);
}

static void tells_why_there_is_no_endpoint(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_endpoint endpoint;
    fl_request request = request_to("/empty");
    fl_pick pick = 99;

    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_pick(&exchange, &attempt, &pick) == FL_OK && pick == FL_PICK_NO_ENDPOINT,
          "a cluster may be empty");
    fl_exchange_end(&exchange);
    request.path = fl_bytes_of("/dropped");
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_pick(&exchange, &attempt, &pick) == FL_OK && pick == FL_PICK_DROPPED, "requests may be dropped");
    fl_exchange_end(&exchange);
    request.path = fl_bytes_of("/nowhere");
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_pick(&exchange, &attempt, &pick) == FL_OK && pick == FL_PICK_CLUSTER_NOT_FOUND,
          "a cluster may be missing");
    fl_exchange_end(&exchange);
    request.path = fl_bytes_of("/old");
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_pick(&exchange, &attempt, &pick) == FL_OK && pick == FL_PICK_NOT_FORWARDING,
          "a redirect has no endpoint");
    fl_exchange_end(&exchange);
    FL_INIT(&endpoint);
    fl_exchange_begin_cluster(&exchange, worker, fl_bytes_of("sick"), NULL);
    CHECK(fl_exchange_pick(&exchange, &attempt, &pick) == FL_OK && pick == FL_PICK_ENDPOINT,
          "panic takes sick endpoints");
    CHECK(fl_attempt_endpoint(&attempt, &endpoint) == FL_OK && endpoint.flags == FL_ENDPOINT_PANIC &&
              endpoint.health == FL_HEALTH_UNHEALTHY && endpoint.region.size == 0 && endpoint.hostname.size == 0,
          "and says so");
    fl_exchange_end(&exchange);
}

static void detaches(fl_engine *engine, fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_attempt other = FL_ATTEMPT_INIT;
    fl_request request = request_to("/cart");
    fl_outcome bad = outcome_of(FL_OUTCOME_RESET, 0, FL_OUTCOME_REQUEST_SENT | FL_OUTCOME_MAY_RETRY);
    fl_endpoint endpoint;
    fl_statistics statistics;
    fl_verdict verdict;
    fl_pick pick = FL_PICK_NOT_FORWARDING;
    fl_update *update = NULL;
    fl_document document = document_of_file("shop.yaml");

    FL_INIT(&endpoint);
    FL_INIT(&statistics);
    FL_INIT(&verdict);
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_pick(&exchange, &attempt, &pick);
    fl_exchange_pick(&exchange, &other, &pick);
    CHECK(fl_attempt_detach(&attempt) == FL_OK, "an attempt can be detached");
    CHECK(fl_attempt_detach(&attempt) == FL_OK, "and again");
    CHECK(fl_attempt_endpoint(&attempt, &endpoint) == FL_ERROR_ATTEMPT_DETACHED, "then it knows its endpoint no more");
    CHECK(fl_exchange_end(&exchange) == FL_OK, "its exchange can end");
    CHECK(fl_worker_open(worker) == 1, "a detached attempt keeps the worker");
    CHECK(fl_worker_destroy(worker) == FL_ERROR_BUSY, "which cannot be destroyed");
    fl_update_create(engine, &update);
    fl_update_remove_everything(update);
    fl_engine_apply(engine, update, NULL, NULL);
    fl_update_destroy(update);
    fl_worker_refresh(worker);
    fl_engine_poll(engine, 0, NULL);
    fl_engine_statistics(engine, &statistics);
    CHECK(statistics.live_snapshots == 1, "a detached attempt holds no snapshot");
    CHECK(statistics.endpoint_slots == 1, "but its endpoint's slot");
    verdict.retry = 1;
    CHECK(fl_attempt_report(&attempt, &bad, &verdict) == FL_OK && verdict.retry == 0,
          "it can be reported after the end of its exchange, without a retry");
    CHECK(fl_worker_open(worker) == 0, "then nothing is open any more");
    fl_engine_poll(engine, 0, NULL);
    fl_engine_statistics(engine, &statistics);
    CHECK(statistics.endpoint_slots == 0, "and the slot is free");
    fl_engine_load(engine, &document, NULL, NULL);
    fl_worker_refresh(worker);

    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_pick(&exchange, &attempt, &pick);
    fl_attempt_detach(&attempt);
    CHECK(fl_attempt_report(&attempt, &bad, &verdict) == FL_OK && verdict.retry == 1,
          "a detached attempt of an open exchange can be retried");
    fl_exchange_end(&exchange);
}

static void limits_retries(fl_worker *worker) {
    fl_exchange exchanges[4] = {FL_EXCHANGE_INIT, FL_EXCHANGE_INIT, FL_EXCHANGE_INIT, FL_EXCHANGE_INIT};
    fl_attempt attempts[4] = {FL_ATTEMPT_INIT, FL_ATTEMPT_INIT, FL_ATTEMPT_INIT, FL_ATTEMPT_INIT};
    fl_request request = request_to("/cart");
    fl_outcome bad = outcome_of(FL_OUTCOME_RESPONSE, 500, FL_OUTCOME_MAY_RETRY);
    fl_verdict verdict;
    fl_pick pick = FL_PICK_NOT_FORWARDING;
    int granted = 0;
    int index;

    FL_INIT(&verdict);
    for (index = 0; index < 4; index++) {
        fl_exchange_begin(&exchanges[index], worker, 0, &request);
        fl_exchange_pick(&exchanges[index], &attempts[index], &pick);
        fl_attempt_report(&attempts[index], &bad, &verdict);
        granted += verdict.retry != 0;
    }
    CHECK(granted == 3, "no more retries run at once than the circuit breaker lets through");
    for (index = 0; index < 4; index++) fl_exchange_end(&exchanges[index]);
    fl_exchange_begin(&exchanges[0], worker, 0, &request);
    fl_exchange_pick(&exchanges[0], &attempts[0], &pick);
    fl_attempt_report(&attempts[0], &bad, &verdict);
    CHECK(verdict.retry == 1, "exchanges that end give their permits back");
    fl_exchange_end(&exchanges[0]);
}

void test_attempts(void) {
    fl_engine *engine = make_shop();
    fl_worker *worker = make_worker(engine);
    takes_turns(worker);
    tells_all_of_an_endpoint(worker);
    retries_elsewhere(worker);
    tells_why_there_is_no_endpoint(worker);
    detaches(engine, worker);
    limits_retries(worker);
    CHECK(fl_worker_destroy(worker) == FL_OK, "nothing of the attempts is left");
    fl_engine_destroy(engine);
}
