/* Fairlead: tests of loading, and of error lists
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

#include <stdio.h>

static void loads_in_each_notation(void) {
    static const char json[] = "{\"static_resources\":{\"clusters\":[{\"name\":\"a\",\"type\":\"STATIC\"}]}}";
    static const char yaml[] = "static_resources:\n  clusters:\n  - name: a\n    type: STATIC\n";
    /* Bootstrap { static_resources (2) { clusters (2) { name (1): "a" } } } */
    static const char protobuf[] = "\x12\x05\x12\x03\x0a\x01" "a";
    fl_engine *engine = NULL;
    fl_document document;
    uint64_t first = 0;
    uint64_t second = 0;

    CHECK(fl_engine_create(NULL, &engine) == FL_OK, "an engine needs no options");
    document = document_of_text(FL_FORMAT_YAML, yaml);
    CHECK(fl_engine_load(engine, &document, &first, NULL) == FL_OK, "YAML is loaded");
    document = document_of_text(FL_FORMAT_JSON, json);
    CHECK(fl_engine_load(engine, &document, &second, NULL) == FL_OK && second == first,
          "the same configuration as JSON changes nothing");
    FL_INIT(&document);
    document.format = FL_FORMAT_PROTOBUF;
    document.content = fl_bytes_make(protobuf, sizeof protobuf - 1);
    CHECK(fl_engine_load(engine, &document, &second, NULL) == FL_OK && second == first,
          "the same configuration as protobuf changes nothing");
    document.format = FL_FORMAT_AUTO;
    CHECK(fl_engine_load(engine, &document, &second, NULL) == FL_OK, "protobuf is told from text");
    document = document_of_text(FL_FORMAT_AUTO, json);
    CHECK(fl_engine_load(engine, &document, NULL, NULL) == FL_OK, "JSON is told from YAML");
    document = document_of_text(FL_FORMAT_AUTO, yaml);
    document.file = fl_bytes_of("a.json");
    CHECK(fl_engine_load(engine, &document, NULL, NULL) == FL_ERROR_CONFIGURATION, "the file's name decides first");
    document = document_of_text(FL_FORMAT_JSON, yaml);
    CHECK(fl_engine_load(engine, &document, NULL, NULL) == FL_ERROR_CONFIGURATION, "YAML is no JSON");
    fl_engine_destroy(engine);
}

static void tells_all_errors(void) {
    fl_engine *engine = make_shop();
    fl_document document = document_of_file("faulty.yaml");
    fl_error_list *errors = NULL;
    fl_error error;
    size_t index;
    uint64_t generation = 7;
    uint32_t table = 0;
    int terminated = 1;
    int placed = 0;

    CHECK(fl_engine_load(engine, &document, &generation, &errors) == FL_ERROR_CONFIGURATION,
          "a faulty file is refused");
    CHECK(generation == 7, "a refused file has no generation");
    CHECK(fl_error_list_count(errors) >= 3, "all errors are told, not only the first");
    CHECK(has_error(errors, "unknown-field", "static_resources.clusters[0]"), "an unknown field is told with its path");
    for (index = 0; index < fl_error_list_count(errors); index++) {
        FL_INIT(&error);
        if (fl_error_list_get(errors, index, &error) != FL_OK) terminated = 0;
        if (strlen(error.code.data) != error.code.size || strlen(error.path.data) != error.path.size ||
            strlen(error.message.data) != error.message.size || strlen(error.text.data) != error.text.size) {
            terminated = 0;
        }
        if (is_text(error.path, "static_resources.clusters[0].connect_timeout")) {
            placed = error.line == 7 && error.column == 22 && error.severity == FL_SEVERITY_ERROR &&
                     is_text(error.file, "faulty.yaml") &&
                     strncmp(error.text.data, "faulty.yaml:7:22: error: ", strlen("faulty.yaml:7:22: error: ")) == 0;
        }
    }
    CHECK(terminated, "the texts of errors end with a NUL");
    CHECK(placed, "an error has file, line and column");
    FL_INIT(&error);
    CHECK(fl_error_list_get(errors, fl_error_list_count(errors), &error) == FL_ERROR_NOT_FOUND,
          "behind the last error there is none");
    CHECK(fl_error_list_get(errors, SIZE_MAX, &error) == FL_ERROR_NOT_FOUND, "far behind neither");
    error.struct_size = 8;
    CHECK(fl_error_list_get(errors, 0, &error) == FL_ERROR_STRUCT_SIZE, "an error without its size is refused");
    fl_error_list_destroy(errors);

    CHECK(fl_engine_load(engine, &document, NULL, NULL) == FL_ERROR_CONFIGURATION, "nobody has to take the errors");
    CHECK(fl_engine_route_table(engine, fl_bytes_of("main"), &table) == FL_OK && table == 0,
          "what was served before still is");
    fl_engine_destroy(engine);
}

static void tells_errors_of_the_engine(void) {
    static const char pattern[] =
        "static_resources:\n"
        "  listeners:\n"
        "  - name: a\n"
        "    address: { socket_address: { address: 127.0.0.1, port_value: 1 } }\n"
        "    filter_chains:\n"
        "    - filters:\n"
        "      - name: envoy.filters.network.http_connection_manager\n"
        "        typed_config:\n"
        "          \"@type\": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3."
        "HttpConnectionManager\n"
        "          stat_prefix: a\n"
        "          http_filters:\n"
        "          - name: router\n"
        "            typed_config:\n"
        "              \"@type\": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router\n"
        "          route_config:\n"
        "            name: main\n"
        "            virtual_hosts:\n"
        "            - name: all\n"
        "              domains: [\"*\"]\n"
        "              routes:\n"
        "              - match: { safe_regex: { regex: \"/(\" } }\n"
        "                direct_response: { status: 200 }\n";
    char both[4096];
    fl_engine *engine = NULL;
    fl_document document = document_of_text(FL_FORMAT_YAML, pattern);
    fl_error_list *errors = NULL;
    fl_error error;

    CHECK(fl_engine_create(NULL, &engine) == FL_OK, "an engine for patterns is made");
    CHECK(fl_engine_load(engine, &document, NULL, &errors) == FL_ERROR_CONFIGURATION, "a broken pattern is refused");
    CHECK(has_error(errors, "invalid-pattern",
                    "static_resources.listeners[0].filter_chains[0].filters[0].typed_config"),
          "the engine's errors have the paths of the document");
    FL_INIT(&error);
    CHECK(fl_error_list_get(errors, 0, &error) == FL_OK && error.line == 21, "and its lines");
    CHECK(error.file.data == NULL && error.file.size == 0, "without a file's name none is told");
    CHECK(fl_error_list_count(errors) == 1, "nothing is told twice");
    fl_error_list_destroy(errors);

    snprintf(both, sizeof both, "%s  clusters:\n  - name: one\n    connect_timeout: soon\n", pattern);
    document = document_of_text(FL_FORMAT_YAML, both);
    errors = NULL;
    CHECK(fl_engine_load(engine, &document, NULL, &errors) == FL_ERROR_CONFIGURATION, "two steps may find faults");
    CHECK(has_error(errors, "invalid-pattern", "static_resources.listeners[0]") &&
              has_error(errors, "invalid-value", "static_resources.clusters[0].connect_timeout"),
          "those of both are told");
    CHECK(fl_error_list_count(errors) == 2, "and nothing that follows from them");
    fl_error_list_destroy(errors);
    fl_engine_destroy(engine);
}

static void is_strict_when_asked(void) {
    static const char yaml[] = "static_resources:\n  clusters:\n  - name: a\n    type: STATIC\n    surprise: 1\n";
    fl_engine *engine = NULL;
    fl_document document = document_of_text(FL_FORMAT_YAML, yaml);
    fl_error_list *errors = NULL;
    fl_error error;

    fl_engine_create(NULL, &engine);
    CHECK(fl_engine_load(engine, &document, NULL, &errors) == FL_OK, "an unknown field is no error");
    FL_INIT(&error);
    CHECK(fl_error_list_count(errors) == 1 && fl_error_list_get(errors, 0, &error) == FL_OK &&
              error.severity == FL_SEVERITY_WARNING,
          "but a warning, told on success");
    fl_error_list_destroy(errors);
    document.flags = FL_DOCUMENT_STRICT;
    CHECK(fl_engine_load(engine, &document, NULL, NULL) == FL_ERROR_CONFIGURATION, "it is one when asked to be strict");
    document.content = fl_bytes_of("static_resources: {}");
    errors = NULL;
    CHECK(fl_engine_load(engine, &document, NULL, &errors) == FL_OK && errors == NULL,
          "there is no list when there is nothing to tell");
    fl_engine_destroy(engine);
}

static void takes_options(void) {
    fl_engine_options options;
    fl_engine *engine = NULL;
    fl_worker *first = NULL;
    fl_worker *second = NULL;

    fl_engine_options_init(&options);
    options.maximum_workers = 1;
    options.seed = 42;
    options.region = fl_bytes_of("eu");
    options.zone = fl_bytes_of("eu-1");
    CHECK(fl_engine_create(&options, &engine) == FL_OK, "options are taken");
    CHECK(fl_worker_create(engine, &first) == FL_OK, "as many workers as allowed are made");
    CHECK(fl_worker_create(engine, &second) == FL_ERROR_TOO_MANY_WORKERS && second == NULL, "and not one more");
    CHECK(fl_worker_destroy(first) == FL_OK && fl_worker_create(engine, &second) == FL_OK, "one that goes makes room");
    fl_worker_destroy(second);
    fl_engine_destroy(engine);

    engine = NULL;
    options.abi_version = FL_ABI_VERSION + 1;
    CHECK(fl_engine_create(&options, &engine) == FL_ERROR_ABI_VERSION && engine == NULL,
          "a program for another library is refused");
    options.abi_version = 0;
    options.maximum_workers = 4097;
    CHECK(fl_engine_create(&options, &engine) == FL_ERROR_INVALID_ARGUMENT, "too many workers are refused");
    options.struct_size = 4;
    CHECK(fl_engine_create(&options, &engine) == FL_ERROR_STRUCT_SIZE, "options without their size are refused");
}

static void limits_sizes(void) {
    fl_engine_options options;
    fl_engine *engine = NULL;
    fl_error_list *errors = NULL;
    fl_document document = document_of_file("shop.yaml");

    fl_engine_options_init(&options);
    options.maximum_endpoints_per_cluster = 2;
    options.maximum_routes_per_virtual_host = 1;
    fl_engine_create(&options, &engine);
    CHECK(fl_engine_load(engine, &document, NULL, &errors) == FL_ERROR_CONFIGURATION, "too many endpoints are refused");
    CHECK(has_error(errors, "limit-exceeded", "static_resources.clusters[0]"), "the cluster is named");
    CHECK(has_error(errors, "limit-exceeded", "static_resources.listeners[0]"), "and so is the virtual host");
    fl_error_list_destroy(errors);
    fl_engine_destroy(engine);
}

void test_configurations(void) {
    loads_in_each_notation();
    tells_all_errors();
    tells_errors_of_the_engine();
    is_strict_when_asked();
    takes_options();
    limits_sizes();
}
