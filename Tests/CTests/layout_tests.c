/* Fairlead: tests of what programs were compiled with: sizes of structs, numbers of constants
 * SPDX-License-Identifier: Apache-2.0
 *
 * A size that changes breaks programs unless it grows behind struct_size; a number that changes always does. Sizes are
 * those of 64-bit machines.
 */
#include "check.h"

void test_layouts(void) {
    CHECK(sizeof(fl_bytes) == 16 && sizeof(fl_header) == 32, "bytes and headers have their sizes");
    CHECK(sizeof(fl_exchange) == 384 && sizeof(fl_attempt) == 128, "exchange and attempt have their fixed sizes");
    CHECK(sizeof(fl_engine_options) == 104 && sizeof(fl_document) == 48 && sizeof(fl_error) == 96,
          "the structs of the control side have their sizes");
    CHECK(sizeof(fl_request) == 144 && sizeof(fl_fact) == 88 && sizeof(fl_value) == 48 && sizeof(fl_outcome) == 48 && sizeof(fl_verdict) == 16,
          "the structs of a decision have their sizes");
    CHECK(sizeof(fl_endpoint) == 160 && sizeof(fl_route) == 152 && sizeof(fl_header_mutation) == 56 &&
              sizeof(fl_exchange_facts) == 120 && sizeof(fl_timeouts) == 48 && sizeof(fl_filter_config) == 40 &&
              sizeof(fl_route_notes) == 64 &&
              sizeof(fl_statistics) == 160,
          "the structs that are filled have their sizes");
    CHECK(sizeof(fl_rate_limit_query) == 32 && sizeof(fl_rate_limit) == 32 && FL_RATE_LIMIT_HAS_LIMIT == 1 &&
              FL_RATE_LIMIT_UNIT_YEAR == 6 && FL_RATE_LIMIT_HOST_RULES_IGNORE == 2,
          "the structs of rate limits have their sizes");
    CHECK(sizeof(fl_preparation) == 208 && FL_PREPARED_GRPC == 1 && FL_PREPARED_UPGRADE == 2 &&
              FL_REQUEST_ENCRYPTED == 16 && FL_REQUEST_UNKNOWN == 32,
          "the struct of a preparation has its size, and its flags their numbers");
    CHECK(sizeof(fl_permit) == 32 && sizeof(fl_gauge) == 16 && sizeof(fl_breakers) == 128 &&
              FL_PERMIT_CONNECTION == 0 && FL_PERMIT_PENDING_REQUEST == 1 && FL_PERMIT_CONNECTION_POOL == 2 &&
              FL_PERMIT_FORCED == 1 && sizeof(fl_observation) == 40 && FL_OBSERVATION_EJECTED == 1 && FL_BREAKERS_TRACK_REMAINING == 1,
          "permits have their size, and what they are about has numbers");
    CHECK(sizeof(fl_policy_v1) == 72 && sizeof(fl_policy_hosts) == 48 && sizeof(fl_policy_parameters) == 32 &&
              sizeof(fl_policy_parameter) == 56 && sizeof(fl_policy_reporter) == 24 && sizeof(fl_table_writer) == 24 &&
              sizeof(fl_pick_context) == 72,
          "the structs of policies have their sizes");
    CHECK(sizeof(fl_plugin_v1) == 24 && FL_PLUGIN_ABI_VERSION == 1, "so has that of plugins");
    CHECK(FL_OK == 0 && FL_DONE == 1 && FL_ERROR_INVALID_ARGUMENT == -101 && FL_ERROR_STRUCT_SIZE == -102 &&
              FL_ERROR_ABI_VERSION == -103 && FL_ERROR_BUFFER_TOO_SMALL == -104 && FL_ERROR_EXCHANGE_OPEN == -201 &&
              FL_ERROR_EXCHANGE_NOT_OPEN == -202 && FL_ERROR_ATTEMPT_OPEN == -203 &&
              FL_ERROR_ATTEMPT_NOT_OPEN == -204 &&
              FL_ERROR_ATTEMPT_DETACHED == -205 && FL_ERROR_BUSY == -206 && FL_ERROR_CONFIGURATION == -301 &&
              FL_ERROR_UNKNOWN_RESOURCE_TYPE == -302 && FL_ERROR_NOT_FOUND == -303 && FL_ERROR_NAME_TAKEN == -304 &&
              FL_ERROR_STALE == -305 && FL_ERROR_PUBLISHED == -306 && FL_ERROR_PLUGIN == -307 &&
              FL_ERROR_TOO_MANY_WORKERS == -401,
          "statuses keep their numbers");
    CHECK(FL_DISPOSITION_FORWARD == 1 && FL_DISPOSITION_REDIRECT == 2 && FL_DISPOSITION_DIRECT_RESPONSE == 3 &&
              FL_DISPOSITION_TLS_REDIRECT == 4 && FL_DISPOSITION_NON_FORWARDING == 5 && FL_DISPOSITION_BAD_REQUEST == 6,
          "dispositions keep their numbers");
    CHECK(FL_PICK_ENDPOINT == 0 && FL_PICK_CLUSTER_NOT_FOUND == 1 && FL_PICK_NO_ENDPOINT == 2 && FL_PICK_DROPPED == 3 &&
              FL_PICK_NOT_FORWARDING == 4 && FL_PICK_OVERFLOW == 5,
          "picks keep their numbers");
    CHECK(FL_OUTCOME_RESPONSE == 0 && FL_OUTCOME_CONNECT_FAILURE == 1 && FL_OUTCOME_RESET == 2 &&
              FL_OUTCOME_REFUSED_STREAM == 3 && FL_OUTCOME_PER_TRY_TIMEOUT == 4 && FL_OUTCOME_TIMEOUT == 5 &&
              FL_OUTCOME_CANCELLED == 6 && FL_OUTCOME_OVERFLOW == 7,
          "outcomes keep their numbers");
    CHECK(FL_VALUE_NULL == 0 && FL_VALUE_BOOL == 1 && FL_VALUE_NUMBER == 2 && FL_VALUE_TEXT == 3 &&
              FL_VALUE_LIST == 4 && FL_VALUE_STRUCTURE == 5 && FL_VALUE_ADDRESS == 6 && FL_FACT_METADATA == 0 &&
              FL_FACT_FILTER_STATE == 1,
          "facts keep their numbers");
    CHECK(FL_RESOURCE_LISTENER == 1 && FL_RESOURCE_ROUTE_CONFIGURATION == 2 && FL_RESOURCE_CLUSTER == 3 &&
              FL_RESOURCE_ENDPOINTS == 4 && FL_RESOURCE_RUNTIME == 5 && FL_FORMAT_YAML == 1 && FL_FORMAT_JSON == 2 && FL_FORMAT_PROTOBUF == 3,
          "resources and formats keep their numbers");
    CHECK(FL_CHANGE_LISTENER == 0 && FL_CHANGE_ROUTE_CONFIGURATION == 1 && FL_CHANGE_VIRTUAL_HOST == 2 &&
              FL_CHANGE_CLUSTER == 3 && FL_CHANGE_ENDPOINTS == 4 && FL_CHANGE_RUNTIME == 5 && FL_CHANGE_ADDED == 0 &&
              FL_CHANGE_REMOVED == 1 && FL_CHANGE_CHANGED == 2,
          "changes keep their numbers");
}
