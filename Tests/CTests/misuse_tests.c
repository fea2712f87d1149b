/* Fairlead: tests of wrong calls: each is told, none is acted on
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

static void takes_no_null(void) {
    fl_engine *engine = make_shop();
    fl_worker *worker = make_worker(engine);
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_request request = request_to("/cart");
    fl_document document = document_of_file("shop.yaml");
    fl_update *update = NULL;
    fl_outcome outcome;
    fl_error error;
    fl_statistics statistics;
    fl_pick pick;
    uint32_t table;
    size_t length;
    char buffer[8];

    FL_INIT(&outcome);
    FL_INIT(&error);
    FL_INIT(&statistics);
    fl_update_create(engine, &update);
    fl_exchange_begin(&exchange, worker, 0, &request);

    fl_engine_destroy(NULL);
    fl_update_destroy(NULL);
    fl_error_list_destroy(NULL);
    CHECK(fl_worker_destroy(NULL) == FL_OK, "nothing can be destroyed");
    CHECK(fl_engine_create(NULL, NULL) == FL_ERROR_INVALID_ARGUMENT, "an engine needs a place");
    CHECK(fl_engine_load(NULL, &document, NULL, NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_load(engine, NULL, NULL, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "a load needs engine and document");
    CHECK(fl_engine_apply(NULL, update, NULL, NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_apply(engine, NULL, NULL, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "an apply needs engine and update");
    CHECK(fl_engine_check(NULL, update, NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_check(engine, NULL, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "so does a check");
    CHECK(fl_engine_poll(NULL, 0, NULL) == FL_ERROR_INVALID_ARGUMENT, "a poll needs an engine");
    CHECK(fl_engine_route_table(NULL, fl_bytes_of("a"), &table) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_route_table(engine, fl_bytes_of("main"), NULL) == FL_ERROR_INVALID_ARGUMENT,
          "a route table needs an engine and a place");
    CHECK(fl_engine_route_table(engine, fl_bytes_of("never"), &table) == FL_ERROR_NOT_FOUND, "and to be there");
    CHECK(fl_engine_statistics(NULL, &statistics) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_statistics(engine, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "statistics need an engine and a place");
    CHECK(fl_engine_register_policy(NULL, NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_register_policy(engine, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "a registration needs engine and policy");
    CHECK(fl_engine_after_fork(NULL, worker) == FL_ERROR_INVALID_ARGUMENT, "a fork needs an engine");
    CHECK(fl_update_create(NULL, &update) == FL_ERROR_INVALID_ARGUMENT &&
              fl_update_create(engine, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "an update needs an engine and a place");
    CHECK(fl_update_add(NULL, FL_RESOURCE_CLUSTER, &document) == FL_ERROR_INVALID_ARGUMENT &&
              fl_update_add(update, FL_RESOURCE_CLUSTER, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "an addition needs update and document");
    CHECK(fl_update_remove(NULL, FL_RESOURCE_CLUSTER, fl_bytes_of("a")) == FL_ERROR_INVALID_ARGUMENT &&
              fl_update_remove(update, FL_RESOURCE_CLUSTER, fl_bytes_missing()) == FL_ERROR_INVALID_ARGUMENT,
          "a removal needs update and name");
    CHECK(fl_update_remove_everything(NULL) == FL_ERROR_INVALID_ARGUMENT, "even of everything");
    CHECK(fl_resource_of_type_url(fl_bytes_of("a"), NULL) == FL_ERROR_INVALID_ARGUMENT,
          "a resource type needs a place");
    CHECK(fl_error_list_count(NULL) == 0 && fl_error_list_get(NULL, 0, &error) == FL_ERROR_INVALID_ARGUMENT,
          "no list has no errors");
    CHECK(fl_worker_create(NULL, &worker) == FL_ERROR_INVALID_ARGUMENT &&
              fl_worker_create(engine, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "a worker needs an engine and a place");
    CHECK(fl_worker_refresh(NULL) == 0 && fl_worker_generation(NULL) == 0 && fl_worker_open(NULL) == 0,
          "no worker has no generation");
    CHECK(fl_exchange_begin(NULL, worker, 0, &request) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_begin(&exchange, NULL, 0, &request) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_begin(&exchange, worker, 0, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "an exchange needs memory, worker and request");
    CHECK(fl_exchange_begin_cluster(NULL, worker, fl_bytes_of("a"), NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_begin_cluster(&exchange, NULL, fl_bytes_of("a"), NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_begin_cluster(&exchange, worker, fl_bytes_missing(), NULL) == FL_ERROR_INVALID_ARGUMENT,
          "or a cluster's name");
    CHECK(fl_exchange_disposition(NULL) == FL_DISPOSITION_NO_ROUTE && fl_exchange_attempts(NULL) == 0,
          "no exchange has no route");
    CHECK(fl_exchange_extend_tried(NULL, NULL, 0) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_extend_tried(&exchange, NULL, 1) == FL_ERROR_INVALID_ARGUMENT,
          "more tried hosts need an array");
    CHECK(fl_exchange_end(NULL) == FL_ERROR_INVALID_ARGUMENT, "nothing cannot end");
    CHECK(fl_exchange_pick(NULL, &attempt, &pick) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_pick(&exchange, NULL, &pick) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_pick(&exchange, &attempt, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "a pick needs exchange, attempt and a place");
    CHECK(fl_attempt_endpoint(NULL, NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_attempt_endpoint(&attempt, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "an endpoint needs an attempt and a place");
    CHECK(fl_attempt_report(NULL, &outcome, NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_attempt_report(&attempt, NULL, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "a report needs attempt and outcome");
    CHECK(fl_attempt_detach(NULL) == FL_ERROR_INVALID_ARGUMENT, "a detach needs an attempt");
    CHECK(fl_exchange_route(NULL, NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_route(&exchange, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "a route needs an exchange and a place");
    CHECK(fl_exchange_copy_path(NULL, &request, buffer, 8, &length) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_copy_path(&exchange, NULL, buffer, 8, &length) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_copy_path(&exchange, &request, NULL, 8, &length) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_copy_path(&exchange, &request, buffer, 8, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "a path needs exchange, request, buffer and length");
    CHECK(fl_exchange_copy_authority(&exchange, NULL, NULL, buffer, 8, &length) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_copy_location(&exchange, NULL, buffer, 8, &length) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_copy_set_cookie(NULL, buffer, 8, &length) == FL_ERROR_INVALID_ARGUMENT,
          "so do its siblings");
    CHECK(fl_exchange_next_header_mutation(&exchange, 0, NULL, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "header mutations need a cursor");
    fl_exchange_end(&exchange);
    fl_update_destroy(update);
    fl_worker_destroy(worker);
    fl_engine_destroy(engine);
}

static void takes_no_closed_things(void) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_request request = request_to("/cart");
    fl_endpoint endpoint;
    fl_header_cursor cursor = 0;
    fl_header_mutation mutation;
    fl_outcome outcome;
    fl_pick pick;
    fl_route route;
    uintptr_t array[1];
    size_t length;

    FL_INIT(&endpoint);
    FL_INIT(&mutation);
    FL_INIT(&outcome);
    FL_INIT(&route);
    CHECK(fl_exchange_pick(&exchange, &attempt, &pick) == FL_ERROR_EXCHANGE_NOT_OPEN &&
              fl_exchange_route(&exchange, &route) == FL_ERROR_EXCHANGE_NOT_OPEN &&
              fl_exchange_extend_tried(&exchange, array, 1) == FL_ERROR_EXCHANGE_NOT_OPEN &&
              fl_exchange_copy_path(&exchange, &request, NULL, 0, &length) == FL_ERROR_EXCHANGE_NOT_OPEN &&
              fl_exchange_copy_set_cookie(&exchange, NULL, 0, &length) == FL_ERROR_EXCHANGE_NOT_OPEN &&
              fl_exchange_next_header_mutation(&exchange, 0, &cursor, &mutation) == FL_ERROR_EXCHANGE_NOT_OPEN,
          "an exchange that is not open answers nothing");
    CHECK(fl_attempt_endpoint(&attempt, &endpoint) == FL_ERROR_ATTEMPT_NOT_OPEN &&
              fl_attempt_report(&attempt, &outcome, NULL) == FL_ERROR_ATTEMPT_NOT_OPEN &&
              fl_attempt_detach(&attempt) == FL_ERROR_ATTEMPT_NOT_OPEN,
          "nor does an attempt that is not open");
}

static void takes_no_unsized_structs(void) {
    fl_engine *engine = make_shop();
    fl_worker *worker = make_worker(engine);
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_request request = request_to("/cart");
    fl_request unsized;
    fl_document document;
    fl_endpoint endpoint;
    fl_header_cursor cursor = 0;
    fl_header_mutation mutation;
    fl_outcome outcome;
    fl_pick pick;
    fl_route route;
    fl_verdict verdict;
    size_t length;

    memset(&unsized, 0, sizeof unsized);
    memset(&document, 0, sizeof document);
    memset(&endpoint, 0, sizeof endpoint);
    memset(&mutation, 0, sizeof mutation);
    memset(&outcome, 0, sizeof outcome);
    memset(&route, 0, sizeof route);
    memset(&verdict, 0, sizeof verdict);
    CHECK(fl_engine_load(engine, &document, NULL, NULL) == FL_ERROR_STRUCT_SIZE, "a document needs its size");
    document.struct_size = sizeof document;
    CHECK(fl_engine_load(engine, &document, NULL, NULL) == FL_ERROR_INVALID_ARGUMENT, "and content");
    document.content = fl_bytes_of("{}");
    document.format = 9;
    CHECK(fl_engine_load(engine, &document, NULL, NULL) == FL_ERROR_INVALID_ARGUMENT, "and a format that there is");
    CHECK(fl_exchange_begin(&exchange, worker, 0, &unsized) == FL_ERROR_STRUCT_SIZE && fl_worker_open(worker) == 0,
          "a request needs its size");
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_copy_path(&exchange, &unsized, NULL, 0, &length) == FL_ERROR_STRUCT_SIZE, "always");
    CHECK(fl_exchange_route(&exchange, &route) == FL_ERROR_STRUCT_SIZE, "so does a route");
    CHECK(fl_exchange_next_header_mutation(&exchange, 0, &cursor, &mutation) == FL_ERROR_STRUCT_SIZE, "a mutation");
    fl_exchange_pick(&exchange, &attempt, &pick);
    CHECK(fl_attempt_endpoint(&attempt, &endpoint) == FL_ERROR_STRUCT_SIZE, "an endpoint");
    CHECK(fl_attempt_report(&attempt, &outcome, NULL) == FL_ERROR_STRUCT_SIZE, "an outcome");
    outcome.struct_size = sizeof outcome;
    CHECK(fl_attempt_report(&attempt, &outcome, &verdict) == FL_ERROR_STRUCT_SIZE, "and a verdict");
    fl_exchange_end(&exchange);
    fl_worker_destroy(worker);
    fl_engine_destroy(engine);
}

void test_misuse(void) {
    takes_no_null();
    takes_no_closed_things();
    takes_no_unsized_structs();
}
