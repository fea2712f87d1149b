/* Fairlead: what all C tests share: checks that print a line each, and the fixtures
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FAIRLEAD_TESTS_CHECK_H
#define FAIRLEAD_TESTS_CHECK_H

#include "fairlead.h"

/* Notes one check and prints its line. The name is a sentence about behaviour. */
void check(int holds, const char *name, const char *file, int line);

#define CHECK(condition, name) check((condition) ? 1 : 0, (name), __FILE__, __LINE__)

/* Whether `bytes` hold exactly `text`. */
int is_text(fl_bytes bytes, const char *text);

/* The contents of a file of Tests/CTests/configurations; they stay until the program ends. */
fl_bytes configuration_file(const char *name);

/* A document of such a file, or of a text. */
fl_document document_of_file(const char *name);
fl_document document_of_text(fl_format format, const char *text);

/* An engine that serves shop.yaml. */
fl_engine *make_shop(void);

/* A worker of `engine`. */
fl_worker *make_worker(fl_engine *engine);

/* A GET request to shop.example. */
fl_request request_to(const char *path);

/* Whether `list` has an error with this code whose path begins so; frees nothing. */
int has_error(const fl_error_list *list, const char *code, const char *path);

/* The groups of checks, one for each file. */
void test_layouts(void);
void test_versions(void);
void test_configurations(void);
void test_updates(void);
void test_exchanges(void);
void test_attempts(void);
void test_permits(void);
void test_routes(void);
void test_facts(void);
void test_explanations(void);
void test_candidates(void);
void test_preparations(void);
void test_policies(void);
void test_plugins(void);
void test_workers(void);
void test_misuse(void);

#endif
