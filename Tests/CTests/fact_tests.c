/* Fairlead: tests of what hosts know of requests, and of runtime values
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

static const char table_yaml[] =
    "name: facts\n"
    "virtual_hosts:\n"
    "- name: v\n"
    "  domains: [\"*\"]\n"
    "  routes:\n"
    "  - name: gold\n"
    "    match:\n"
    "      prefix: /\n"
    "      dynamic_metadata:\n"
    "      - { filter: auth, path: [{ key: user }, { key: tier }], value: { string_match: { exact: gold } } }\n"
    "    direct_response: { status: 200 }\n"
    "  - name: listed\n"
    "    match:\n"
    "      prefix: /\n"
    "      dynamic_metadata:\n"
    "      - { filter: auth, path: [{ key: groups }], value: { list_match: { one_of: { double_match: { exact: 7 } } } } }\n"
    "    direct_response: { status: 200 }\n"
    "  - name: inside\n"
    "    match: { prefix: /, filter_state: [{ key: ip, address_match: { ranges: [{ address_prefix: 10.0.0.0, prefix_len: 8 }] } }] }\n"
    "    direct_response: { status: 200 }\n"
    "  - name: some\n"
    "    match: { prefix: /, runtime_fraction: { default_value: { numerator: 0 }, runtime_key: share } }\n"
    "    direct_response: { status: 200 }\n"
    "  - name: rest\n"
    "    match: { prefix: / }\n"
    "    direct_response: { status: 200 }\n";

static int goes_to(fl_worker *worker, uint32_t table, const fl_request *request, const char *name) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_route route;
    int is_so;
    FL_INIT(&route);
    fl_worker_refresh(worker);
    is_so = fl_exchange_begin(&exchange, worker, table, request) == FL_OK &&
            fl_exchange_route(&exchange, &route) == FL_OK && is_text(route.name, name);
    fl_exchange_end(&exchange);
    return is_so;
}

static void facts_are_matched(fl_worker *worker, uint32_t table) {
    fl_request request = request_to("/");
    fl_bytes tier[2];
    fl_bytes groups[1];
    fl_value numbers[2];
    fl_fact facts[2];

    tier[0] = fl_bytes_of("user");
    tier[1] = fl_bytes_of("tier");
    groups[0] = fl_bytes_of("groups");
    CHECK(goes_to(worker, table, &request, "rest"), "a request without facts has none");
    facts[0] = fl_fact_metadata(fl_bytes_of("auth"), tier, 2, fl_value_text(fl_bytes_of("gold")));
    request.facts = facts;
    request.fact_count = 1;
    CHECK(goes_to(worker, table, &request, "gold"), "dynamic metadata is matched");
    facts[0].value = fl_value_bool(1);
    CHECK(goes_to(worker, table, &request, "rest"), "by the kind of its values");
    numbers[0] = fl_value_null();
    numbers[1] = fl_value_number(7);
    facts[0] = fl_fact_metadata(fl_bytes_of("auth"), groups, 1, fl_value_list(numbers, 2));
    CHECK(goes_to(worker, table, &request, "listed"), "and by the values of lists");
    facts[1] = fl_fact_filter_state(fl_bytes_of("ip"), fl_value_address(fl_bytes_of("10.1.2.3")));
    request.facts = facts + 1;
    CHECK(goes_to(worker, table, &request, "inside"), "addresses of filter state are matched");
    facts[1].value = fl_value_text(fl_bytes_of("10.1.2.3"));
    CHECK(goes_to(worker, table, &request, "rest"), "a text is no address");
    facts[1].value.kind = 99;
    facts[1].source = 99;
    CHECK(goes_to(worker, table, &request, "rest"), "kinds and sources that are unknown are nothing");
    request.facts = NULL;
    request.fact_count = 5;
    CHECK(goes_to(worker, table, &request, "rest"), "facts that are not there are none");
    request.facts = facts;
    request.fact_count = 1;
    facts[0] = fl_fact_metadata(fl_bytes_of("auth"), tier, 2, fl_value_text(fl_bytes_of("gold")));
    request.struct_size = 128;
    CHECK(goes_to(worker, table, &request, "rest"), "a program that knows no facts has none");
    request.struct_size = 127;
    CHECK(!goes_to(worker, table, &request, "rest"), "a request of no version is refused");
}

static void runtime_values_are_given(fl_engine *engine, fl_worker *worker, uint32_t table) {
    fl_update *update = NULL;
    fl_resource resource = 0;
    fl_request request = request_to("/");
    fl_document layer = document_of_text(FL_FORMAT_YAML, "{ name: host, layer: { share: 100 } }");

    CHECK(fl_resource_of_type_url(fl_bytes_of("type.googleapis.com/envoy.service.runtime.v3.Runtime"), &resource) ==
                  FL_OK &&
              resource == FL_RESOURCE_RUNTIME,
          "layers of runtime values are resources");
    fl_update_create(engine, &update);
    CHECK(fl_update_add(update, FL_RESOURCE_RUNTIME, &layer) == FL_OK &&
              fl_engine_apply(engine, update, NULL, NULL) == FL_OK,
          "a layer is applied");
    fl_update_destroy(update);
    CHECK(goes_to(worker, table, &request, "some"), "its values replace what the configuration says");
    fl_update_create(engine, &update);
    fl_update_remove(update, FL_RESOURCE_RUNTIME, fl_bytes_of("host"));
    CHECK(fl_engine_apply(engine, update, NULL, NULL) == FL_OK && goes_to(worker, table, &request, "rest"),
          "until it is removed");
    fl_update_destroy(update);
}

void test_facts(void) {
    fl_engine *engine = NULL;
    fl_worker *worker;
    fl_update *update = NULL;
    uint32_t table = 0;
    fl_document routes = document_of_text(FL_FORMAT_YAML, table_yaml);

    fl_engine_create(NULL, &engine);
    fl_update_create(engine, &update);
    CHECK(fl_update_add(update, FL_RESOURCE_ROUTE_CONFIGURATION, &routes) == FL_OK &&
              fl_engine_apply(engine, update, NULL, NULL) == FL_OK,
          "a table that asks for facts is taken");
    fl_update_destroy(update);
    fl_engine_route_table(engine, fl_bytes_of("facts"), &table);
    worker = make_worker(engine);
    facts_are_matched(worker, table);
    runtime_values_are_given(engine, worker, table);
    fl_worker_destroy(worker);
    fl_engine_destroy(engine);
}
