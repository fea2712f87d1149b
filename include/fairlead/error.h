/* Fairlead: what is wrong with a configuration, and where
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FAIRLEAD_ERROR_H
#define FAIRLEAD_ERROR_H

#include "bytes.h"
#include "status.h"

FL_BEGIN_DECLARATIONS

/* How bad something is. */
typedef uint32_t fl_severity;

enum {
    /* Worth knowing; the configuration is taken. */
    FL_SEVERITY_WARNING = 0,
    /* The configuration is refused. */
    FL_SEVERITY_ERROR = 1
};

/* One thing that is wrong. All texts end with a NUL that `size` does not count, and are borrowed from their list. */
typedef struct fl_error {
    uint32_t struct_size;
    fl_severity severity;
    /* What kind of thing it is, in kebab case, stable across versions: "unknown-field". The set is open. */
    fl_bytes code;
    /* Where it is in Envoy's schema: "clusters[3].load_assignment.endpoints[0]". Empty for the whole. */
    fl_bytes path;
    /* A sentence for people. */
    fl_bytes message;
    /* The name of the file; missing when none was told. */
    fl_bytes file;
    /* Line and column in that file, both from 1; 0 when not known, as for protobuf. */
    uint32_t line;
    uint32_t column;
    /* All of it in one line: "envoy.yaml:12:7: error: clusters[3].name: is missing [missing-field]". */
    fl_bytes text;
} fl_error;

/* Everything that one call found, in the order in which it was found: never only the first. */
typedef struct fl_error_list fl_error_list;

/* How many there are, warnings included.
 *
 * Ownership: nothing. Threads: any. Returns: the number; 0 for NULL. Since: 0.1.
 */
FL_API size_t fl_error_list_count(const fl_error_list *list);

/* Tells about the one at `index`, 0 ... count - 1.
 *
 * Ownership: the texts are borrowed from the list until it is destroyed. Threads: any.
 * Returns: FL_OK; FL_ERROR_NOT_FOUND when there is none at that index; FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE.
 * Since: 0.1.
 */
FL_API fl_status fl_error_list_get(const fl_error_list *list, size_t index, fl_error *out_error);

/* Frees a list and its texts.
 *
 * Ownership: takes the list; NULL is fine. Threads: any. Returns: nothing. Since: 0.1.
 */
FL_API void fl_error_list_destroy(fl_error_list *list);

FL_END_DECLARATIONS

#endif
