/* Fairlead: how a call went
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FAIRLEAD_STATUS_H
#define FAIRLEAD_STATUS_H

#include "declare.h"

FL_BEGIN_DECLARATIONS

/* How a call went: FL_OK, a positive number that is no error either, or a negative one that is.
 *
 * Errors are grouped by hundreds. A number never changes its meaning and is never used again; later versions may add
 * some, so a switch needs its default.
 */
typedef int32_t fl_status;

enum {
    /* Done. */
    FL_OK = 0,
    /* An iteration is at its end: nothing was handed out. */
    FL_DONE = 1,

    /* 100: the arguments of the call. Nothing was done. */

    /* A pointer is NULL that must not be, or a number is outside of its range. */
    FL_ERROR_INVALID_ARGUMENT = -101,
    /* A struct_size is smaller than the first version of the struct: it was not set. */
    FL_ERROR_STRUCT_SIZE = -102,
    /* Program or plugin were compiled against headers with another FL_ABI_VERSION. */
    FL_ERROR_ABI_VERSION = -103,
    /* The result does not fit into the buffer; the length that it needs was told. */
    FL_ERROR_BUFFER_TOO_SMALL = -104,

    /* 200: the state of the object. Nothing was done. */

    /* The exchange was begun already and not ended. */
    FL_ERROR_EXCHANGE_OPEN = -201,
    /* The exchange was not begun, or ended already. */
    FL_ERROR_EXCHANGE_NOT_OPEN = -202,
    /* The attempt was picked already and not reported. */
    FL_ERROR_ATTEMPT_OPEN = -203,
    /* The attempt was not picked, or reported already. */
    FL_ERROR_ATTEMPT_NOT_OPEN = -204,
    /* The attempt was detached: it knows its endpoint no more. */
    FL_ERROR_ATTEMPT_DETACHED = -205,
    /* Something is still open on the worker. */
    FL_ERROR_BUSY = -206,

    /* 300: the configuration. What was being served goes on being served, unchanged. */

    /* The error list has at least one error. */
    FL_ERROR_CONFIGURATION = -301,
    /* No resource type is called so. */
    FL_ERROR_UNKNOWN_RESOURCE_TYPE = -302,
    /* Nothing is called so. */
    FL_ERROR_NOT_FOUND = -303,
    /* Something else is called so already. */
    FL_ERROR_NAME_TAKEN = -304,
    /* Another update was published since the candidate was prepared. */
    FL_ERROR_STALE = -305,
    /* The candidate was published already. */
    FL_ERROR_PUBLISHED = -306,
    /* The shared object cannot be loaded, or is no plugin that can be used; the error list says why. */
    FL_ERROR_PLUGIN = -307,

    /* 400: limits. */

    /* There are as many workers as the engine's options allow. */
    FL_ERROR_TOO_MANY_WORKERS = -401
};

/* A few words on a status, in English, for logs.
 *
 * Ownership: the text is constant and stays for ever. Threads: any.
 * Returns: never NULL; for numbers that the library does not know it says so. Since: 0.1.
 */
FL_API const char *fl_status_text(fl_status status);

FL_END_DECLARATIONS

#endif
