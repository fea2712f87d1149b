/* Fairlead: load-balancing policies written in C
 * SPDX-License-Identifier: Apache-2.0
 *
 * A policy has two sides. The control side, `check` and `build`, runs when a configuration is applied: it judges, and
 * turns a list of hosts into a table of bytes. The data side, `pick`, runs on the workers for every attempt: it reads
 * the table and answers an index into the list of hosts.
 *
 * A table is flat: bytes that mean the same wherever they lie, without pointers. The engine keeps it beside the hosts
 * that it was built for and publishes both at once, so that a pick can never see one without the other. The same hosts
 * and parameters have to give the same bytes, always; then nothing needs to be told about a table but its bytes.
 *
 * No function of a policy may throw a C++ exception or jump out.
 *
 * Configurations ask for a policy by its name, as the type of a typed extension configuration:
 *
 *     load_balancing_policy:
 *       policies:
 *       - typed_extension_config:
 *           name: heaviest
 *           typed_config:
 *             "@type": type.googleapis.com/xds.type.v3.TypedStruct
 *             type_url: example.com/example.Heaviest               the policy called "example.Heaviest"
 *             value: { threshold: 3 }                              the parameter "threshold"
 */
#ifndef FAIRLEAD_POLICY_H
#define FAIRLEAD_POLICY_H

#include "bytes.h"
#include "error.h"

FL_BEGIN_DECLARATIONS

/* The version of fl_policy_v1 and of the structs that its functions get. */
#define FL_POLICY_ABI_VERSION 1

/* For which hosts a policy builds tables, and what it needs to know of them. */
typedef uint32_t fl_policy_flags;

enum {
    /* One table for each priority over its healthy hosts, and the request's hash decides the priority too: for
     * consistent hashing. Without it, one table for each list that can be picked from: healthy, degraded or, in
     * panic, all hosts of a priority, and each locality of those where localities are weighted. */
    FL_POLICY_PER_PRIORITY = 1 << 0,
    /* The hash keys of the hosts are wanted. */
    FL_POLICY_NEEDS_HASH_KEYS = 1 << 1,
    /* A host's name stands in for its address as its hash key. */
    FL_POLICY_PREFERS_HOSTNAMES = 1 << 2
};

/* The hosts that one table is for. All arrays are by index in this list. */
typedef struct fl_policy_hosts {
    uint32_t struct_size;
    /* How many hosts there are. */
    uint32_t count;
    /* Their weights, each at least 1. */
    const uint32_t *weights;
    /* What consistent hashing hashes for each host; NULL unless FL_POLICY_NEEDS_HASH_KEYS. */
    const fl_bytes *hash_keys;
    /* The index into `locality_weights` for each host; NULL unless localities are weighted. */
    const uint32_t *localities;
    /* The weight of each locality; NULL unless localities are weighted. */
    const uint32_t *locality_weights;
    uint32_t locality_count;
    /* Nothing yet. */
    uint32_t reserved;
} fl_policy_hosts;

/* What a parameter's value is. */
typedef uint32_t fl_parameter_kind;

enum {
    /* 0 or 1 in `whole`. */
    FL_PARAMETER_BOOL = 0,
    /* A whole number in `whole`. */
    FL_PARAMETER_WHOLE = 1,
    /* A number in `number`. */
    FL_PARAMETER_NUMBER = 2,
    /* A text, or the name of an enumeration's value, in `text`. */
    FL_PARAMETER_TEXT = 3
};

/* One named value of a policy's configuration. */
typedef struct fl_policy_parameter {
    fl_bytes name;
    fl_bytes text;
    uint64_t whole;
    double number;
    fl_parameter_kind kind;
    /* Nothing yet. */
    uint32_t reserved;
} fl_policy_parameter;

/* A policy's configuration. */
typedef struct fl_policy_parameters {
    uint32_t struct_size;
    /* How many named values there are. */
    uint32_t count;
    /* The named values, sorted by name, each name once; those of nested messages with dots between. */
    const fl_policy_parameter *values;
    /* The bytes of the configuration's protobuf message. */
    fl_bytes payload;
} fl_policy_parameters;

/* Where `check` tells what is wrong. */
typedef struct fl_policy_reporter {
    uint32_t struct_size;
    /* Nothing yet. */
    uint32_t reserved;
    /* For `report`. */
    void *context;
    /* Notes one problem; `path` is relative to the policy's configuration and may be missing. Both texts are copied. */
    void (*report)(void *context, fl_severity severity, fl_bytes path, fl_bytes message);
} fl_policy_reporter;

/* Where `build` writes its table. */
typedef struct fl_table_writer {
    uint32_t struct_size;
    /* Nothing yet. */
    uint32_t reserved;
    /* For `append`. */
    void *context;
    /* Appends `size` bytes to the table. */
    void (*append)(void *context, const void *bytes, size_t size);
} fl_table_writer;

/* What `pick` knows. */
typedef struct fl_pick_context {
    uint32_t struct_size;
    /* Which try of host selection this is: 0 first, one more each time that a retry refused a host that was tried. */
    uint32_t attempt;
    /* The request's hash; random bits when there was none. */
    uint64_t hash;
    /* 1 when the hash comes from the request, 0 when it comes from chance. */
    uint32_t has_hash;
    /* How many hosts the list has. */
    uint32_t host_count;
    /* Requests that are open on the whole cluster; negative when that is not known. */
    int64_t cluster_active_requests;
    /* The policy's own words for this worker and list of hosts, all zero at first: for cursors. No other thread sees
     * them. */
    uint64_t *worker_words;
    size_t worker_word_count;
    /* For the functions below. */
    void *context;
    /* The next 64 random bits of the worker. */
    uint64_t (*random)(void *context);
    /* Requests that are open on the host at `index` now, over all workers; 0 for an index out of range. */
    uint64_t (*active_requests)(void *context, uint32_t index);
} fl_pick_context;

/* Judges parameters (`hosts` is NULL), or hosts under parameters that were found good. Everything is borrowed for the
 * length of the call. */
typedef void (*fl_policy_check_fn)(void *user_data, const fl_policy_hosts *hosts,
                                   const fl_policy_parameters *parameters, const fl_policy_reporter *reporter);

/* Writes the table for a list of hosts that was found good; it cannot fail. Everything is borrowed for the length of
 * the call. */
typedef void (*fl_policy_build_fn)(void *user_data, const fl_policy_hosts *hosts,
                                   const fl_policy_parameters *parameters, const fl_table_writer *writer);

/* Picks: an index below host_count, or a negative number for none. Any other answer is refused and counted as a fault
 * of the policy. `table` is what was built, with zero bytes up to a multiple of 8, and aligned to 8; it may be empty.
 *
 * Many threads call it at once. It may not block, allocate, or call a function of this library. */
typedef int64_t (*fl_policy_pick_fn)(void *user_data, fl_bytes table, fl_pick_context *context);

/* The last call. Any thread may make it. */
typedef void (*fl_policy_destroy_fn)(void *user_data);

/* A load-balancing policy, for fl_engine_register_policy. `check`, `build` and `destroy` are called by one thread at a
 * time, but not always by the same. */
typedef struct fl_policy_v1 {
    uint32_t struct_size;
    /* FL_POLICY_ABI_VERSION. */
    uint32_t abi_version;
    /* The name by which configurations ask for it. */
    fl_bytes name;
    fl_policy_flags flags;
    /* How many 64-bit words of its own `pick` keeps for each worker and list of hosts, at most 8. */
    uint32_t worker_words;
    /* Handed to every function. */
    void *user_data;
    /* May be NULL: anything is fine. */
    fl_policy_check_fn check;
    fl_policy_build_fn build;
    fl_policy_pick_fn pick;
    /* May be NULL. */
    fl_policy_destroy_fn destroy;
} fl_policy_v1;

FL_END_DECLARATIONS

#endif
