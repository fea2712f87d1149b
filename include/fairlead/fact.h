/* Fairlead: what a host knows of a request beyond its head
 * SPDX-License-Identifier: Apache-2.0
 *
 * Routes can ask for dynamic metadata, which a host's filters write, and for filter state. A host that has such hands
 * them over with the request, as a flat list: each value that is no structure is a fact of its own, with the names that
 * lead to it.
 *
 *     fl_bytes path[] = { fl_bytes_of("user"), fl_bytes_of("tier") };
 *     fl_fact facts[2];
 *     facts[0] = fl_fact_metadata(fl_bytes_of("com.example.auth"), path, 2, fl_value_text(fl_bytes_of("gold")));
 *     facts[1] = fl_fact_filter_state(fl_bytes_of("client"), fl_value_address(fl_bytes_of("10.0.0.1")));
 *     request.facts = facts;
 *     request.fact_count = 2;
 */
#ifndef FAIRLEAD_FACT_H
#define FAIRLEAD_FACT_H

#include "bytes.h"

FL_BEGIN_DECLARATIONS

/* What a value is. */
typedef uint32_t fl_value_kind;

enum {
    FL_VALUE_NULL = 0,
    FL_VALUE_BOOL = 1,
    FL_VALUE_NUMBER = 2,
    FL_VALUE_TEXT = 3,
    FL_VALUE_LIST = 4,
    /* Named values. Only one without any is a fact by itself. */
    FL_VALUE_STRUCTURE = 5,
    /* An IP address as text, without a port: "10.0.0.1". Only filter state holds such. */
    FL_VALUE_ADDRESS = 6
};

/* A value. Members that its kind does not use are not read. */
typedef struct fl_value {
    fl_value_kind kind;
    /* FL_VALUE_BOOL: 1 or 0. */
    uint32_t flag;
    /* FL_VALUE_NUMBER. */
    double number;
    /* FL_VALUE_TEXT and FL_VALUE_ADDRESS. */
    fl_bytes text;
    /* FL_VALUE_LIST. */
    const struct fl_value *items;
    size_t item_count;
} fl_value;

/* Where a fact comes from. */
typedef uint32_t fl_fact_source;

enum {
    /* Dynamic metadata, by the filter's name and a path. */
    FL_FACT_METADATA = 0,
    /* Filter state, by a key. */
    FL_FACT_FILTER_STATE = 1
};

/* One fact. Everything is borrowed for the length of a call. */
typedef struct fl_fact {
    fl_fact_source source;
    /* Nothing yet. */
    uint32_t reserved;
    /* The filter's name, or the key. */
    fl_bytes name;
    /* FL_FACT_METADATA: the names that lead to the value, at least one. */
    const fl_bytes *path;
    size_t path_count;
    fl_value value;
} fl_fact;

/* A value that is nothing. */
static inline fl_value fl_value_null(void) {
    fl_value value;
    memset(&value, 0, sizeof value);
    return value;
}

/* A truth value. */
static inline fl_value fl_value_bool(int flag) {
    fl_value value = fl_value_null();
    value.kind = FL_VALUE_BOOL;
    value.flag = flag != 0;
    return value;
}

/* A number. */
static inline fl_value fl_value_number(double number) {
    fl_value value = fl_value_null();
    value.kind = FL_VALUE_NUMBER;
    value.number = number;
    return value;
}

/* A text. */
static inline fl_value fl_value_text(fl_bytes text) {
    fl_value value = fl_value_null();
    value.kind = FL_VALUE_TEXT;
    value.text = text;
    return value;
}

/* An IP address as text, without a port. */
static inline fl_value fl_value_address(fl_bytes text) {
    fl_value value = fl_value_text(text);
    value.kind = FL_VALUE_ADDRESS;
    return value;
}

/* A list of `count` values. */
static inline fl_value fl_value_list(const fl_value *items, size_t count) {
    fl_value value = fl_value_null();
    value.kind = FL_VALUE_LIST;
    value.items = items;
    value.item_count = count;
    return value;
}

/* Dynamic metadata of the filter `filter`: the value that `count` names lead to. */
static inline fl_fact fl_fact_metadata(fl_bytes filter, const fl_bytes *path, size_t count, fl_value value) {
    fl_fact fact;
    memset(&fact, 0, sizeof fact);
    fact.source = FL_FACT_METADATA;
    fact.name = filter;
    fact.path = path;
    fact.path_count = count;
    fact.value = value;
    return fact;
}

/* The filter state called `key`: a text or an address. */
static inline fl_fact fl_fact_filter_state(fl_bytes key, fl_value value) {
    fl_fact fact;
    memset(&fact, 0, sizeof fact);
    fact.source = FL_FACT_FILTER_STATE;
    fact.name = key;
    fact.value = value;
    return fact;
}

FL_END_DECLARATIONS

#endif
