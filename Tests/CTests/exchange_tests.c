/* Fairlead: tests of exchanges
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

static void finds_routes(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_request request = request_to("/cart/1?x=y");

    CHECK(fl_exchange_disposition(&exchange) == FL_DISPOSITION_NO_ROUTE, "an exchange that was not begun has no route");
    CHECK(fl_exchange_begin(&exchange, worker, 0, &request) == FL_OK, "an exchange begins");
    CHECK(fl_exchange_disposition(&exchange) == FL_DISPOSITION_FORWARD, "a route that forwards is found");
    CHECK(fl_worker_open(worker) == 1, "an exchange keeps its worker");
    CHECK(fl_exchange_begin(&exchange, worker, 0, &request) == FL_ERROR_EXCHANGE_OPEN, "it cannot begin twice");
    CHECK(fl_exchange_begin_cluster(&exchange, worker, fl_bytes_of("shop"), NULL) == FL_ERROR_EXCHANGE_OPEN,
          "nor in another way");
    CHECK(fl_exchange_end(&exchange) == FL_OK && fl_worker_open(worker) == 0, "an end lets the worker go");
    CHECK(fl_exchange_end(&exchange) == FL_OK, "a second end is harmless");

    request.path = fl_bytes_of("/");
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_disposition(&exchange) == FL_DISPOSITION_NO_ROUTE, "a path that no route has matches none");
    fl_exchange_end(&exchange);

    request.authority = fl_bytes_missing();
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_disposition(&exchange) == FL_DISPOSITION_BAD_REQUEST, "a request without authority is bad");
    fl_exchange_end(&exchange);

    request = request_to("/cart");
    CHECK(fl_exchange_begin(&exchange, worker, 4711, &request) == FL_OK &&
              fl_exchange_disposition(&exchange) == FL_DISPOSITION_NO_ROUTE,
          "a route table that is not there matches nothing");
    fl_exchange_end(&exchange);
}

static void looks_at_headers(fl_worker *worker) {
    static const char names[] = "X-Secret";
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_request request = request_to("/internal");
    fl_header headers[2];

    headers[0].name = fl_bytes_of("accept");
    headers[0].value = fl_bytes_of("");
    headers[1].name = fl_bytes_of(names);
    headers[1].value = fl_bytes_of("yes");
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_disposition(&exchange) == FL_DISPOSITION_NO_ROUTE, "without its header a route does not match");
    fl_exchange_end(&exchange);
    request.headers = headers;
    request.header_count = 2;
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_disposition(&exchange) == FL_DISPOSITION_FORWARD, "with it, in any case, it does");
    fl_exchange_end(&exchange);
}

static void balances_without_routes(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_endpoint endpoint;
    fl_pick pick = FL_PICK_NOT_FORWARDING;
    uint64_t hash = 12345;
    uint64_t id = 0;
    int same = 1;
    int turn;

    FL_INIT(&endpoint);
    CHECK(fl_exchange_begin_cluster(&exchange, worker, fl_bytes_of("shop"), NULL) == FL_OK,
          "a cluster can be used without a route");
    CHECK(fl_exchange_pick(&exchange, &attempt, &pick) == FL_OK && pick == FL_PICK_ENDPOINT, "and has endpoints");
    fl_exchange_end(&exchange);
    for (turn = 0; turn < 20; turn++) {
        fl_exchange_begin_cluster(&exchange, worker, fl_bytes_of("ring"), &hash);
        fl_exchange_pick(&exchange, &attempt, &pick);
        fl_attempt_endpoint(&attempt, &endpoint);
        if (turn == 0) id = endpoint.id;
        if (endpoint.id != id) same = 0;
        fl_exchange_end(&exchange);
    }
    CHECK(same, "the same hash comes to the same endpoint");
    CHECK(fl_exchange_begin_cluster(&exchange, worker, fl_bytes_of("never"), NULL) == FL_OK,
          "an unknown cluster begins");
    CHECK(fl_exchange_pick(&exchange, &attempt, &pick) == FL_OK && pick == FL_PICK_CLUSTER_NOT_FOUND, "and ends there");
    fl_exchange_end(&exchange);
}

static void keeps_what_it_lent(fl_engine *engine, fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_request request = request_to("/cart");
    fl_update *update = NULL;
    fl_route route;
    fl_statistics statistics;
    fl_document document = document_of_file("shop.yaml");

    FL_INIT(&route);
    FL_INIT(&statistics);
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_route(&exchange, &route);
    fl_update_create(engine, &update);
    fl_update_remove_everything(update);
    CHECK(fl_engine_apply(engine, update, NULL, NULL) == FL_OK, "everything goes while an exchange is open");
    fl_update_destroy(update);
    fl_worker_refresh(worker);
    CHECK(fl_engine_poll(engine, 1000, NULL) == FL_OK, "and is polled for");
    fl_engine_statistics(engine, &statistics);
    CHECK(statistics.live_snapshots == 2, "the exchange keeps its snapshot");
    CHECK(is_text(route.name, "cart") && is_text(route.cluster, "shop"), "what it lent is there still");
    fl_exchange_end(&exchange);
    fl_engine_poll(engine, 2000, NULL);
    fl_engine_statistics(engine, &statistics);
    CHECK(statistics.live_snapshots == 1 && statistics.retired_parts == 0, "its end frees the snapshot");
    CHECK(fl_engine_load(engine, &document, NULL, NULL) == FL_OK, "the configuration comes back");
    fl_worker_refresh(worker);
}

static void is_the_same_again(fl_engine *engine) {
    fl_worker *worker = make_worker(engine);
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_request request = request_to("/cart");
    fl_route route;
    uint64_t hash = 0;

    FL_INIT(&route);
    request.flags = FL_REQUEST_HAS_RANDOM;
    request.random = 77;
    CHECK(fl_exchange_begin(&exchange, worker, 0, &request) == FL_OK, "a request can bring its random bits");
    fl_exchange_route(&exchange, &route);
    hash = route.hash;
    fl_exchange_end(&exchange);
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_route(&exchange, &route);
    CHECK(route.hash != hash, "the hash of a request without hash policy is random all the same");
    fl_exchange_end(&exchange);
    fl_worker_destroy(worker);
}

void test_exchanges(void) {
    fl_engine *engine = make_shop();
    fl_worker *worker = make_worker(engine);
    finds_routes(worker);
    looks_at_headers(worker);
    balances_without_routes(worker);
    keeps_what_it_lent(engine, worker);
    is_the_same_again(engine);
    CHECK(fl_worker_destroy(worker) == FL_OK, "nothing of the exchanges is left");
    fl_engine_destroy(engine);
}
