/* Fairlead: tests of prepared requests
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

static const char listener[] =
    "name: edge\n"
    "address: { socket_address: { address: 127.0.0.1, port_value: 10001 } }\n"
    "filter_chains:\n"
    "- filters:\n"
    "  - name: hcm\n"
    "    typed_config:\n"
    "      \"@type\": "
    "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager\n"
    "      stat_prefix: edge\n"
    "      rds: { route_config_name: main, config_source: { ads: {} } }\n"
    "      normalize_path: true\n"
    "      path_with_escaped_slashes_action: UNESCAPE_AND_REDIRECT\n"
    "      strip_any_host_port: true\n"
    "      use_remote_address: true\n"
    "      http_filters:\n"
    "      - name: router\n"
    "        typed_config: { \"@type\": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }\n";

static int has_header(const fl_request *request, const char *name, const char *value) {
    size_t index;
    for (index = 0; index < request->header_count; index++) {
        if (is_text(request->headers[index].name, name)) return is_text(request->headers[index].value, value);
    }
    return value == NULL;
}

static void prepares_as_the_listener_says(fl_engine *engine, fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_preparer *preparer = NULL;
    fl_preparation prepared;
    fl_request request = request_to("/x/../cart/1?x=y");
    fl_header arrived[2];
    fl_header headers[8];
    fl_route route;
    char buffer[512];

    FL_INIT(&prepared);
    FL_INIT(&route);
    CHECK(fl_preparer_create(engine, fl_bytes_of("nowhere"), &preparer) == FL_ERROR_NOT_FOUND,
          "a preparer needs a listener that there is");
    CHECK(fl_preparer_create(engine, fl_bytes_of("edge"), &preparer) == FL_OK, "a listener has a preparer");
    arrived[0].name = fl_bytes_of("Connection");
    arrived[0].value = fl_bytes_of("close");
    arrived[1].name = fl_bytes_of("x-envoy-retry-on");
    arrived[1].value = fl_bytes_of("5xx");
    request.scheme = fl_bytes_missing();
    request.authority = fl_bytes_of("shop.example:8080");
    request.source = fl_bytes_of("10.0.0.7:4711");
    request.headers = arrived;
    request.header_count = 2;
    request.flags = FL_REQUEST_ENCRYPTED | FL_REQUEST_HAS_RANDOM;
    CHECK(fl_request_prepare(preparer, &request, buffer, sizeof buffer, headers, 8, &prepared) == FL_OK &&
              prepared.status == 0 && prepared.flags == 0,
          "a request is prepared");
    CHECK(is_text(prepared.request.path, "/cart/1?x=y") && is_text(prepared.request.authority, "shop.example") &&
              is_text(prepared.request.scheme, "https") && is_text(prepared.request.source, "10.0.0.7:4711"),
          "path, host and scheme are brought into their normal forms");
    CHECK(has_header(&prepared.request, "connection", NULL) && has_header(&prepared.request, "x-envoy-retry-on", NULL) &&
              has_header(&prepared.request, "x-forwarded-proto", "https") &&
              has_header(&prepared.request, "x-forwarded-for", "10.0.0.7") && prepared.request.header_count == 3,
          "headers end here, and begin here");
    CHECK(prepared.request.flags == (FL_REQUEST_ENCRYPTED | FL_REQUEST_HAS_RANDOM) &&
              prepared.request.struct_size == sizeof request,
          "flags and size stay");
    fl_exchange_begin(&exchange, worker, 0, &prepared.request);
    fl_exchange_route(&exchange, &route);
    CHECK(is_text(route.name, "cart"), "a prepared request is routed");
    fl_exchange_end(&exchange);

    CHECK(fl_request_prepare(preparer, &request, buffer, 3, headers, 8, &prepared) == FL_ERROR_BUFFER_TOO_SMALL &&
              prepared.buffer_size > 3 && prepared.buffer_size <= sizeof buffer && prepared.header_count >= 3,
          "a buffer that is too small is told what suffices");
    CHECK(fl_request_prepare(preparer, &request, buffer, sizeof buffer, NULL, 0, &prepared) ==
              FL_ERROR_BUFFER_TOO_SMALL,
          "so is an array");

    request.path = fl_bytes_of("/a%2fb?c");
    fl_request_prepare(preparer, &request, buffer, sizeof buffer, headers, 8, &prepared);
    CHECK(prepared.status == 307 && is_text(prepared.location, "/a/b?c") &&
              is_text(prepared.details, "path_normalization_failed"),
          "a client is sent to the unescaped path");
    fl_preparer_destroy(preparer);
}

static void prepares_by_default(fl_engine *engine) {
    fl_preparer *preparer = NULL;
    fl_preparation prepared;
    fl_request request = request_to("/a/../b");
    fl_header arrived[3];
    fl_header headers[8];
    char buffer[512];

    FL_INIT(&prepared);
    CHECK(fl_preparer_create(engine, fl_bytes_missing(), &preparer) == FL_OK, "there is a preparer of no listener");
    arrived[0].name = fl_bytes_of("content-type");
    arrived[0].value = fl_bytes_of("application/grpc");
    arrived[1].name = fl_bytes_of("Connection");
    arrived[1].value = fl_bytes_of("upgrade");
    arrived[2].name = fl_bytes_of("Upgrade");
    arrived[2].value = fl_bytes_of("websocket");
    request.headers = arrived;
    request.header_count = 3;
    fl_request_prepare(preparer, &request, buffer, sizeof buffer, headers, 8, &prepared);
    CHECK(prepared.status == 0 && is_text(prepared.request.path, "/a/../b") &&
              prepared.flags == (FL_PREPARED_GRPC | FL_PREPARED_UPGRADE),
          "by default a path stays, and gRPC and upgrades are told");
    request.path = fl_bytes_of("/a#b");
    CHECK(fl_request_prepare(NULL, &request, buffer, sizeof buffer, headers, 8, &prepared) == FL_OK &&
              prepared.status == 400 && prepared.location.data == NULL,
          "a fragment is refused");
    CHECK(fl_request_prepare(NULL, NULL, buffer, sizeof buffer, headers, 8, &prepared) == FL_ERROR_INVALID_ARGUMENT &&
              fl_request_prepare(NULL, &request, NULL, 1, headers, 8, &prepared) == FL_ERROR_INVALID_ARGUMENT &&
              fl_request_prepare(NULL, &request, buffer, sizeof buffer, NULL, 8, &prepared) ==
                  FL_ERROR_INVALID_ARGUMENT &&
              fl_request_prepare(NULL, &request, buffer, sizeof buffer, headers, 8, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "what is missing is told");
    prepared.struct_size = 0;
    CHECK(fl_request_prepare(NULL, &request, buffer, sizeof buffer, headers, 8, &prepared) == FL_ERROR_STRUCT_SIZE,
          "a result needs its size");
    CHECK(fl_preparer_create(engine, fl_bytes_missing(), NULL) == FL_ERROR_INVALID_ARGUMENT &&
              fl_preparer_create(NULL, fl_bytes_missing(), &preparer) == FL_ERROR_INVALID_ARGUMENT,
          "a preparer needs an engine and somewhere to go");
    fl_preparer_destroy(preparer);
    fl_preparer_destroy(NULL);
}

static void answers_grpc(void) {
    char buffer[16];
    size_t length = 0;

    CHECK(fl_grpc_status(503) == 14 && fl_grpc_status(404) == 12 && fl_grpc_status(200) == 2 &&
              fl_grpc_status(UINT32_MAX) == 2,
          "HTTP statuses have gRPC statuses");
    CHECK(fl_grpc_copy_message(fl_bytes_of("a%\n"), buffer, sizeof buffer, &length) == FL_OK && length == 7 &&
              memcmp(buffer, "a%25%0A", 7) == 0,
          "messages are escaped");
    CHECK(fl_grpc_copy_message(fl_bytes_of("a%\n"), buffer, 2, &length) == FL_ERROR_BUFFER_TOO_SMALL && length == 7 &&
              fl_grpc_copy_message(fl_bytes_of("a"), buffer, 2, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "and need room");
}

void test_preparations(void) {
    fl_engine *engine = make_shop();
    fl_worker *worker = make_worker(engine);
    fl_update *update = NULL;
    fl_document document = document_of_text(FL_FORMAT_YAML, listener);

    fl_update_create(engine, &update);
    fl_update_add(update, FL_RESOURCE_LISTENER, &document);
    CHECK(fl_engine_apply(engine, update, NULL, NULL) == FL_OK, "a listener can be added");
    fl_update_destroy(update);
    prepares_as_the_listener_says(engine, worker);
    prepares_by_default(engine);
    answers_grpc();
    fl_worker_destroy(worker);
    fl_engine_destroy(engine);
}
