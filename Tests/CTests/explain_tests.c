/* Fairlead: tests of explanations
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

#include <stdio.h>

static void explains_in_text(fl_worker *worker) {
    char text[4096];
    size_t length = 0;
    size_t again = 0;
    fl_request request = request_to("/cart/1?x=y");
    CHECK(fl_worker_explain(worker, 0, &request, NULL, text, sizeof text - 1, &length) == FL_OK,
          "a request is explained");
    text[length < sizeof text ? length : 0] = 0;
    CHECK(strstr(text, "virtual host  shop") != NULL, "the explanation names the virtual host");
    CHECK(strstr(text, "route         #0 cart (prefix \"/cart\")") != NULL, "and the route");
    CHECK(strstr(text, "endpoint      ") != NULL, "and the endpoint");
    CHECK(fl_worker_explain(worker, 0, &request, NULL, NULL, 0, &again) == FL_ERROR_BUFFER_TOO_SMALL && again == length,
          "without a buffer it tells how long it is");
    CHECK(fl_worker_explain(worker, 0, &request, NULL, text, length, &again) == FL_OK && again == length,
          "a buffer of just that size is enough");
    CHECK(fl_worker_open(worker) == 0, "and nothing is left open");
}

static void explains_in_json(fl_worker *worker) {
    char text[4096];
    size_t length = 0;
    fl_request request = request_to("/nowhere");
    fl_explain_options options;
    FL_INIT(&options);
    options.format = FL_EXPLAIN_JSON;
    options.maximum_routes = 1;
    request.authority = fl_bytes_of("unknown.example.org");
    CHECK(fl_worker_explain(worker, 0, &request, &options, text, sizeof text - 1, &length) == FL_OK,
          "a request is explained in JSON");
    text[length < sizeof text ? length : 0] = 0;
    CHECK(text[0] == '{' && strstr(text, "\"agrees_with_index\":true}") != NULL, "as one object");
    request.authority = fl_bytes_make(NULL, 0);
    CHECK(fl_worker_explain(worker, 0, &request, &options, text, sizeof text - 1, &length) == FL_OK,
          "so is one without an authority");
    text[length < sizeof text ? length : 0] = 0;
    CHECK(strstr(text, "\"bad_request\"") != NULL, "which is a bad one");
}

static void refuses_nonsense(fl_worker *worker) {
    char text[16];
    size_t length = 7;
    fl_request request = request_to("/");
    fl_explain_options options;
    FL_INIT(&options);
    CHECK(fl_worker_explain(NULL, 0, &request, NULL, text, sizeof text, &length) == FL_ERROR_INVALID_ARGUMENT,
          "explaining needs a worker");
    CHECK(fl_worker_explain(worker, 0, NULL, NULL, text, sizeof text, &length) == FL_ERROR_INVALID_ARGUMENT,
          "and a request");
    CHECK(fl_worker_explain(worker, 0, &request, NULL, text, sizeof text, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "and a place for the length");
    CHECK(fl_worker_explain(worker, 0, &request, NULL, NULL, 1, &length) == FL_ERROR_INVALID_ARGUMENT,
          "and a buffer where there is a capacity");
    options.format = 99;
    CHECK(fl_worker_explain(worker, 0, &request, &options, text, sizeof text, &length) == FL_ERROR_INVALID_ARGUMENT,
          "and a format that it knows");
    options.struct_size = 0;
    CHECK(fl_worker_explain(worker, 0, &request, &options, text, sizeof text, &length) == FL_ERROR_STRUCT_SIZE,
          "and sized options");
    request.struct_size = 0;
    CHECK(fl_worker_explain(worker, 0, &request, NULL, text, sizeof text, &length) == FL_ERROR_STRUCT_SIZE,
          "and a sized request");
    CHECK(length == 7, "or it leaves the length alone");
}

void test_explanations(void) {
    fl_engine *engine = make_shop();
    fl_worker *worker = make_worker(engine);
    explains_in_text(worker);
    explains_in_json(worker);
    refuses_nonsense(worker);
    fl_worker_destroy(worker);
    fl_engine_destroy(engine);
}
