/* Fairlead: tests of versions and statuses
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

#include <stdio.h>

void test_versions(void) {
    static const fl_status statuses[] = {
        FL_OK, FL_DONE, FL_ERROR_INVALID_ARGUMENT, FL_ERROR_STRUCT_SIZE, FL_ERROR_ABI_VERSION,
        FL_ERROR_BUFFER_TOO_SMALL, FL_ERROR_EXCHANGE_OPEN, FL_ERROR_EXCHANGE_NOT_OPEN, FL_ERROR_ATTEMPT_OPEN,
        FL_ERROR_ATTEMPT_NOT_OPEN, FL_ERROR_ATTEMPT_DETACHED, FL_ERROR_BUSY, FL_ERROR_CONFIGURATION,
        FL_ERROR_UNKNOWN_RESOURCE_TYPE, FL_ERROR_NOT_FOUND, FL_ERROR_NAME_TAKEN, FL_ERROR_STALE,
        FL_ERROR_PUBLISHED, FL_ERROR_PLUGIN, FL_ERROR_TOO_MANY_WORKERS,
    };
    static const size_t count = sizeof statuses / sizeof statuses[0];
    char text[32];
    size_t one;
    size_t other;
    int distinct = 1;

    CHECK(fl_version() == FL_VERSION, "the library has the version of its headers");
    CHECK(fl_abi_version() == FL_ABI_VERSION, "the library has the binary interface of its headers");
    snprintf(text, sizeof text, "%d.%d.%d", FL_VERSION_MAJOR, FL_VERSION_MINOR, FL_VERSION_PATCH);
    CHECK(strcmp(fl_version_text(), text) == 0, "the version as text says the same as its parts");
    CHECK(FL_VERSION == FL_VERSION_MAJOR * 1000000 + FL_VERSION_MINOR * 1000 + FL_VERSION_PATCH,
          "the version as a number says the same as its parts");
    CHECK(fl_supported_features() == (FL_FEATURE_YAML | FL_FEATURE_JSON | FL_FEATURE_PROTOBUF | FL_FEATURE_RE2 |
                                      FL_FEATURE_C_POLICIES),
          "all notations, RE2 and C policies are there");

    for (one = 0; one < count; one++) {
        if (fl_status_text(statuses[one])[0] == 0) distinct = 0;
        for (other = 0; other < one; other++) {
            if (strcmp(fl_status_text(statuses[one]), fl_status_text(statuses[other])) == 0) distinct = 0;
        }
    }
    CHECK(distinct, "every status has words of its own");
    CHECK(strcmp(fl_status_text(-999), fl_status_text(12345)) == 0, "unknown statuses are called unknown");
}
