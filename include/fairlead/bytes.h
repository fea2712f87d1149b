/* Fairlead: borrowed bytes
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FAIRLEAD_BYTES_H
#define FAIRLEAD_BYTES_H

#include "declare.h"

FL_BEGIN_DECLARATIONS

/* A run of bytes that somebody else owns: most often text in UTF-8, without a NUL at its end unless the function that
 * hands it out promises one.
 *
 * `data` is NULL for what is not there at all (then `size` has to be 0), as opposed to what is there and empty.
 */
typedef struct fl_bytes {
    const char *data;
    size_t size;
} fl_bytes;

/* One header line of a request: the name in any case, the value without blanks around it. Neither may be missing. */
typedef struct fl_header {
    fl_bytes name;
    fl_bytes value;
} fl_header;

/* Bytes that are not there. */
static inline fl_bytes fl_bytes_missing(void) {
    fl_bytes bytes;
    bytes.data = NULL;
    bytes.size = 0;
    return bytes;
}

/* Borrows a text that ends with a NUL; NULL gives missing bytes. */
static inline fl_bytes fl_bytes_of(const char *text) {
    fl_bytes bytes;
    bytes.data = text;
    bytes.size = text == NULL ? 0 : strlen(text);
    return bytes;
}

/* Borrows `size` bytes at `data`. */
static inline fl_bytes fl_bytes_make(const char *data, size_t size) {
    fl_bytes bytes;
    bytes.data = data;
    bytes.size = size;
    return bytes;
}

/* Whether both hold the same bytes: 1 or 0. Missing bytes equal only missing ones. */
static inline int fl_bytes_equal(fl_bytes left, fl_bytes right) {
    if (left.size != right.size || (left.data == NULL) != (right.data == NULL)) return 0;
    return left.size == 0 || memcmp(left.data, right.data, left.size) == 0;
}

FL_END_DECLARATIONS

#endif
