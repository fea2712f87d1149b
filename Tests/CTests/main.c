/* Fairlead: the C99 test program
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: c-tests DIRECTORY     where the configurations are
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

static int passed;
static int failed;
static const char *directory;

void check(int holds, const char *name, const char *file, int line) {
    if (holds) {
        passed++;
        printf("ok      %s\n", name);
    } else {
        failed++;
        printf("FAILED  %s (%s:%d)\n", name, file, line);
    }
    fflush(stdout);
}

int is_text(fl_bytes bytes, const char *text) { return fl_bytes_equal(bytes, fl_bytes_of(text)); }

/* Files that were read, so that they can be freed at the end. */
static struct {
    char *content;
    size_t size;
    const char *name;
} files[16];
static size_t file_count;

fl_bytes configuration_file(const char *name) {
    char path[1024];
    FILE *file;
    size_t index;
    for (index = 0; index < file_count; index++) {
        if (strcmp(files[index].name, name) == 0) return fl_bytes_make(files[index].content, files[index].size);
    }
    snprintf(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "rb");
    if (file == NULL || file_count == sizeof files / sizeof files[0]) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    files[file_count].content = (char *)malloc(65536);
    files[file_count].size = fread(files[file_count].content, 1, 65536, file);
    files[file_count].name = name;
    fclose(file);
    file_count++;
    return fl_bytes_make(files[file_count - 1].content, files[file_count - 1].size);
}

fl_document document_of_file(const char *name) {
    fl_document document;
    FL_INIT(&document);
    document.content = configuration_file(name);
    document.file = fl_bytes_of(name);
    return document;
}

fl_document document_of_text(fl_format format, const char *text) {
    fl_document document;
    FL_INIT(&document);
    document.format = format;
    document.content = fl_bytes_of(text);
    return document;
}

fl_engine *make_shop(void) {
    fl_engine *engine = NULL;
    fl_error_list *errors = NULL;
    fl_document document = document_of_file("shop.yaml");
    if (fl_engine_create(NULL, &engine) != FL_OK || fl_engine_load(engine, &document, NULL, &errors) != FL_OK) {
        fl_error error;
        size_t index;
        for (index = 0; index < fl_error_list_count(errors); index++) {
            FL_INIT(&error);
            fl_error_list_get(errors, index, &error);
            fprintf(stderr, "%s\n", error.text.data);
        }
        exit(2);
    }
    fl_error_list_destroy(errors);
    return engine;
}

fl_worker *make_worker(fl_engine *engine) {
    fl_worker *worker = NULL;
    if (fl_worker_create(engine, &worker) != FL_OK) exit(2);
    return worker;
}

fl_request request_to(const char *path) {
    fl_request request;
    FL_INIT(&request);
    request.method = fl_bytes_of("GET");
    request.scheme = fl_bytes_of("http");
    request.authority = fl_bytes_of("shop.example");
    request.path = fl_bytes_of(path);
    return request;
}

int has_error(const fl_error_list *list, const char *code, const char *path) {
    fl_error error;
    size_t index;
    for (index = 0; index < fl_error_list_count(list); index++) {
        FL_INIT(&error);
        if (fl_error_list_get(list, index, &error) != FL_OK) return 0;
        if (is_text(error.code, code) && strncmp(error.path.data, path, strlen(path)) == 0) return 1;
    }
    return 0;
}

int main(int count, char **arguments) {
    size_t index;
    if (count != 2) {
        fprintf(stderr, "usage: %s DIRECTORY\n", arguments[0]);
        return 2;
    }
    directory = arguments[1];
    test_layouts();
    test_versions();
    test_configurations();
    test_updates();
    test_exchanges();
    test_attempts();
    test_permits();
    test_routes();
    test_facts();
    test_explanations();
    test_candidates();
    test_preparations();
    test_policies();
    test_plugins();
    test_workers();
    test_misuse();
    for (index = 0; index < file_count; index++) free(files[index].content);
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
