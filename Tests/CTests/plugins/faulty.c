/* Fairlead: plugins that are none, one for each FAULT
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fairlead/plugin.h"

static void build(void *user_data, const fl_policy_hosts *hosts, const fl_policy_parameters *parameters,
                  const fl_table_writer *writer) {
    (void)user_data, (void)hosts, (void)parameters, (void)writer;
}

static int64_t pick(void *user_data, fl_bytes table, fl_pick_context *context) {
    (void)user_data, (void)table, (void)context;
    return 9999;
}

static fl_policy_v1 policies[2];

static fl_policy_v1 *policy(int index, const char *name) {
    FL_INIT(&policies[index]);
    policies[index].abi_version = FL_POLICY_ABI_VERSION;
    policies[index].name = fl_bytes_of(name);
    policies[index].build = build;
    policies[index].pick = pick;
    return &policies[index];
}

#ifndef NO_ENTRY
FL_PLUGIN_EXPORT const fl_plugin_v1 *fl_plugin_entry(void) {
    static const fl_policy_v1 *list[2];
    static fl_plugin_v1 plugin;
    FL_INIT(&plugin);
    plugin.abi_version = FL_PLUGIN_ABI_VERSION;
    plugin.policies = list;
    plugin.policy_count = 2;
    list[0] = policy(0, "example.First");
    list[1] = policy(1, "example.Second");
#if defined NULL_ANSWER
    return NULL;
#elif defined NO_SIZE
    plugin.struct_size = 0;
#elif defined OTHER_VERSION
    plugin.abi_version = FL_PLUGIN_ABI_VERSION + 1;
#elif defined NULL_POLICY
    list[1] = NULL;
#elif defined NO_PICK
    policies[1].pick = NULL;
#elif defined SAME_NAMES
    policies[1].name = policies[0].name;
#endif
    return &plugin;
}
#else
const void *unused(void) { return policy(0, "example.First"); }
#endif
