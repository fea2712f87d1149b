/* Fairlead: which version this is, and what it can do
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FAIRLEAD_VERSION_H
#define FAIRLEAD_VERSION_H

#include "declare.h"

FL_BEGIN_DECLARATIONS

/* The version of these headers, and the same as one number: major * 1000000 + minor * 1000 + patch. */
#define FL_VERSION_MAJOR 0
#define FL_VERSION_MINOR 1
#define FL_VERSION_PATCH 0
#define FL_VERSION 1000

/* The version of the binary interface: a program works with every library of the same number, however old or new the
 * two are. It counts up when something breaks: a symbol goes, a struct of fixed size changes, a number changes its
 * meaning. It is the number in the name of the shared library, libfairlead.so.1. */
#define FL_ABI_VERSION 1

/* The version of the library that is running, as FL_VERSION gives that of the headers.
 *
 * Ownership: nothing. Threads: any. Returns: the number. Since: 0.1.
 */
FL_API uint32_t fl_version(void);

/* The version of the library that is running, as text: "0.1.0".
 *
 * Ownership: the text is constant and stays for ever. Threads: any. Returns: never NULL. Since: 0.1.
 */
FL_API const char *fl_version_text(void);

/* The version of the binary interface of the library that is running: compare it with FL_ABI_VERSION after dlopen.
 *
 * Ownership: nothing. Threads: any. Returns: the number. Since: 0.1.
 */
FL_API uint32_t fl_abi_version(void);

/* What a library can be built with or without. */
typedef uint64_t fl_features;

enum {
    /* Configurations in YAML. */
    FL_FEATURE_YAML = 1 << 0,
    /* Configurations in JSON. */
    FL_FEATURE_JSON = 1 << 1,
    /* Configurations in protobuf's binary form. */
    FL_FEATURE_PROTOBUF = 1 << 2,
    /* Patterns, by RE2. */
    FL_FEATURE_RE2 = 1 << 3,
    /* Load-balancing policies written in C. */
    FL_FEATURE_C_POLICIES = 1 << 4
};

/* What the library that is running can do.
 *
 * Ownership: nothing. Threads: any. Returns: FL_FEATURE_... flags. Since: 0.1.
 */
FL_API fl_features fl_supported_features(void);

FL_END_DECLARATIONS

#endif
