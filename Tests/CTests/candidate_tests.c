/* Fairlead: tests of candidates: what an update would change, before it is published
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

/* The route table that the updates set: everything goes to the cluster `shop`. */
static const char *other_routes =
    "{\"name\": \"main\", \"virtual_hosts\": [{\"name\": \"all\", \"domains\": [\"*\"], \"routes\": ["
    "{\"match\": {\"prefix\": \"/\"}, \"route\": {\"cluster\": \"nobody\"}}]}]}";

static fl_update *update_of(fl_engine *engine, const char *routes) {
    fl_update *update = NULL;
    fl_document document = document_of_text(FL_FORMAT_JSON, routes);
    fl_update_create(engine, &update);
    fl_update_add(update, FL_RESOURCE_ROUTE_CONFIGURATION, &document);
    return update;
}

static void tells_and_drops(fl_engine *engine, fl_worker *worker) {
    fl_update *update = update_of(engine, other_routes);
    fl_candidate *candidate = NULL;
    fl_change change;
    fl_comparison comparison;
    fl_request request = request_to("/cart/1");
    uint64_t before = fl_worker_refresh(worker);
    size_t count = 0;
    int hosts = 0;

    FL_INIT(&change);
    FL_INIT(&comparison);
    CHECK(fl_engine_prepare(engine, update, &candidate, NULL) == FL_OK, "an update can be prepared");
    while (fl_candidate_change(candidate, count, &change) == FL_OK) {
        if (change.kind == FL_CHANGE_VIRTUAL_HOST && is_text(change.container, "main")) hosts++;
        count++;
    }
    CHECK(count > 2 && hosts > 1, "the candidate tells what changes");
    CHECK(fl_candidate_change(candidate, count, &change) == FL_DONE, "and where the list ends");
    CHECK(fl_candidate_compare(candidate, fl_bytes_of("main"), &request, &comparison) == FL_OK, "it compares");
    CHECK(comparison.goes_elsewhere == 1 && is_text(comparison.before.cluster, "shop") &&
              is_text(comparison.after.cluster, "nobody") && comparison.after.status == 503,
          "and tells where a request would go");
    CHECK(is_text(comparison.before.path, "/basket/1") && is_text(comparison.after.path, "/cart/1"), "and how");
    CHECK(fl_candidate_compare(candidate, fl_bytes_of("never"), &request, &comparison) == FL_ERROR_NOT_FOUND,
          "it knows its route tables");
    fl_candidate_destroy(candidate);
    fl_update_destroy(update);
    CHECK(fl_worker_refresh(worker) == before, "a candidate that is dropped publishes nothing");
}

static void tells_of_runtime_layers(fl_engine *engine) {
    fl_document layer = document_of_text(FL_FORMAT_JSON, "{\"name\": \"tried\", \"layer\": {\"k\": 1}}");
    fl_update *update = NULL;
    fl_candidate *candidate = NULL;
    fl_change change;

    FL_INIT(&change);
    fl_update_create(engine, &update);
    fl_update_add(update, FL_RESOURCE_RUNTIME, &layer);
    CHECK(fl_engine_prepare(engine, update, &candidate, NULL) == FL_OK, "a layer of runtime values can be prepared");
    CHECK(fl_candidate_change(candidate, 0, &change) == FL_OK && change.kind == FL_CHANGE_RUNTIME &&
              change.effect == FL_CHANGE_ADDED && is_text(change.name, "tried"),
          "and is told as a change");
    fl_candidate_destroy(candidate);
    fl_update_destroy(update);
}

static void publishes(fl_engine *engine, fl_worker *worker) {
    fl_update *update = update_of(engine, other_routes);
    fl_candidate *first = NULL;
    fl_candidate *second = NULL;
    fl_comparison comparison;
    fl_request request = request_to("/cart/1");
    uint64_t generation = 0;

    FL_INIT(&comparison);
    fl_engine_prepare(engine, update, &first, NULL);
    fl_engine_prepare(engine, update, &second, NULL);
    fl_update_destroy(update);
    CHECK(fl_candidate_publish(first, &generation) == FL_OK, "a candidate can be published");
    CHECK(fl_worker_refresh(worker) == generation, "and is served");
    CHECK(fl_candidate_publish(first, NULL) == FL_ERROR_PUBLISHED, "once");
    CHECK(fl_candidate_compare(first, fl_bytes_of("main"), &request, &comparison) == FL_ERROR_PUBLISHED,
          "and has nothing to compare then");
    CHECK(fl_candidate_publish(second, &generation) == FL_ERROR_STALE, "another one that was prepared before is stale");
    CHECK(fl_worker_refresh(worker) == generation, "and changes nothing");
    CHECK(fl_candidate_compare(second, fl_bytes_of("main"), &request, &comparison) == FL_OK &&
              is_text(comparison.before.cluster, "shop"),
          "but still tells what it was prepared for");
    fl_candidate_destroy(first);
    fl_candidate_destroy(second);
}

static void refuses(fl_engine *engine) {
    fl_update *faulty = update_of(engine, "{\"name\": \"\", \"virtual_hosts\": [{\"name\": \"x\"}]}");
    fl_update *update = update_of(engine, other_routes);
    fl_engine *stranger = make_shop();
    fl_candidate *candidate = NULL;
    fl_error_list *errors = NULL;
    fl_change change;
    fl_comparison comparison;
    fl_request request = request_to("/");

    CHECK(fl_engine_prepare(engine, faulty, &candidate, &errors) == FL_ERROR_CONFIGURATION && candidate == NULL,
          "a faulty update has no candidate");
    CHECK(fl_error_list_count(errors) > 0, "but all of its faults");
    CHECK(fl_engine_prepare(stranger, update, &candidate, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "nor has one of another engine");
    CHECK(fl_engine_prepare(NULL, update, &candidate, NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_prepare(engine, NULL, &candidate, NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_prepare(engine, update, NULL, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "preparing needs all of its arguments");
    fl_engine_prepare(engine, update, &candidate, NULL);
    memset(&change, 0, sizeof change);
    memset(&comparison, 0, sizeof comparison);
    CHECK(fl_candidate_change(candidate, 0, &change) == FL_ERROR_STRUCT_SIZE &&
              fl_candidate_compare(candidate, fl_bytes_of("main"), &request, &comparison) == FL_ERROR_STRUCT_SIZE,
          "so do sized structs");
    FL_INIT(&change);
    FL_INIT(&comparison);
    CHECK(fl_candidate_change(NULL, 0, &change) == FL_ERROR_INVALID_ARGUMENT &&
              fl_candidate_change(candidate, 0, NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_candidate_compare(NULL, fl_bytes_of("main"), &request, &comparison) == FL_ERROR_INVALID_ARGUMENT &&
              fl_candidate_compare(candidate, fl_bytes_of("main"), NULL, &comparison) == FL_ERROR_INVALID_ARGUMENT &&
              fl_candidate_publish(NULL, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "and a candidate what it is asked");
    fl_candidate_destroy(candidate);
    fl_candidate_destroy(NULL);
    fl_error_list_destroy(errors);
    fl_update_destroy(faulty);
    fl_update_destroy(update);
    fl_engine_destroy(stranger);
}

void test_candidates(void) {
    fl_engine *engine = make_shop();
    fl_worker *worker = make_worker(engine);
    tells_and_drops(engine, worker);
    tells_of_runtime_layers(engine);
    refuses(engine);
    publishes(engine, worker);
    fl_worker_destroy(worker);
    fl_engine_destroy(engine);
}
