/* Fairlead: tests of what routes say, and of composed results
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

static void tells_all_of_a_route(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_request request = request_to("/cart/1?x=y");
    fl_route route;

    FL_INIT(&route);
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_route(&exchange, &route) == FL_OK && route.disposition == FL_DISPOSITION_FORWARD,
          "a route tells how it goes on");
    CHECK(is_text(route.table, "main") && is_text(route.virtual_host, "shop") && is_text(route.name, "cart") &&
              is_text(route.cluster, "shop"),
          "the names are told");
    CHECK(route.timeout_ns == UINT64_C(15000000000) && route.idle_timeout_ns == UINT64_C(60000000000) &&
              route.per_try_timeout_ns == UINT64_C(2000000000),
          "the timeouts are told");
    CHECK(route.flags == (FL_ROUTE_HOST_FROM_ENDPOINT | FL_ROUTE_APPENDS_FORWARDED_HOST |
                          FL_ROUTE_REQUEST_ATTEMPT_COUNT | FL_ROUTE_RESPONSE_ATTEMPT_COUNT | FL_ROUTE_HAS_RETRY_POLICY),
          "the flags are told");
    CHECK(route.status == 0 && route.cluster_not_found_status == 503 && route.priority == 0 && route.body.data == NULL,
          "a route that forwards has no answer of its own");
    CHECK(route.struct_size == sizeof route, "the size stays as the caller set it");
    fl_exchange_end(&exchange);

    request.path = fl_bytes_of("/sticky");
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_route(&exchange, &route);
    CHECK(route.idle_timeout_ns == FL_TIMEOUT_UNSET, "an idle timeout may be left to the listener");
    fl_exchange_end(&exchange);

    request.path = fl_bytes_of("/nowhere");
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_route(&exchange, &route);
    CHECK(route.cluster_not_found_status == 404 && route.cluster.data == NULL, "a missing cluster has a status");
    fl_exchange_end(&exchange);

    request.path = fl_bytes_of("/none");
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_route(&exchange, &route);
    CHECK(route.status == 404 && route.name.data == NULL && is_text(route.virtual_host, "shop"),
          "without a route the answer is 404");
    fl_exchange_end(&exchange);
}

static void answers_by_itself(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_request request = request_to("/teapot");
    fl_route route;
    char buffer[64];
    size_t length = 0;

    FL_INIT(&route);
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_route(&exchange, &route);
    CHECK(route.disposition == FL_DISPOSITION_DIRECT_RESPONSE && route.status == 418 &&
              is_text(route.body, "I am a teapot"),
          "a direct response has status and body");
    CHECK(fl_exchange_copy_location(&exchange, &request, buffer, sizeof buffer, &length) == FL_OK && length == 0,
          "and no Location");
    fl_exchange_end(&exchange);

    request.path = fl_bytes_of("/old?a=b");
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_route(&exchange, &route);
    CHECK(route.disposition == FL_DISPOSITION_REDIRECT && route.status == 308, "a redirect has a status");
    CHECK(fl_exchange_copy_location(&exchange, &request, buffer, sizeof buffer, &length) == FL_OK &&
              is_text(fl_bytes_make(buffer, length), "http://shop.example/new?a=b"),
          "and a Location");
    CHECK(fl_exchange_copy_location(&exchange, &request, NULL, 0, &length) == FL_ERROR_BUFFER_TOO_SMALL && length == 27,
          "no buffer at all asks for the length");
    memset(buffer, '#', sizeof buffer);
    length = 0;
    CHECK(fl_exchange_copy_location(&exchange, &request, buffer, 10, &length) == FL_ERROR_BUFFER_TOO_SMALL &&
              length == 27 &&
              is_text(fl_bytes_make(buffer, 11), "http://sho#"),
          "a small buffer gets the beginning, and not a byte more");
    CHECK(fl_exchange_copy_location(&exchange, &request, buffer, 27, &length) == FL_OK && buffer[27] == '#',
          "a buffer may be just large enough");
    fl_exchange_end(&exchange);

    request = request_to("/x");
    request.authority = fl_bytes_of("secure.example");
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_route(&exchange, &route);
    CHECK(route.disposition == FL_DISPOSITION_TLS_REDIRECT && route.status == 301, "a host may demand TLS");
    CHECK(fl_exchange_copy_location(&exchange, &request, buffer, sizeof buffer, &length) == FL_OK &&
              is_text(fl_bytes_make(buffer, length), "https://secure.example/x"),
          "and say where it is");
    fl_exchange_end(&exchange);
}

static void composes_bodies(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_request request = request_to("/echo");
    fl_exchange_facts facts;
    fl_route route;
    char buffer[16];
    size_t length = 0;

    FL_INIT(&facts);
    FL_INIT(&route);
    facts.protocol_name = fl_bytes_of("HTTP/1.1");
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_route(&exchange, &route) == FL_OK && route.status == 200 && route.body.size == 0 &&
              (route.flags & FL_ROUTE_COMPOSES_BODY) != 0,
          "a direct response may have a body that depends on the request");
    CHECK(fl_exchange_copy_body(&exchange, &request, &facts, buffer, sizeof buffer, &length) == FL_OK &&
              is_text(fl_bytes_make(buffer, length), "GET HTTP/1.1"),
          "it is composed of request and facts");
    CHECK(fl_exchange_copy_body(&exchange, &request, NULL, buffer, sizeof buffer, &length) == FL_OK &&
              is_text(fl_bytes_make(buffer, length), "GET -"),
          "what is not known is a dash");
    CHECK(fl_exchange_copy_body(&exchange, &request, &facts, buffer, 3, &length) == FL_ERROR_BUFFER_TOO_SMALL &&
              length == 12,
          "if it fits");
    fl_exchange_end(&exchange);

    request.path = fl_bytes_of("/cart");
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_copy_body(&exchange, &request, NULL, buffer, sizeof buffer, &length) == FL_OK && length == 0,
          "a route that forwards has none");
    fl_exchange_end(&exchange);
}

static void rewrites(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_request request = request_to("/cart/1?x=y");
    fl_endpoint endpoint;
    fl_header secret;
    fl_route route;
    fl_pick pick = FL_PICK_NOT_FORWARDING;
    char buffer[64];
    size_t length = 0;

    FL_INIT(&endpoint);
    FL_INIT(&route);
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_copy_path(&exchange, &request, buffer, sizeof buffer, &length) == FL_OK &&
              is_text(fl_bytes_make(buffer, length), "/basket/1?x=y"),
          "a path is rewritten, its query kept");
    CHECK(fl_exchange_copy_path(&exchange, &request, NULL, 0, &length) == FL_ERROR_BUFFER_TOO_SMALL && length == 13,
          "its length can be asked for");
    CHECK(fl_exchange_copy_authority(&exchange, &request, NULL, buffer, sizeof buffer, &length) == FL_OK &&
              is_text(fl_bytes_make(buffer, length), "shop.example"),
          "without an endpoint the authority stays");
    fl_exchange_pick(&exchange, &attempt, &pick);
    fl_attempt_endpoint(&attempt, &endpoint);
    CHECK(fl_exchange_copy_authority(&exchange, &request, &attempt, buffer, sizeof buffer, &length) == FL_OK &&
              fl_bytes_equal(fl_bytes_make(buffer, length), endpoint.hostname),
          "with one it is the endpoint's host name");
    CHECK(fl_exchange_copy_authority(&exchange, &request, &attempt, buffer, 3, &length) == FL_ERROR_BUFFER_TOO_SMALL,
          "if it fits");
    fl_exchange_end(&exchange);

    request = request_to("/internal");
    secret.name = fl_bytes_of("x-secret");
    secret.value = fl_bytes_of("yes");
    request.headers = &secret;
    request.header_count = 1;
    fl_exchange_begin(&exchange, worker, 0, &request);
    fl_exchange_route(&exchange, &route);
    CHECK(route.priority == 1, "a route can have high priority");
    CHECK(fl_exchange_copy_authority(&exchange, &request, NULL, buffer, sizeof buffer, &length) == FL_OK &&
              is_text(fl_bytes_make(buffer, length), "inner.example"),
          "a host can be rewritten to another one");
    CHECK(fl_exchange_copy_path(&exchange, &request, buffer, sizeof buffer, &length) == FL_OK &&
              is_text(fl_bytes_make(buffer, length), "/internal"),
          "without a rewrite the path stays");
    fl_exchange_end(&exchange);
}

static void makes_cookies(fl_worker *worker) {
    static const char head[] = "session=\"";
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_request request = request_to("/sticky");
    fl_header cookie;
    char buffer[128];
    char sent[64];
    size_t length = 0;

    request.source = fl_bytes_of("10.9.9.9:1234");
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_copy_set_cookie(&exchange, buffer, sizeof buffer, &length) == FL_OK && length > 26 &&
              memcmp(buffer, head, sizeof head - 1) == 0,
          "a client without its cookie gets one");
    CHECK(fl_exchange_copy_set_cookie(&exchange, buffer, 5, &length) == FL_ERROR_BUFFER_TOO_SMALL, "if it fits");
    fl_exchange_end(&exchange);
    memcpy(sent, "session=", 8);
    memcpy(sent + 8, buffer + sizeof head - 1, 16);
    cookie.name = fl_bytes_of("Cookie");
    cookie.value = fl_bytes_make(sent, 24);
    request.headers = &cookie;
    request.header_count = 1;
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_copy_set_cookie(&exchange, buffer, sizeof buffer, &length) == FL_OK && length == 0,
          "a client that sends it gets none");
    fl_exchange_end(&exchange);
}

static void mutates_headers(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_request request = request_to("/cart");
    fl_header_cursor cursor = 0;
    fl_header_mutation mutation;
    fl_exchange_facts facts;
    char buffer[32];
    size_t length = 0;
    int count = 0;
    int good = 1;

    FL_INIT(&mutation);
    fl_exchange_begin(&exchange, worker, 0, &request);
    while (fl_exchange_next_header_mutation(&exchange, FL_DIRECTION_REQUEST, &cursor, &mutation) == FL_OK) {
        switch (count++) {
        case 0:
            good = good && mutation.action == FL_HEADER_OVERWRITE_OR_ADD && is_text(mutation.name, "x-route") &&
                   is_text(mutation.value, "cart") && mutation.keeps_empty_value == 0;
            break;
        case 1:
            good = good && mutation.action == FL_HEADER_REMOVE && is_text(mutation.name, "x-inner") &&
                   mutation.value.data == NULL;
            break;
        case 2:
            good = good && mutation.action == FL_HEADER_APPEND && is_text(mutation.name, "x-table") &&
                   is_text(mutation.value, "main");
            break;
        default: good = 0;
        }
    }
    CHECK(good && count == 3, "header mutations come from route, virtual host and table, in this order");
    CHECK(fl_exchange_next_header_mutation(&exchange, FL_DIRECTION_REQUEST, &cursor, &mutation) == FL_DONE,
          "behind the last there is none");
    cursor = 0;
    CHECK(fl_exchange_next_header_mutation(&exchange, FL_DIRECTION_RESPONSE, &cursor, &mutation) == FL_OK &&
              mutation.action == FL_HEADER_ADD_IF_ABSENT && is_text(mutation.name, "x-answer") &&
              mutation.value.data == NULL && mutation.format != 0,
          "responses have mutations of their own");
    FL_INIT(&facts);
    facts.response_status = 404;
    CHECK(fl_exchange_copy_header_value(&exchange, &request, &facts, &mutation, buffer, sizeof buffer, &length) ==
                  FL_OK &&
              is_text(fl_bytes_make(buffer, length), "404"),
          "a value with commands is composed");
    CHECK(fl_exchange_copy_header_value(&exchange, &request, NULL, &mutation, buffer, sizeof buffer, &length) ==
                  FL_OK &&
              is_text(fl_bytes_make(buffer, length), "0"),
          "of what is known");
    CHECK(fl_exchange_copy_header_value(&exchange, &request, &facts, &mutation, buffer, 2, &length) ==
                  FL_ERROR_BUFFER_TOO_SMALL &&
              length == 3,
          "if it fits");
    mutation.format = 1;
    CHECK(fl_exchange_copy_header_value(&exchange, &request, &facts, &mutation, buffer, sizeof buffer, &length) ==
              FL_ERROR_INVALID_ARGUMENT,
          "a format from nowhere is none");
    facts.struct_size = 0;
    CHECK(fl_exchange_copy_header_value(&exchange, &request, &facts, &mutation, buffer, sizeof buffer, &length) ==
              FL_ERROR_STRUCT_SIZE,
          "facts have a size");
    CHECK(fl_exchange_next_header_mutation(&exchange, FL_DIRECTION_RESPONSE, &cursor, &mutation) == FL_OK &&
              mutation.action == FL_HEADER_REMOVE && is_text(mutation.name, "server"),
          "they remove too");
    CHECK(fl_exchange_next_header_mutation(&exchange, FL_DIRECTION_RESPONSE, &cursor, &mutation) == FL_DONE, "and end");
    cursor = UINT64_MAX;
    CHECK(fl_exchange_next_header_mutation(&exchange, FL_DIRECTION_RESPONSE, &cursor, &mutation) == FL_DONE,
          "a cursor from nowhere finds nothing");
    cursor = 0;
    CHECK(fl_exchange_next_header_mutation(&exchange, 2, &cursor, &mutation) == FL_ERROR_INVALID_ARGUMENT,
          "there is no third direction");
    fl_exchange_end(&exchange);
}

static void copies_requests(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_exchange copy = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_request request = request_to("/cart");
    fl_pick pick = FL_PICK_NOT_FORWARDING;
    fl_header_cursor cursor = 0;
    fl_header_mutation change;
    char buffer[64];
    size_t length = 0;

    CHECK(fl_exchange_mirror_count(&exchange) == 0, "an exchange that was not begun copies nothing");
    CHECK(fl_exchange_begin_mirror(&copy, &exchange, 0, &request) == FL_ERROR_EXCHANGE_NOT_OPEN, "neither does it begin");
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_mirror_count(&exchange) == 2, "a route can want copies");
    CHECK(fl_exchange_begin_mirror(&copy, &exchange, 1, &request) == FL_DONE, "without its header a policy makes none");
    CHECK(fl_exchange_begin_mirror(&copy, &exchange, 2, &request) == FL_DONE, "behind the last policy there is none");
    CHECK(fl_exchange_begin_mirror(&copy, &exchange, 0, &request) == FL_OK, "a copy has an exchange of its own");
    CHECK(fl_exchange_begin_mirror(&copy, &exchange, 0, &request) == FL_ERROR_EXCHANGE_OPEN, "one for each copy");
    CHECK(fl_exchange_copy_mirror_authority(&exchange, 0, fl_bytes_of("shop.example:80"), buffer, sizeof buffer,
                                            &length) == FL_OK &&
              is_text(fl_bytes_make(buffer, length), "shop.example-shadow:80"),
          "its Host says what it is");
    CHECK(fl_exchange_copy_mirror_authority(&exchange, 1, fl_bytes_of("shop.example"), buffer, sizeof buffer,
                                            &length) == FL_OK &&
              is_text(fl_bytes_make(buffer, length), "copy.example"),
          "unless the policy says otherwise");
    FL_INIT(&change);
    CHECK(fl_exchange_next_mirror_mutation(&exchange, 0, &cursor, &change) == FL_OK &&
              change.action == FL_HEADER_ADD_IF_ABSENT && is_text(change.name, "x-copy-of") && change.format != 0,
          "its headers may differ");
    CHECK(fl_exchange_copy_header_value(&exchange, &request, NULL, &change, buffer, sizeof buffer, &length) == FL_OK &&
              is_text(fl_bytes_make(buffer, length), "/cart"),
          "by composed values");
    CHECK(fl_exchange_next_mirror_mutation(&exchange, 0, &cursor, &change) == FL_OK &&
              change.action == FL_HEADER_REMOVE && is_text(change.name, "x-secret") &&
              fl_exchange_next_mirror_mutation(&exchange, 0, &cursor, &change) == FL_DONE,
          "and by what is missing");
    cursor = 0;
    CHECK(fl_exchange_next_mirror_mutation(&exchange, 1, &cursor, &change) == FL_DONE &&
              fl_exchange_next_mirror_mutation(&exchange, 9, &cursor, &change) == FL_DONE,
          "other policies change nothing");
    change.format = UINT64_C(1) << 63 | UINT64_C(7) << 33;
    CHECK(fl_exchange_copy_header_value(&exchange, &request, NULL, &change, buffer, sizeof buffer, &length) ==
              FL_ERROR_INVALID_ARGUMENT,
          "and have no value to compose");
    change.struct_size = 1;
    CHECK(fl_exchange_next_mirror_mutation(&exchange, 0, &cursor, &change) == FL_ERROR_STRUCT_SIZE &&
              fl_exchange_next_mirror_mutation(&exchange, 0, NULL, &change) == FL_ERROR_INVALID_ARGUMENT,
          "a change has a size, and a cursor");
    fl_exchange_end(&exchange);
    CHECK(fl_exchange_pick(&copy, &attempt, &pick) == FL_OK && pick == FL_PICK_ENDPOINT, "it outlives its original");
    CHECK(fl_exchange_end(&copy) == FL_OK, "and ends like any other");
}

static void follows_redirects(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_exchange next = FL_EXCHANGE_INIT;
    fl_redirect_chain chain = FL_REDIRECT_CHAIN_INIT;
    fl_redirect_target target;
    fl_request request = request_to("/wander/far");
    fl_request second = request_to("/cart");
    fl_bytes location = fl_bytes_of("http://shop.example/cart?from=far");
    fl_bytes name = fl_bytes_missing();
    fl_route route;

    FL_INIT(&target);
    FL_INIT(&route);
    request.method = fl_bytes_of("POST");
    CHECK(fl_exchange_redirect_target(&exchange, &request, 302, location, &chain, &target) ==
              FL_ERROR_EXCHANGE_NOT_OPEN,
          "an exchange that was not begun follows nothing");
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_route(&exchange, &route) == FL_OK && (route.flags & FL_ROUTE_FOLLOWS_REDIRECTS) != 0,
          "a route can follow redirects in the client's place");
    CHECK(fl_exchange_redirect_target(&exchange, &request, 307, location, &chain, &target) == FL_DONE &&
              fl_exchange_redirect_target(&exchange, &request, 302, fl_bytes_of("/cart"), &chain, &target) == FL_DONE,
          "of the statuses that it names, and to whole places");
    CHECK(fl_exchange_redirect_target(&exchange, &request, 303, location, &chain, &target) == FL_OK &&
              is_text(target.scheme, "http") && is_text(target.authority, "shop.example") &&
              is_text(target.path, "/cart?from=far") && target.becomes_get == 1,
          "a Location is taken apart, and a 303 asks for a GET");
    CHECK(fl_exchange_redirect_header(&exchange, 0, &name) == FL_OK && is_text(name, "x-hint") &&
              fl_exchange_redirect_header(&exchange, 1, &name) == FL_DONE,
          "headers of the redirect can be passed on");
    second.path = target.path;
    fl_exchange_begin(&next, worker, 0, &second);
    CHECK(fl_exchange_accept_redirect(&exchange, &next, &request, &target, &chain) == FL_OK,
          "the next route may be any, without predicates");
    CHECK(fl_exchange_redirect_target(&exchange, &request, 302, location, &chain, &target) == FL_DONE,
          "one redirect is as many as this route follows");
    CHECK(fl_exchange_accept_redirect(&exchange, &next, &request, NULL, &chain) == FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_redirect_header(&exchange, 0, NULL) == FL_ERROR_INVALID_ARGUMENT,
          "and none leads nowhere");
    target.struct_size = 0;
    CHECK(fl_exchange_redirect_target(&exchange, &request, 302, location, &chain, &target) == FL_ERROR_STRUCT_SIZE,
          "targets have a size");
    fl_exchange_end(&exchange);
    CHECK(fl_exchange_redirect_header(&next, 0, &name) == FL_DONE, "a route that follows none passes nothing on");
    fl_exchange_end(&next);
}

static void carries_notes(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_request request = request_to("/cart");
    fl_filter_config config;
    fl_route_notes notes;
    fl_timeouts timeouts;
    fl_header header;
    fl_bytes name;
    fl_bytes text;

    FL_INIT(&config);
    FL_INIT(&notes);
    FL_INIT(&timeouts);
    fl_exchange_begin(&exchange, worker, 0, &request);
    CHECK(fl_exchange_filter_config(&exchange, fl_bytes_of("example.filter"), FL_FILTER_MOST_SPECIFIC, &config) ==
                  FL_OK &&
              is_text(config.type_url, "type.googleapis.com/google.protobuf.Duration") && config.value.size == 2 &&
              config.flags == 0,
          "what a route says to a filter is handed out as bytes");
    CHECK(fl_exchange_filter_config(&exchange, fl_bytes_of("example.filter"), FL_FILTER_TABLE, &config) ==
              FL_ERROR_NOT_FOUND,
          "level by level");
    CHECK(fl_exchange_filter_config(&exchange, fl_bytes_of("example.filter"), 7, &config) == FL_ERROR_INVALID_ARGUMENT,
          "there are four levels");
    CHECK(fl_exchange_filter_disabled(&exchange, fl_bytes_of("example.filter")) == 0 &&
              fl_exchange_filter_disabled(&exchange, fl_bytes_of("example.off")) == 1 &&
              fl_exchange_filter_disabled(&exchange, fl_bytes_of("example.none")) == -1,
          "a filter can be left out");
    CHECK(fl_exchange_notes(&exchange, &notes) == FL_OK && is_text(notes.operation, "cart") &&
              is_text(notes.stat_prefix, "carts") && notes.propagates_operation == 1 &&
              is_text(notes.tracing, "\x32\x06" "basket") && notes.body_limit == 4096,
          "names for traces and statistics are carried");
    CHECK(fl_exchange_allows_upgrade(&exchange, fl_bytes_of("WebSocket")) == 0 &&
              fl_exchange_allows_upgrade(&exchange, fl_bytes_of("h2c")) == -1,
          "and which upgrades are allowed");
    CHECK(fl_exchange_metadata_match(&exchange, 0, &name, &text) == FL_OK && is_text(name, "stage") &&
              is_text(text, "live") && fl_exchange_metadata_match(&exchange, 1, &name, &text) == FL_DONE,
          "and what endpoints have to have");
    header.name = fl_bytes_of("x-envoy-upstream-rq-timeout-ms");
    header.value = fl_bytes_of("500");
    request.headers = &header;
    request.header_count = 1;
    CHECK(fl_exchange_timeouts(&exchange, &request, &timeouts) == FL_OK &&
              timeouts.route_ns == 15 * UINT64_C(1000000000) && timeouts.attempt_ns == 2 * UINT64_C(1000000000) &&
              timeouts.stream_ns == FL_TIMEOUT_UNSET && timeouts.flags == 0,
          "requests from outside have the timeouts of their route");
    request.flags = FL_REQUEST_INTERNAL;
    CHECK(fl_exchange_timeouts(&exchange, &request, &timeouts) == FL_OK &&
              timeouts.route_ns == 500 * UINT64_C(1000000) && timeouts.attempt_ns == 0,
          "those from inside may set their own");
    fl_exchange_end(&exchange);
}

static void asks_for_limits(fl_worker *worker) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_request request = request_to("/cart");
    fl_rate_limit_query query;
    fl_rate_limit limit;
    fl_rate_limit_cursor cursor = 0;
    fl_header entries[4];
    fl_bytes path[2];
    fl_fact facts[2];
    char buffer[32];

    FL_INIT(&query);
    FL_INIT(&limit);
    CHECK(fl_exchange_next_rate_limit(&exchange, &request, &query, &cursor, entries, 4, buffer, sizeof buffer,
                                      &limit) == FL_ERROR_EXCHANGE_NOT_OPEN,
          "an exchange that was not begun asks for nothing");
    memset(facts, 0, sizeof facts);
    path[0] = fl_bytes_of("now");
    path[1] = fl_bytes_of("unit");
    facts[0].source = FL_FACT_METADATA;
    facts[0].name = fl_bytes_of("limits");
    facts[0].path = path;
    facts[0].path_count = 2;
    facts[0].value.kind = FL_VALUE_TEXT;
    facts[0].value.text = fl_bytes_of("HOUR");
    request.source = fl_bytes_of("10.1.2.3:4711");
    request.facts = facts;
    request.fact_count = 1;
    fl_exchange_begin(&exchange, worker, 0, &request);
    query.source_cluster = fl_bytes_of("me");
    CHECK(fl_exchange_next_rate_limit(&exchange, &request, &query, &cursor, entries, 1, buffer, 3, &limit) ==
                  FL_ERROR_BUFFER_TOO_SMALL &&
              limit.entry_count == 2 && limit.text_length == 11 && cursor == 0,
          "a descriptor says how much room it needs");
    CHECK(fl_exchange_next_rate_limit(&exchange, &request, &query, &cursor, entries, 4, buffer, sizeof buffer,
                                      &limit) == FL_OK &&
              limit.entry_count == 2 && limit.flags == 0 && is_text(entries[0].name, "source_cluster") &&
              is_text(entries[0].value, "me") && is_text(entries[1].value, "10.1.0.0/16"),
          "and is written with that room");
    CHECK(fl_exchange_next_rate_limit(&exchange, &request, &query, &cursor, entries, 4, NULL, 0, &limit) == FL_OK &&
              limit.entry_count == 1 && limit.text_length == 0 && is_text(entries[0].value, "shop"),
          "those of the virtual host follow");
    CHECK(fl_exchange_next_rate_limit(&exchange, &request, &query, &cursor, entries, 4, NULL, 0, &limit) == FL_DONE,
          "there is an end");
    query.stage = 1;
    cursor = 0;
    CHECK(fl_exchange_next_rate_limit(&exchange, &request, &query, &cursor, entries, 4, NULL, 0, &limit) == FL_OK &&
              is_text(entries[0].value, "shop") && is_text(entries[0].name, "destination_cluster"),
          "each filter has its stage");
    query.stage = 0;
    query.stream_done = 1;
    query.host_rules = FL_RATE_LIMIT_HOST_RULES_INCLUDE;
    cursor = 0;
    CHECK(fl_exchange_next_rate_limit(&exchange, &request, &query, &cursor, entries, 4, NULL, 0, &limit) == FL_OK &&
              is_text(entries[0].value, "done"),
          "and can ask when the stream has ended");
    query.host_rules = 3;
    CHECK(fl_exchange_next_rate_limit(&exchange, &request, &query, &cursor, entries, 4, NULL, 0, &limit) ==
              FL_ERROR_INVALID_ARGUMENT,
          "there are three ways to count a virtual host's rules");
    query.struct_size = 0;
    CHECK(fl_exchange_next_rate_limit(&exchange, &request, &query, &cursor, entries, 4, NULL, 0, &limit) ==
              FL_ERROR_STRUCT_SIZE,
          "a query has a size");
    CHECK(fl_exchange_next_rate_limit(&exchange, &request, NULL, &cursor, NULL, 4, NULL, 0, &limit) ==
                  FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_next_rate_limit(&exchange, NULL, NULL, &cursor, entries, 4, NULL, 0, &limit) ==
                  FL_ERROR_INVALID_ARGUMENT &&
              fl_exchange_next_rate_limit(&exchange, &request, NULL, NULL, entries, 4, NULL, 0, &limit) ==
                  FL_ERROR_INVALID_ARGUMENT,
          "and an array is where it says");
    path[1] = fl_bytes_of("requests_per_unit");
    facts[1] = facts[0];
    facts[1].value.kind = FL_VALUE_NUMBER;
    facts[1].value.number = 9;
    {
        fl_bytes unit[2];
        unit[0] = path[0];
        unit[1] = fl_bytes_of("unit");
        facts[0].path = unit;
        request.fact_count = 2;
        cursor = 0;
        CHECK(fl_exchange_next_rate_limit(&exchange, &request, NULL, &cursor, entries, 4, buffer, sizeof buffer,
                                          &limit) == FL_OK &&
                  limit.flags == FL_RATE_LIMIT_HAS_LIMIT && limit.requests_per_unit == 9 &&
                  limit.unit == FL_RATE_LIMIT_UNIT_HOUR && is_text(entries[0].value, ""),
              "metadata says how much is allowed");
    }
    fl_exchange_end(&exchange);
}

void test_routes(void) {
    fl_engine *engine = make_shop();
    fl_worker *worker = make_worker(engine);
    tells_all_of_a_route(worker);
    answers_by_itself(worker);
    composes_bodies(worker);
    rewrites(worker);
    makes_cookies(worker);
    mutates_headers(worker);
    copies_requests(worker);
    follows_redirects(worker);
    carries_notes(worker);
    asks_for_limits(worker);
    CHECK(fl_worker_destroy(worker) == FL_OK, "nothing of the routes is left");
    fl_engine_destroy(engine);
}
