/* Fairlead: an example in C: which way would these requests go?
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: decide envoy.yaml <requests.txt
 *
 * Each line of the input is one request, its parts parted by blanks; each gets one line of output:
 *
 *     GET shop.example /cart/1?x=y cookie:a=b
 *     GET shop.example/cart/1?x=y: shop/cart -> 10.0.0.1:80 (cluster shop) as shop.example/basket/1?x=y
 */
#include <fairlead.h>

#include <stdio.h>
#include <stdlib.h>

enum { LONGEST_LINE = 8192, MOST_HEADERS = 32 };

/* Prints what is wrong with the configuration, one line each, and frees the list. */
static void print_errors(fl_error_list *errors) {
    size_t index;
    for (index = 0; index < fl_error_list_count(errors); index++) {
        fl_error error;
        FL_INIT(&error);
        if (fl_error_list_get(errors, index, &error) == FL_OK) fprintf(stderr, "%s\n", error.text.data);
    }
    fl_error_list_destroy(errors);
}

/* An engine that serves the file at `path`; NULL when there is something wrong, which has been printed then. */
static fl_engine *load(const char *path) {
    static char content[1 << 20];
    fl_engine *engine = NULL;
    fl_error_list *errors = NULL;
    fl_document document;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return NULL;
    }
    FL_INIT(&document);
    document.content = fl_bytes_make(content, fread(content, 1, sizeof content, file));
    document.file = fl_bytes_of(path);
    fclose(file);
    if (fl_engine_create(NULL, &engine) != FL_OK) return NULL;
    if (fl_engine_load(engine, &document, NULL, &errors) != FL_OK) {
        fl_engine_destroy(engine);
        engine = NULL;
    }
    print_errors(errors);
    return engine;
}

/* Takes `line` apart into a request that borrows from it; answers whether it is one. */
static int parse(char *line, fl_request *request, fl_header *headers) {
    const char *method = strtok(line, " \t\r\n");
    const char *authority = strtok(NULL, " \t\r\n");
    const char *path = strtok(NULL, " \t\r\n");
    char *header;
    FL_INIT(request);
    request->method = fl_bytes_of(method);
    request->authority = fl_bytes_of(authority);
    request->path = fl_bytes_of(path);
    request->headers = headers;
    while ((header = strtok(NULL, " \t\r\n")) != NULL && request->header_count < MOST_HEADERS) {
        char *colon = strchr(header, ':');
        if (colon == NULL) return 0;
        headers[request->header_count].name = fl_bytes_make(header, (size_t)(colon - header));
        headers[request->header_count].value = fl_bytes_of(colon + 1);
        request->header_count++;
    }
    return path != NULL;
}

/* Prints bytes, which need not end with a NUL. */
static void put(fl_bytes bytes) { fwrite(bytes.data, 1, bytes.size, stdout); }

/* Picks an endpoint and prints it, and what would be sent there. */
static void forward(fl_exchange *exchange, const fl_request *request) {
    char path[LONGEST_LINE];
    char authority[LONGEST_LINE];
    size_t path_length = 0;
    size_t authority_length = 0;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_endpoint endpoint;
    fl_outcome outcome;
    fl_pick pick;
    if (fl_exchange_pick(exchange, &attempt, &pick) != FL_OK || pick != FL_PICK_ENDPOINT) {
        printf("no endpoint");
        return;
    }
    FL_INIT(&endpoint);
    fl_attempt_endpoint(&attempt, &endpoint);
    fl_exchange_copy_path(exchange, request, path, sizeof path, &path_length);
    fl_exchange_copy_authority(exchange, request, &attempt, authority, sizeof authority, &authority_length);
    put(endpoint.address);
    printf(" (cluster ");
    put(endpoint.cluster);
    printf(") as ");
    put(fl_bytes_make(authority, authority_length));
    put(fl_bytes_make(path, path_length));
    /* A real proxy would talk to the endpoint now, and report what came of it. */
    FL_INIT(&outcome);
    outcome.kind = FL_OUTCOME_RESPONSE;
    outcome.status = 200;
    fl_attempt_report(&attempt, &outcome, NULL);
}

/* Prints where the request goes. */
static void decide(fl_worker *worker, const fl_request *request) {
    fl_exchange exchange = FL_EXCHANGE_INIT;
    fl_route route;
    put(request->method);
    putchar(' ');
    put(request->authority);
    put(request->path);
    printf(": ");
    FL_INIT(&route);
    fl_worker_refresh(worker);
    fl_exchange_begin(&exchange, worker, 0, request);
    fl_exchange_route(&exchange, &route);
    if (route.name.data != NULL) {
        put(route.virtual_host);
        putchar('/');
        put(route.name);
        printf(" -> ");
    }
    if (route.disposition == FL_DISPOSITION_FORWARD) {
        forward(&exchange, request);
    } else {
        char location[LONGEST_LINE];
        size_t length = 0;
        fl_exchange_copy_location(&exchange, request, location, sizeof location, &length);
        printf("%u ", route.status);
        put(length != 0 ? fl_bytes_make(location, length) : route.body);
    }
    fl_exchange_end(&exchange);
    putchar('\n');
}

int main(int count, char **arguments) {
    static char line[LONGEST_LINE];
    fl_header headers[MOST_HEADERS];
    fl_request request;
    fl_engine *engine;
    fl_worker *worker = NULL;
    if (count != 2) {
        fprintf(stderr, "usage: %s envoy.yaml <requests.txt\n", arguments[0]);
        return 2;
    }
    engine = load(arguments[1]);
    if (engine == NULL || fl_worker_create(engine, &worker) != FL_OK) return 1;
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (parse(line, &request, headers)) {
            decide(worker, &request);
        } else {
            puts("not a request: METHOD AUTHORITY PATH [NAME:VALUE]...");
        }
    }
    fl_worker_destroy(worker);
    fl_engine_destroy(engine);
    return 0;
}
