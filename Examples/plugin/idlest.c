/* Fairlead: a load-balancing policy of one's own, as a plugin
 * SPDX-License-Identifier: Apache-2.0
 *
 * "example.Idlest" looks at some hosts in turn and picks the one with the fewest open requests for its weight. Its
 * parameter "samples" says how many: 2 unless it is given, 1 to 64.
 *
 * Its table is the number of samples, and then the weight of every host.
 */
#include "fairlead/plugin.h"

#include <string.h>

enum { DEFAULT_SAMPLES = 2, MOST_SAMPLES = 64 };

/* The parameter "samples"; 0 when it is there and no good. */
static uint32_t samples_of(const fl_policy_parameters *parameters) {
    uint32_t index;
    for (index = 0; index < parameters->count; index++) {
        const fl_policy_parameter *value = &parameters->values[index];
        if (!fl_bytes_equal(value->name, fl_bytes_of("samples"))) continue;
        /* The numbers of a Struct are floating-point ones; a NaN fails the comparison. */
        if (value->kind == FL_PARAMETER_NUMBER && value->number >= 1 && value->number <= MOST_SAMPLES) {
            return (uint32_t)value->number;
        }
        if (value->kind == FL_PARAMETER_WHOLE && value->whole >= 1 && value->whole <= MOST_SAMPLES) {
            return (uint32_t)value->whole;
        }
        return 0;
    }
    return DEFAULT_SAMPLES;
}

static void check(void *user_data, const fl_policy_hosts *hosts, const fl_policy_parameters *parameters,
                  const fl_policy_reporter *reporter) {
    (void)user_data;
    /* Any hosts will do. */
    if (hosts != NULL || samples_of(parameters) != 0) return;
    reporter->report(reporter->context, FL_SEVERITY_ERROR, fl_bytes_of("samples"), fl_bytes_of("has to be 1 to 64"));
}

static void build(void *user_data, const fl_policy_hosts *hosts, const fl_policy_parameters *parameters,
                  const fl_table_writer *writer) {
    uint32_t samples = samples_of(parameters);
    (void)user_data;
    writer->append(writer->context, &samples, sizeof samples);
    writer->append(writer->context, hosts->weights, hosts->count * sizeof hosts->weights[0]);
}

static int64_t pick(void *user_data, fl_bytes table, fl_pick_context *context) {
    uint32_t samples;
    uint32_t turn;
    uint32_t best = 0;
    double fewest = 0;
    (void)user_data;
    if (context->host_count == 0 || table.size < sizeof samples * (1 + (size_t)context->host_count)) return -1;
    memcpy(&samples, table.data, sizeof samples);
    if (samples > context->host_count) samples = context->host_count;
    for (turn = 0; turn < samples; turn++) {
        /* The cursor is the worker's own: no other thread moves it. */
        uint32_t index = (uint32_t)(context->worker_words[0]++ % context->host_count);
        uint32_t weight;
        double load;
        memcpy(&weight, table.data + sizeof samples * (1 + (size_t)index), sizeof weight);
        load = (double)(context->active_requests(context->context, index) + 1) / weight;
        if (turn == 0 || load < fewest) {
            best = index;
            fewest = load;
        }
    }
    return (int64_t)best;
}

FL_PLUGIN_EXPORT const fl_plugin_v1 *fl_plugin_entry(void) {
    static fl_policy_v1 policy;
    static const fl_policy_v1 *const policies[] = {&policy};
    static fl_plugin_v1 plugin;
    FL_INIT(&policy);
    policy.abi_version = FL_POLICY_ABI_VERSION;
    policy.name = fl_bytes_of("example.Idlest");
    policy.worker_words = 1;
    policy.check = check;
    policy.build = build;
    policy.pick = pick;
    FL_INIT(&plugin);
    plugin.abi_version = FL_PLUGIN_ABI_VERSION;
    plugin.policies = policies;
    plugin.policy_count = 1;
    return &plugin;
}
