/* Fairlead: tests of plugins in shared objects
 * SPDX-License-Identifier: Apache-2.0
 *
 * FL_TEST_PLUGINS names the folder where they lie: Examples/plugin as idlest.so, and plugins/faulty.c once for each of
 * its faults.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

/* What was said against the plugin that was loaded last. */
static char reason[512];

/* Loads the plugin `name` of the tests' folder. */
static fl_status load(fl_engine *engine, const char *name) {
    const char *folder = getenv("FL_TEST_PLUGINS");
    char path[1024];
    fl_error_list *errors = NULL;
    fl_error error;
    fl_status status;
    snprintf(path, sizeof path, "%s/%s.so", folder == NULL ? "." : folder, name);
    status = fl_engine_load_plugin(engine, fl_bytes_of(path), &errors);
    reason[0] = 0;
    FL_INIT(&error);
    if (fl_error_list_get(errors, 0, &error) == FL_OK && is_text(error.file, path) &&
        is_text(error.code, "invalid-plugin")) {
        snprintf(reason, sizeof reason, "%.*s", (int)error.message.size, error.message.data);
    }
    fl_error_list_destroy(errors);
    return status;
}

/* Applies a cluster of two hosts, the second of twice the weight, that balances with `policy`. */
static fl_status balance(fl_engine *engine, const char *policy, const char *value, fl_error_list **out_errors) {
    static const char text[] =
        "name: c\n"
        "type: STATIC\n"
        "load_balancing_policy:\n"
        "  policies:\n"
        "  - typed_extension_config:\n"
        "      name: p\n"
        "      typed_config:\n"
        "        \"@type\": type.googleapis.com/xds.type.v3.TypedStruct\n"
        "        type_url: type.googleapis.com/%s\n"
        "        value: %s\n"
        "load_assignment:\n"
        "  cluster_name: c\n"
        "  endpoints:\n"
        "  - lb_endpoints:\n"
        "    - { endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } } }\n"
        "    - { endpoint: { address: { socket_address: { address: 10.0.0.2, port_value: 80 } } },"
        " load_balancing_weight: 2 }\n";
    char yaml[2048];
    fl_document document;
    fl_update *update = NULL;
    fl_status status;
    snprintf(yaml, sizeof yaml, text, policy, value);
    document = document_of_text(FL_FORMAT_YAML, yaml);
    fl_update_create(engine, &update);
    fl_update_add(update, FL_RESOURCE_CLUSTER, &document);
    status = fl_engine_apply(engine, update, NULL, out_errors);
    fl_update_destroy(update);
    return status;
}

static void serves(void) {
    fl_exchange exchanges[9];
    fl_attempt attempts[9];
    fl_endpoint endpoint;
    fl_engine *engine = NULL;
    fl_worker *worker = NULL;
    fl_error_list *errors = NULL;
    fl_pick pick = FL_PICK_NO_ENDPOINT;
    int heavier = 0;
    int turn;
    fl_engine_create(NULL, &engine);
    CHECK(load(engine, "idlest") == FL_OK && reason[0] == 0, "the example is a plugin");
    CHECK(balance(engine, "example.Idlest", "{ samples: 65 }", &errors) == FL_ERROR_CONFIGURATION &&
              has_error(errors, "invalid-value", "load_balancing_policy"),
          "its policy judges its parameters");
    fl_error_list_destroy(errors);
    CHECK(balance(engine, "example.Idlest", "{ samples: 2 }", NULL) == FL_OK, "and is found by its name");
    worker = make_worker(engine);
    FL_INIT(&endpoint);
    memset(exchanges, 0, sizeof exchanges);
    memset(attempts, 0, sizeof attempts);
    for (turn = 0; turn < 9; turn++) {
        fl_exchange_begin_cluster(&exchanges[turn], worker, fl_bytes_of("c"), NULL);
        fl_exchange_pick(&exchanges[turn], &attempts[turn], &pick);
        if (fl_attempt_endpoint(&attempts[turn], &endpoint) == FL_OK && is_text(endpoint.host, "10.0.0.2")) heavier++;
    }
    CHECK(heavier == 6, "it keeps open requests in proportion to weights");
    for (turn = 0; turn < 9; turn++) fl_exchange_end(&exchanges[turn]);
    CHECK(load(engine, "idlest") == FL_ERROR_PLUGIN && strstr(reason, "'example.Idlest'") != NULL,
          "a policy that is there is not replaced");
    fl_worker_destroy(worker);
    fl_engine_destroy(engine);
}

static void is_contained(void) {
    static const struct {
        const char *name;
        const char *reason;
    } faults[] = {
        {"not-there", "not-there.so"},
        {"no-entry", "no function fl_plugin_entry"},
        {"null-answer", "answered NULL"},
        {"no-size", "struct_size"},
        {"other-version", "version 2"},
        {"null-policy", "policy 1 is NULL"},
        {"no-pick", "policy 1 is refused"},
        {"same-names", "'example.First'"},
    };
    fl_engine *engine = NULL;
    fl_worker *worker = NULL;
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_statistics statistics;
    fl_pick pick = FL_PICK_ENDPOINT;
    size_t index;
    fl_engine_create(NULL, &engine);
    for (index = 0; index < sizeof faults / sizeof faults[0]; index++) {
        CHECK(load(engine, faults[index].name) == FL_ERROR_PLUGIN && strstr(reason, faults[index].reason) != NULL,
              faults[index].name);
    }
    CHECK(balance(engine, "example.First", "{}", NULL) == FL_ERROR_CONFIGURATION,
          "of a plugin that is refused nothing is taken");
    CHECK(load(engine, "wrong-index") == FL_OK, "what a policy picks is seen when it picks");
    balance(engine, "example.First", "{}", NULL);
    worker = make_worker(engine);
    fl_exchange_begin_cluster(&exchange, worker, fl_bytes_of("c"), NULL);
    CHECK(fl_exchange_pick(&exchange, &attempt, &pick) == FL_OK && pick == FL_PICK_NO_ENDPOINT,
          "an index that is none is no endpoint");
    fl_exchange_end(&exchange);
    FL_INIT(&statistics);
    fl_engine_statistics(engine, &statistics);
    CHECK(statistics.policy_faults == 1, "and counted");
    fl_worker_destroy(worker);
    CHECK(fl_engine_load_plugin(NULL, fl_bytes_of("x"), NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_load_plugin(engine, fl_bytes_missing(), NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_engine_load_plugin(engine, fl_bytes_of("/"), NULL) == FL_ERROR_PLUGIN,
          "engine and path are needed, the error list is not");
    fl_engine_destroy(engine);
}

void test_plugins(void) {
    serves();
    is_contained();
}
