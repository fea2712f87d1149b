/* Fairlead: tests of updates
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

#include <stdlib.h>

static const char cluster_yaml[] =
    "name: pie\n"
    "type: EDS\n"
    "eds_cluster_config: { eds_config: { ads: {} } }\n";

static const char endpoints_json[] =
    "{\"cluster_name\":\"pie\",\"endpoints\":[{\"lb_endpoints\":[{\"endpoint\":{\"address\":{\"socket_address\":"
    "{\"address\":\"10.4.0.1\",\"port_value\":84}}}}]}]}";

static const char routes_yaml[] =
    "name: more\n"
    "virtual_hosts:\n"
    "- name: all\n"
    "  domains: [\"*\"]\n"
    "  routes:\n"
    "  - name: pie\n"
    "    match: { prefix: / }\n"
    "    route: { cluster: pie }\n";

static const char listener_yaml[] =
    "name: side\n"
    "address: { socket_address: { address: 127.0.0.1, port_value: 2 } }\n"
    "filter_chains:\n"
    "- filters:\n"
    "  - name: envoy.filters.network.http_connection_manager\n"
    "    typed_config:\n"
    "      \"@type\": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3."
    "HttpConnectionManager\n"
    "      stat_prefix: side\n"
    "      http_filters:\n"
    "      - name: router\n"
    "        typed_config: { \"@type\": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }\n"
    "      route_config: { name: side, virtual_hosts: [] }\n";

/* The cluster that a request to /pie of the table `more` goes to; missing when there is none. */
static int pie_is_served(fl_engine *engine, fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_endpoint endpoint;
    fl_request request = request_to("/pie");
    fl_pick pick = FL_PICK_NOT_FORWARDING;
    uint32_t table = 99;
    int served = 0;

    FL_INIT(&endpoint);
    fl_worker_refresh(worker);
    if (fl_engine_route_table(engine, fl_bytes_of("more"), &table) != FL_OK) return 0;
    if (fl_exchange_begin(&exchange, worker, table, &request) != FL_OK) return 0;
    if (fl_exchange_pick(&exchange, &attempt, &pick) == FL_OK && pick == FL_PICK_ENDPOINT) {
        served = fl_attempt_endpoint(&attempt, &endpoint) == FL_OK && is_text(endpoint.address, "10.4.0.1:84");
    }
    fl_exchange_end(&exchange);
    return served;
}

static void changes_several_resources_at_once(fl_engine *engine, fl_worker *worker) {
    fl_update *update = NULL;
    fl_error_list *errors = NULL;
    fl_document cluster = document_of_text(FL_FORMAT_YAML, cluster_yaml);
    fl_document endpoints = document_of_text(FL_FORMAT_JSON, endpoints_json);
    fl_document routes = document_of_text(FL_FORMAT_AUTO, routes_yaml);
    uint64_t before = fl_worker_generation(worker);
    uint64_t after = 0;
    uint64_t again = 0;

    CHECK(fl_update_create(engine, &update) == FL_OK, "an update is made");
    CHECK(fl_update_add(update, FL_RESOURCE_CLUSTER, &cluster) == FL_OK, "a cluster is added");
    CHECK(fl_update_add(update, FL_RESOURCE_ENDPOINTS, &endpoints) == FL_OK, "endpoints are added");
    CHECK(fl_update_add(update, FL_RESOURCE_ROUTE_CONFIGURATION, &routes) == FL_OK, "a route table is added");
    CHECK(!pie_is_served(engine, worker), "an update that was not applied changes nothing");
    CHECK(fl_engine_check(engine, update, &errors) == FL_OK, "a good update is found good");
    fl_error_list_destroy(errors);
    CHECK(fl_worker_refresh(worker) == before, "a check changes nothing");
    CHECK(fl_engine_apply(engine, update, &after, NULL) == FL_OK, "an update is applied");
    CHECK(after == before + 1, "all its changes are one generation");
    CHECK(fl_worker_generation(worker) == before, "a worker keeps what it has until it refreshes");
    CHECK(pie_is_served(engine, worker), "then it serves the update");
    CHECK(fl_engine_apply(engine, update, &again, NULL) == FL_OK && again == after,
          "the same update again changes nothing");
    fl_update_destroy(update);
}

static void refuses_faulty_updates(fl_engine *engine, fl_worker *worker) {
    fl_update *update = NULL;
    fl_error_list *errors = NULL;
    fl_document cluster = document_of_text(FL_FORMAT_YAML, "name: bad\nconnect_timeout: soon\nsurprise: 1\n");
    fl_document routes = document_of_text(FL_FORMAT_YAML, "name: bad\nvirtual_hosts: [ { name: a, domains: [] } ]\n");
    fl_document good = document_of_text(FL_FORMAT_YAML, "name: good\ntype: STATIC\n");
    uint64_t before = fl_worker_refresh(worker);

    cluster.file = fl_bytes_of("bad.yaml");
    fl_update_create(engine, &update);
    CHECK(fl_update_add(update, FL_RESOURCE_CLUSTER, &good) == FL_OK, "a good document is taken");
    CHECK(fl_update_add(update, FL_RESOURCE_CLUSTER, &cluster) == FL_ERROR_CONFIGURATION, "a bad one is told at once");
    CHECK(fl_update_add(update, FL_RESOURCE_ROUTE_CONFIGURATION, &routes) == FL_ERROR_CONFIGURATION, "and another");
    CHECK(fl_engine_check(engine, update, &errors) == FL_ERROR_CONFIGURATION, "the update is found bad");
    CHECK(has_error(errors, "unknown-field", "surprise"), "the errors of the first document are in the list");
    CHECK(has_error(errors, "missing-field", "virtual_hosts[0].domains") ||
              has_error(errors, "invalid-value", "virtual_hosts[0].domains"),
          "those of the second too");
    fl_error_list_destroy(errors);
    errors = NULL;
    CHECK(fl_engine_apply(engine, update, NULL, &errors) == FL_ERROR_CONFIGURATION, "and cannot be applied");
    CHECK(fl_error_list_count(errors) >= 3, "with the same errors");
    CHECK(fl_worker_refresh(worker) == before, "a refused update changes nothing");
    fl_error_list_destroy(errors);
    fl_update_destroy(update);
}

static void refuses_unknown_references(fl_engine *engine) {
    fl_update *update = NULL;
    fl_error_list *errors = NULL;
    fl_document cluster =
        document_of_text(FL_FORMAT_YAML,
                         "name: odd\ntype: STATIC\nload_balancing_policy:\n  policies:\n  - typed_extension_config:\n"
                         "      name: odd\n      typed_config:\n"
                         "        \"@type\": type.googleapis.com/xds.type.v3.TypedStruct\n"
                         "        type_url: example.com/example.Unheard\n");

    fl_update_create(engine, &update);
    fl_update_add(update, FL_RESOURCE_CLUSTER, &cluster);
    CHECK(fl_engine_apply(engine, update, NULL, &errors) == FL_ERROR_CONFIGURATION, "an unknown policy is refused");
    CHECK(has_error(errors, "unknown-extension", "load_balancing_policy"), "and its place told");
    fl_error_list_destroy(errors);
    fl_update_destroy(update);
}

static void removes_resources(fl_engine *engine, fl_worker *worker) {
    fl_update *update = NULL;
    uint32_t table = 99;
    uint64_t generation = 0;
    fl_statistics statistics;

    fl_update_create(engine, &update);
    CHECK(fl_update_remove(update, FL_RESOURCE_ROUTE_CONFIGURATION, fl_bytes_of("more")) == FL_OK, "a table can go");
    CHECK(fl_update_remove(update, FL_RESOURCE_CLUSTER, fl_bytes_of("pie")) == FL_OK, "a cluster can go");
    CHECK(fl_update_remove(update, FL_RESOURCE_ENDPOINTS, fl_bytes_of("pie")) == FL_OK, "endpoints can go");
    CHECK(fl_update_remove(update, FL_RESOURCE_LISTENER, fl_bytes_of("never")) == FL_OK, "what never was can go");
    CHECK(fl_engine_apply(engine, update, NULL, NULL) == FL_OK, "the removal is applied");
    CHECK(!pie_is_served(engine, worker), "what was removed is served no more");
    CHECK(fl_engine_route_table(engine, fl_bytes_of("more"), &table) == FL_OK && table != 99,
          "a route table's id outlives the table");
    fl_update_destroy(update);

    fl_update_create(engine, &update);
    CHECK(fl_update_remove_everything(update) == FL_OK, "everything can go");
    CHECK(fl_engine_apply(engine, update, &generation, NULL) == FL_OK, "and is gone");
    FL_INIT(&statistics);
    CHECK(fl_engine_statistics(engine, &statistics) == FL_OK && statistics.clusters == 0 &&
              statistics.route_tables == 0 &&
              statistics.generation == generation,
          "an engine can be emptied");
    fl_update_destroy(update);
}

static void adds_listeners_with_their_tables(fl_engine *engine) {
    fl_update *update = NULL;
    fl_document listener = document_of_text(FL_FORMAT_YAML, listener_yaml);
    uint32_t table = 99;

    fl_update_create(engine, &update);
    CHECK(fl_update_add(update, FL_RESOURCE_LISTENER, &listener) == FL_OK, "a listener is added");
    CHECK(fl_engine_apply(engine, update, NULL, NULL) == FL_OK, "and applied");
    CHECK(fl_engine_route_table(engine, fl_bytes_of("side"), &table) == FL_OK, "with the route table inside of it");
    fl_update_destroy(update);
}

static void knows_type_urls(void) {
    fl_resource resource = 0;
    CHECK(fl_resource_of_type_url(fl_bytes_of("type.googleapis.com/envoy.config.cluster.v3.Cluster"), &resource) ==
                  FL_OK &&
              resource == FL_RESOURCE_CLUSTER,
          "a type URL names its resource type");
    CHECK(fl_resource_of_type_url(fl_bytes_of("envoy.config.listener.v3.Listener"), &resource) == FL_OK &&
              resource == FL_RESOURCE_LISTENER,
          "so does the name of a message");
    CHECK(fl_resource_of_type_url(fl_bytes_of("envoy.config.route.v3.RouteConfiguration"), &resource) == FL_OK &&
              resource == FL_RESOURCE_ROUTE_CONFIGURATION,
          "route tables have one");
    CHECK(fl_resource_of_type_url(fl_bytes_of("x/envoy.config.endpoint.v3.ClusterLoadAssignment"), &resource) ==
                  FL_OK &&
              resource == FL_RESOURCE_ENDPOINTS,
          "and endpoints");
    CHECK(fl_resource_of_type_url(fl_bytes_of("envoy.config.route.v3.Route"), &resource) ==
              FL_ERROR_UNKNOWN_RESOURCE_TYPE,
          "other messages are no resources");
    CHECK(fl_resource_of_type_url(fl_bytes_missing(), &resource) == FL_ERROR_UNKNOWN_RESOURCE_TYPE, "nothing is none");
}

static void belongs_to_its_engine(fl_engine *engine) {
    fl_engine *other = NULL;
    fl_update *update = NULL;
    fl_document cluster = document_of_text(FL_FORMAT_YAML, cluster_yaml);

    fl_engine_create(NULL, &other);
    fl_update_create(other, &update);
    CHECK(fl_engine_apply(engine, update, NULL, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "another engine's update is refused");
    CHECK(fl_engine_check(engine, update, NULL) == FL_ERROR_INVALID_ARGUMENT, "and not even checked");
    CHECK(fl_update_add(update, 77, &cluster) == FL_ERROR_UNKNOWN_RESOURCE_TYPE,
          "unknown resource types are not added");
    CHECK(fl_update_remove(update, 0, fl_bytes_of("a")) == FL_ERROR_UNKNOWN_RESOURCE_TYPE, "nor removed");
    fl_engine_destroy(other);
    CHECK(fl_update_add(update, FL_RESOURCE_CLUSTER, &cluster) == FL_OK, "an update outlives the handle of its engine");
    fl_update_destroy(update);
}

void test_updates(void) {
    fl_engine *engine = make_shop();
    fl_worker *worker = make_worker(engine);
    changes_several_resources_at_once(engine, worker);
    refuses_faulty_updates(engine, worker);
    refuses_unknown_references(engine);
    removes_resources(engine, worker);
    adds_listeners_with_their_tables(engine);
    knows_type_urls();
    belongs_to_its_engine(engine);
    fl_worker_destroy(worker);
    fl_engine_destroy(engine);
}
