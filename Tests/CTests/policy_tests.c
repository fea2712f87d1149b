/* Fairlead: tests of load-balancing policies written in C
 * SPDX-License-Identifier: Apache-2.0
 *
 * The policy "example.Spread" keeps the weights of its hosts in its table and, by its parameter "mode", picks the
 * heaviest one, one after the other (with a worker word), at random, the idlest, none, or one that is not there.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

enum { HEAVIEST, CURSOR, RANDOM, IDLEST, NONE, WRONG, HASH };

/* What the policy saw. */
struct spread {
    int destroyed;
    int built;
    int checked;
    int saw_keys;
    int saw_localities;
    int saw_kinds;
    uint32_t last_attempt;
    int64_t last_cluster_active;
};

static uint32_t mode_of(const fl_policy_parameters *parameters) {
    uint32_t index;
    for (index = 0; index < parameters->count; index++) {
        const fl_policy_parameter *value = &parameters->values[index];
        if (is_text(value->name, "mode")) {
            if (value->kind == FL_PARAMETER_WHOLE) return (uint32_t)value->whole;
            if (value->kind == FL_PARAMETER_NUMBER) return (uint32_t)value->number;
        }
    }
    return HEAVIEST;
}

static void spread_check(void *user_data, const fl_policy_hosts *hosts, const fl_policy_parameters *parameters,
                         const fl_policy_reporter *reporter) {
    struct spread *spread = (struct spread *)user_data;
    uint32_t index;
    int kinds = 0;
    spread->checked++;
    if (hosts != NULL) {
        for (index = 0; index < hosts->count; index++) {
            if (hosts->weights[index] == 13) {
                reporter->report(reporter->context, FL_SEVERITY_ERROR, fl_bytes_missing(),
                                 fl_bytes_of("13 is unlucky"));
            }
        }
        return;
    }
    for (index = 0; index < parameters->count; index++) {
        const fl_policy_parameter *value = &parameters->values[index];
        if (is_text(value->name, "flag") && value->kind == FL_PARAMETER_BOOL && value->whole == 1) kinds |= 1;
        if (is_text(value->name, "word") && value->kind == FL_PARAMETER_TEXT && is_text(value->text, "hello")) {
            kinds |= 2;
        }
    }
    if (kinds != 0) spread->saw_kinds = kinds;
    if (mode_of(parameters) > HASH) {
        reporter->report(reporter->context, FL_SEVERITY_ERROR, fl_bytes_of("mode"), fl_bytes_of("no such mode"));
        reporter->report(reporter->context, FL_SEVERITY_WARNING, fl_bytes_of("mode"), fl_bytes_of("really"));
    }
}

static void spread_build(void *user_data, const fl_policy_hosts *hosts, const fl_policy_parameters *parameters,
                         const fl_table_writer *writer) {
    struct spread *spread = (struct spread *)user_data;
    uint32_t mode = mode_of(parameters);
    spread->built++;
    if (hosts->count > 0 && hosts->hash_keys != NULL && is_text(hosts->hash_keys[0], "10.0.0.1:80")) {
        spread->saw_keys = 1;
    }
    if (hosts->localities != NULL && hosts->locality_weights != NULL && hosts->locality_count == 2) {
        spread->saw_localities = 1;
    }
    writer->append(writer->context, &mode, sizeof mode);
    writer->append(writer->context, hosts->weights, hosts->count * sizeof hosts->weights[0]);
    writer->append(writer->context, NULL, 0);
}

static int64_t spread_pick(void *user_data, fl_bytes table, fl_pick_context *context) {
    struct spread *spread = (struct spread *)user_data;
    uint32_t words[65];
    uint32_t index;
    uint32_t best = 0;
    if (table.size % 8 != 0 || table.size < 4 + 4 * context->host_count || context->host_count > 64) return -1;
    memcpy(words, table.data, 4 + 4 * context->host_count);
    spread->last_attempt = context->attempt;
    spread->last_cluster_active = context->cluster_active_requests;
    switch (words[0]) {
    case CURSOR: return (int64_t)(context->worker_words[0]++ % context->host_count);
    case RANDOM: return (int64_t)(context->random(context->context) % context->host_count);
    case NONE: return -1;
    case WRONG: return context->host_count;
    case HASH: return (int64_t)((context->has_hash ? context->hash : 0) % context->host_count);
    default: break;
    }
    for (index = 1; index < context->host_count; index++) {
        if (words[0] == IDLEST) {
            if (context->active_requests(context->context, index) < context->active_requests(context->context, best)) {
                best = index;
            }
        } else if (words[index + 1] > words[best + 1]) {
            best = index;
        }
    }
    return context->active_requests(context->context, 1000) == 0 ? (int64_t)best : -1;
}

static void spread_destroy(void *user_data) { ((struct spread *)user_data)->destroyed++; }

static fl_policy_v1 spread_policy(struct spread *spread) {
    fl_policy_v1 policy;
    FL_INIT(&policy);
    policy.abi_version = FL_POLICY_ABI_VERSION;
    policy.name = fl_bytes_of("example.Spread");
    policy.flags = FL_POLICY_NEEDS_HASH_KEYS;
    policy.worker_words = 1;
    policy.user_data = spread;
    policy.check = spread_check;
    policy.build = spread_build;
    policy.pick = spread_pick;
    policy.destroy = spread_destroy;
    return policy;
}

/* Applies a cluster that balances with the policy; answers its status. */
static fl_status apply_spread(fl_engine *engine, int mode, int weight, fl_error_list **errors) {
    static const char text[] =
        "name: spread\n"
        "type: STATIC\n"
        "load_balancing_policy:\n"
        "  policies:\n"
        "  - typed_extension_config:\n"
        "      name: spread\n"
        "      typed_config:\n"
        "        \"@type\": type.googleapis.com/xds.type.v3.TypedStruct\n"
        "        type_url: type.googleapis.com/example.Spread\n"
        "        value: { mode: %d, flag: true, word: hello }\n"
        "load_assignment:\n"
        "  cluster_name: spread\n"
        "  endpoints:\n"
        "  - lb_endpoints:\n"
        "    - { endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } } }\n"
        "    - { endpoint: { address: { socket_address: { address: 10.0.0.2, port_value: 80 } } },"
        " load_balancing_weight: %d }\n"
        "    - { endpoint: { address: { socket_address: { address: 10.0.0.3, port_value: 80 } } } }\n";
    char yaml[2048];
    fl_document document;
    fl_update *update = NULL;
    fl_status status;
    snprintf(yaml, sizeof yaml, text, mode, weight);
    document = document_of_text(FL_FORMAT_YAML, yaml);
    fl_update_create(engine, &update);
    fl_update_add(update, FL_RESOURCE_CLUSTER, &document);
    status = fl_engine_apply(engine, update, NULL, errors);
    fl_update_destroy(update);
    return status;
}

/* Picks once; answers the last digit of the host, 0 for none. The attempt stays open. */
static int pick_spread(fl_exchange *exchange, fl_attempt *attempt, fl_worker *worker, const uint64_t *hash) {
    fl_endpoint endpoint;
    fl_pick pick = FL_PICK_NO_ENDPOINT;
    FL_INIT(&endpoint);
    fl_exchange_begin_cluster(exchange, worker, fl_bytes_of("spread"), hash);
    if (fl_exchange_pick(exchange, attempt, &pick) != FL_OK || pick != FL_PICK_ENDPOINT) return 0;
    fl_attempt_endpoint(attempt, &endpoint);
    return endpoint.host.data[endpoint.host.size - 1] - '0';
}

static int pick_and_end(fl_worker *worker, const uint64_t *hash) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    int digit = pick_spread(&exchange, &attempt, worker, hash);
    fl_exchange_end(&exchange);
    return digit;
}

static void picks(fl_engine *engine, fl_worker *worker, struct spread *spread) {
    fl_exchange exchanges[3] = {FL_EXCHANGE_INIT, FL_EXCHANGE_INIT, FL_EXCHANGE_INIT};
    fl_attempt attempts[3] = {FL_ATTEMPT_INIT, FL_ATTEMPT_INIT, FL_ATTEMPT_INIT};
    fl_statistics statistics;
    fl_error_list *errors = NULL;
    uint64_t hash = 2;
    int seen = 0;
    int turn;

    CHECK(apply_spread(engine, HEAVIEST, 3, &errors) == FL_OK, "a configuration can ask for a policy written in C");
    CHECK(fl_error_list_count(errors) == 0, "without a warning");
    fl_error_list_destroy(errors);
    CHECK(spread->checked >= 2 && spread->built >= 1, "it is checked and built");
    CHECK(spread->saw_kinds == 3, "it gets its parameters");
    CHECK(spread->saw_keys == 1, "it gets hash keys when it asks for them");
    fl_worker_refresh(worker);
    CHECK(pick_and_end(worker, NULL) == 2 && pick_and_end(worker, NULL) == 2, "it picks by its table");

    apply_spread(engine, CURSOR, 3, NULL);
    fl_worker_refresh(worker);
    CHECK(pick_and_end(worker, NULL) == 1 && pick_and_end(worker, NULL) == 2 && pick_and_end(worker, NULL) == 3,
          "it keeps words of its own for each worker");

    apply_spread(engine, RANDOM, 3, NULL);
    fl_worker_refresh(worker);
    for (turn = 0; turn < 100; turn++) seen |= 1 << pick_and_end(worker, NULL);
    CHECK(seen == 14, "it gets random bits");

    apply_spread(engine, IDLEST, 3, NULL);
    fl_worker_refresh(worker);
    seen = 0;
    for (turn = 0; turn < 3; turn++) seen |= 1 << pick_spread(&exchanges[turn], &attempts[turn], worker, NULL);
    CHECK(seen == 14, "it knows how busy the hosts are");
    for (turn = 0; turn < 3; turn++) fl_exchange_end(&exchanges[turn]);

    apply_spread(engine, HASH, 3, NULL);
    fl_worker_refresh(worker);
    CHECK(pick_and_end(worker, &hash) == 3 && pick_and_end(worker, NULL) == 1,
          "it knows the hash, and whether there is one");

    apply_spread(engine, NONE, 3, NULL);
    fl_worker_refresh(worker);
    CHECK(pick_and_end(worker, NULL) == 0, "it can pick none");
    apply_spread(engine, WRONG, 3, NULL);
    fl_worker_refresh(worker);
    CHECK(pick_and_end(worker, NULL) == 0, "an answer out of range is none");
    FL_INIT(&statistics);
    fl_engine_statistics(engine, &statistics);
    CHECK(statistics.policy_faults == 1, "and counted as a fault of the policy");
}

static void is_heard(fl_engine *engine) {
    fl_error_list *errors = NULL;
    fl_error error;
    FL_INIT(&error);
    CHECK(apply_spread(engine, 99, 3, &errors) == FL_ERROR_CONFIGURATION, "a policy can refuse its parameters");
    CHECK(has_error(errors, "invalid-value", "load_balancing_policy"), "with their place");
    CHECK(fl_error_list_count(errors) == 2, "and warn besides");
    fl_error_list_destroy(errors);
    errors = NULL;
    CHECK(apply_spread(engine, HEAVIEST, 13, &errors) == FL_ERROR_CONFIGURATION, "a policy can refuse hosts");
    CHECK(fl_error_list_get(errors, 0, &error) == FL_OK && is_text(error.message, "13 is unlucky"), "in its own words");
    fl_error_list_destroy(errors);
}

static void is_judged(fl_engine *engine) {
    struct spread spread = {0, 0, 0, 0, 0, 0, 0, 0};
    fl_policy_v1 policy = spread_policy(&spread);
    CHECK(fl_engine_register_policy(engine, &policy) == FL_ERROR_NAME_TAKEN, "a policy cannot be replaced");
    policy.name = fl_bytes_of("envoy.extensions.load_balancing_policies.maglev.v3.Maglev");
    CHECK(fl_engine_register_policy(engine, &policy) == FL_ERROR_NAME_TAKEN, "not even a built-in one");
    policy.name = fl_bytes_of("");
    CHECK(fl_engine_register_policy(engine, &policy) == FL_ERROR_INVALID_ARGUMENT, "a policy needs a name");
    policy = spread_policy(&spread);
    policy.name = fl_bytes_of("example.Other");
    policy.abi_version = 2;
    CHECK(fl_engine_register_policy(engine, &policy) == FL_ERROR_ABI_VERSION, "and the right version");
    policy.abi_version = FL_POLICY_ABI_VERSION;
    policy.worker_words = 9;
    CHECK(fl_engine_register_policy(engine, &policy) == FL_ERROR_INVALID_ARGUMENT, "and not too many words");
    policy.worker_words = 8;
    policy.pick = NULL;
    CHECK(fl_engine_register_policy(engine, &policy) == FL_ERROR_INVALID_ARGUMENT, "and a pick");
    policy.pick = spread_pick;
    policy.build = NULL;
    CHECK(fl_engine_register_policy(engine, &policy) == FL_ERROR_INVALID_ARGUMENT, "and a build");
    policy.struct_size = 12;
    CHECK(fl_engine_register_policy(engine, &policy) == FL_ERROR_STRUCT_SIZE, "and its size");
    CHECK(spread.destroyed == 0, "a policy that is refused is not destroyed");
}

static void lives_as_long_as_it_is_used(void) {
    struct spread spread = {0, 0, 0, 0, 0, 0, 0, 0};
    fl_policy_v1 policy = spread_policy(&spread);
    fl_engine *engine = NULL;
    fl_worker *worker = NULL;
    policy.check = NULL;
    fl_engine_create(NULL, &engine);
    CHECK(fl_engine_register_policy(engine, &policy) == FL_OK, "a policy needs no check");
    CHECK(apply_spread(engine, HEAVIEST, 13, NULL) == FL_OK, "then nothing is refused");
    worker = make_worker(engine);
    fl_engine_destroy(engine);
    CHECK(spread.destroyed == 0 && pick_and_end(worker, NULL) == 2, "a policy lives as long as a worker uses it");
    fl_worker_destroy(worker);
    CHECK(spread.destroyed == 1, "and is destroyed once");
}

void test_policies(void) {
    struct spread spread = {0, 0, 0, 0, 0, 0, 0, 0};
    fl_policy_v1 policy = spread_policy(&spread);
    fl_engine *engine = NULL;
    fl_worker *worker = NULL;
    fl_engine_create(NULL, &engine);
    worker = make_worker(engine);
    CHECK(fl_engine_register_policy(engine, &policy) == FL_OK, "a policy is registered");
    memset(&policy, 0, sizeof policy);
    picks(engine, worker, &spread);
    is_heard(engine);
    is_judged(engine);
    fl_worker_destroy(worker);
    fl_engine_destroy(engine);
    CHECK(spread.destroyed == 1, "a policy is destroyed with its engine");
    lives_as_long_as_it_is_used();
}
