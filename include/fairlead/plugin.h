/* Fairlead: plugins in shared objects
 * SPDX-License-Identifier: Apache-2.0
 *
 * A shared object becomes a plugin by one function, which tells what the object brings:
 *
 *     static const fl_policy_v1 *const policies[] = {&idlest};
 *     static const fl_plugin_v1 plugin = {sizeof plugin, FL_PLUGIN_ABI_VERSION, policies, 1};
 *
 *     FL_PLUGIN_EXPORT const fl_plugin_v1 *fl_plugin_entry(void) { return &plugin; }
 *
 * It needs nothing of the library but these headers. Examples/plugin is a complete one.
 */
#ifndef FAIRLEAD_PLUGIN_H
#define FAIRLEAD_PLUGIN_H

#include "policy.h"

FL_BEGIN_DECLARATIONS

/* The version of fl_plugin_v1. */
#define FL_PLUGIN_ABI_VERSION 1

/* The name of a plugin's function. */
#define FL_PLUGIN_ENTRY "fl_plugin_entry"

/* Makes a plugin's function visible, whatever the flags of the compiler hide. */
#ifdef __cplusplus
#define FL_PLUGIN_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define FL_PLUGIN_EXPORT __attribute__((visibility("default")))
#endif

/* What a shared object brings. */
typedef struct fl_plugin_v1 {
    uint32_t struct_size;
    /* FL_PLUGIN_ABI_VERSION. */
    uint32_t abi_version;
    /* The policies, `policy_count` of them. */
    const fl_policy_v1 *const *policies;
    size_t policy_count;
} fl_plugin_v1;

/* A plugin's function. What it answers has to stay as long as the object is loaded. */
typedef const fl_plugin_v1 *(*fl_plugin_entry_fn)(void);

struct fl_engine;

/* Loads the shared object at `path`, as dlopen(3) finds it, and makes the engine know its policies: all of them, or, when
 * one is refused, none. The object stays loaded until the process ends; loading it again gives the next engine its
 * policies too.
 *
 * `out_errors` may be NULL; what went wrong stands there with `path` as its file.
 *
 * Ownership: the caller destroys the error list. Threads: any; initialisers of the object run in this thread.
 * Returns: FL_OK; FL_ERROR_PLUGIN when it cannot be loaded, is no plugin, or one of its policies is refused;
 * FL_ERROR_INVALID_ARGUMENT. Since: 0.1.
 */
FL_API fl_status fl_engine_load_plugin(struct fl_engine *engine, fl_bytes path, fl_error_list **out_errors);

FL_END_DECLARATIONS

#endif
