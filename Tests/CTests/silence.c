/* Fairlead: decisions in a loop, to be watched from outside: what they call, and how many instructions they take
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: c-silence DIRECTORY LOOP COUNT     LOOP: forward, retry, hash, cluster, policy, details, redirect, prepare
 *
 * Run under callgrind with --toggle-collect=decisions*: it collects what happens inside of the loop and nothing else.
 */
#include "fairlead.h"

#include <stdio.h>
#include <stdlib.h>

/* A policy without a table. */
static void build(void *user_data, const fl_policy_hosts *hosts, const fl_policy_parameters *parameters,
                  const fl_table_writer *writer) {
    (void)user_data;
    (void)parameters;
    writer->append(writer->context, &hosts->count, sizeof hosts->count);
}

static int64_t pick(void *user_data, fl_bytes table, fl_pick_context *context) {
    (void)user_data;
    (void)table;
    return (int64_t)(context->random(context->context) % context->host_count);
}

static fl_outcome outcome_of(uint32_t status) {
    fl_outcome outcome;
    FL_INIT(&outcome);
    outcome.status = status;
    outcome.flags = FL_OUTCOME_REQUEST_SENT | FL_OUTCOME_MAY_RETRY;
    return outcome;
}

static fl_request request_to(const char *path) {
    fl_request request;
    FL_INIT(&request);
    request.method = fl_bytes_of("GET");
    request.scheme = fl_bytes_of("http");
    request.authority = fl_bytes_of("shop.example");
    request.path = fl_bytes_of(path);
    return request;
}

/* Begin, pick, report, end: `first` is what the first attempt comes to, all others come to 200. */
__attribute__((noinline)) void decisions_forward(fl_worker *worker, const char *path, uint32_t first, long count);
void decisions_forward(fl_worker *worker, const char *path, uint32_t first, long count) {
    fl_request request = request_to(path);
    fl_outcome good = outcome_of(200);
    fl_outcome outcome = outcome_of(first);
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_verdict verdict;
    fl_pick picked;
    FL_INIT(&verdict);
    while (count-- > 0) {
        fl_worker_refresh(worker);
        fl_exchange_begin(&exchange, worker, 0, &request);
        fl_exchange_pick(&exchange, &attempt, &picked);
        fl_attempt_report(&attempt, &outcome, &verdict);
        while (verdict.retry != 0) {
            fl_exchange_pick(&exchange, &attempt, &picked);
            fl_attempt_report(&attempt, &good, &verdict);
        }
        fl_exchange_end(&exchange);
    }
}

/* The same with a cluster and no route. */
__attribute__((noinline)) void decisions_cluster(fl_worker *worker, const char *cluster, long count);
void decisions_cluster(fl_worker *worker, const char *cluster, long count) {
    fl_outcome good = outcome_of(200);
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_pick picked;
    fl_bytes name = fl_bytes_of(cluster);
    while (count-- > 0) {
        fl_exchange_begin_cluster(&exchange, worker, name, NULL);
        fl_exchange_pick(&exchange, &attempt, &picked);
        fl_attempt_report(&attempt, &good, NULL);
        fl_exchange_end(&exchange);
    }
}

/* All that a proxy asks: the endpoint, the route, the path, the header mutations. */
__attribute__((noinline)) void decisions_details(fl_worker *worker, const char *path, long count);
void decisions_details(fl_worker *worker, const char *path, long count) {
    fl_request request = request_to(path);
    fl_outcome good = outcome_of(200);
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_endpoint endpoint;
    fl_header_mutation mutation;
    fl_route route;
    fl_pick picked;
    char buffer[256];
    size_t length;
    FL_INIT(&endpoint);
    FL_INIT(&mutation);
    FL_INIT(&route);
    while (count-- > 0) {
        fl_header_cursor cursor = 0;
        fl_exchange_begin(&exchange, worker, 0, &request);
        fl_exchange_route(&exchange, &route);
        fl_exchange_copy_location(&exchange, &request, buffer, sizeof buffer, &length);
        if (fl_exchange_disposition(&exchange) == FL_DISPOSITION_FORWARD) {
            fl_exchange_pick(&exchange, &attempt, &picked);
            fl_attempt_endpoint(&attempt, &endpoint);
            fl_exchange_copy_path(&exchange, &request, buffer, sizeof buffer, &length);
            fl_exchange_copy_authority(&exchange, &request, &attempt, buffer, sizeof buffer, &length);
            while (fl_exchange_next_header_mutation(&exchange, FL_DIRECTION_REQUEST, &cursor, &mutation) == FL_OK) {
                continue;
            }
            fl_attempt_detach(&attempt);
            fl_attempt_report(&attempt, &good, NULL);
        }
        fl_exchange_end(&exchange);
    }
}

/* Preparation of a request that everything has to be done to. */
__attribute__((noinline)) void decisions_prepare(const fl_preparer *preparer, const char *path, long count);
void decisions_prepare(const fl_preparer *preparer, const char *path, long count) {
    static const char *const lines[][2] = {{"Connection", "close, x-gone"}, {"x-gone", "1"}, {"accept", "a"},
                                           {"Accept", "b"}, {"x-forwarded-for", "10.0.0.1"}, {"te", "trailers"}};
    fl_request request = request_to(path);
    fl_preparation prepared;
    fl_header arrived[6];
    fl_header headers[16];
    char buffer[512];
    size_t index;
    FL_INIT(&prepared);
    for (index = 0; index < 6; index++) {
        arrived[index].name = fl_bytes_of(lines[index][0]);
        arrived[index].value = fl_bytes_of(lines[index][1]);
    }
    request.headers = arrived;
    request.header_count = 6;
    request.source = fl_bytes_of("127.0.0.1:1");
    while (count-- > 0) fl_request_prepare(preparer, &request, buffer, sizeof buffer, headers, 16, &prepared);
}

static fl_engine *make_engine(const char *directory) {
    static const char listener[] =
        "name: edge\naddress: { socket_address: { address: 127.0.0.1, port_value: 10001 } }\nfilter_chains:\n- filters:\n"
        "  - name: hcm\n    typed_config:\n      \"@type\": type.googleapis.com/"
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager\n"
        "      stat_prefix: edge\n      normalize_path: true\n      merge_slashes: true\n"
        "      path_with_escaped_slashes_action: UNESCAPE_AND_FORWARD\n      strip_any_host_port: true\n"
        "      internal_address_config: { cidr_ranges: [{ address_prefix: 10.0.0.0, prefix_len: 8 }] }\n"
        "      rds: { route_config_name: main, config_source: { ads: {} } }\n";
    static const char cluster[] =
        "name: own\ntype: STATIC\nload_balancing_policy:\n  policies:\n  - typed_extension_config:\n      name: own\n"
        "      typed_config:\n        \"@type\": type.googleapis.com/xds.type.v3.TypedStruct\n"
        "        type_url: example.com/example.Own\n"
        "load_assignment:\n  cluster_name: own\n  endpoints:\n  - lb_endpoints:\n"
        "    - { endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } } }\n"
        "    - { endpoint: { address: { socket_address: { address: 10.0.0.2, port_value: 80 } } } }\n";
    static char content[65536];
    char path[1024];
    fl_engine *engine = NULL;
    fl_update *update = NULL;
    fl_document document;
    fl_policy_v1 policy;
    FILE *file;
    snprintf(path, sizeof path, "%s/shop.yaml", directory);
    file = fopen(path, "rb");
    if (file == NULL) return NULL;
    FL_INIT(&document);
    document.content = fl_bytes_make(content, fread(content, 1, sizeof content, file));
    fclose(file);
    FL_INIT(&policy);
    policy.abi_version = FL_POLICY_ABI_VERSION;
    policy.name = fl_bytes_of("example.Own");
    policy.build = build;
    policy.pick = pick;
    fl_engine_create(NULL, &engine);
    if (fl_engine_load(engine, &document, NULL, NULL) != FL_OK) return NULL;
    if (fl_engine_register_policy(engine, &policy) != FL_OK) return NULL;
    fl_update_create(engine, &update);
    document.content = fl_bytes_of(cluster);
    fl_update_add(update, FL_RESOURCE_CLUSTER, &document);
    document.content = fl_bytes_of(listener);
    fl_update_add(update, FL_RESOURCE_LISTENER, &document);
    if (fl_engine_apply(engine, update, NULL, NULL) != FL_OK) return NULL;
    fl_update_destroy(update);
    return engine;
}

int main(int count, char **arguments) {
    fl_engine *engine;
    fl_worker *worker = NULL;
    fl_preparer *preparer = NULL;
    long turns;
    if (count != 4) return 2;
    engine = make_engine(arguments[1]);
    if (engine == NULL || fl_worker_create(engine, &worker) != FL_OK) return 2;
    turns = atol(arguments[3]);
    if (strcmp(arguments[2], "forward") == 0) decisions_forward(worker, "/cart/1?x=y", 200, turns);
    if (strcmp(arguments[2], "retry") == 0) decisions_forward(worker, "/cart/1?x=y", 503, turns);
    if (strcmp(arguments[2], "hash") == 0) decisions_forward(worker, "/sticky", 200, turns);
    if (strcmp(arguments[2], "cluster") == 0) decisions_cluster(worker, "shop", turns);
    if (strcmp(arguments[2], "policy") == 0) decisions_cluster(worker, "own", turns);
    if (strcmp(arguments[2], "details") == 0) decisions_details(worker, "/cart/1?x=y", turns);
    if (strcmp(arguments[2], "redirect") == 0) decisions_details(worker, "/old?x=y", turns);
    fl_preparer_create(engine, fl_bytes_of("edge"), &preparer);
    if (strcmp(arguments[2], "prepare") == 0) decisions_prepare(preparer, "/a%2f../b%41//c?x=y", turns);
    fl_preparer_destroy(preparer);
    if (fl_worker_destroy(worker) != FL_OK) return 1;
    fl_engine_destroy(engine);
    return 0;
}
