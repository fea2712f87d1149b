// Fairlead: the tests of the C++ binding
// SPDX-License-Identifier: Apache-2.0
//
// usage: tests DIRECTORY     where the configurations of the C tests are

#include "fairlead.hpp"

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <new>
#include <set>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

std::atomic<long> allocations{0};

} // namespace

void *operator new(std::size_t size) {
    allocations++;
    if (void *memory = std::malloc(size != 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

namespace {

using fairlead::view;

int passed = 0;
int failed = 0;
std::string configurations;

void check(bool holds, const char *name, int line) {
    (holds ? passed : failed)++;
    if (!holds) std::printf("FAILED  %s (tests.cc:%d)\n", name, line);
}

#define CHECK(condition, name) check((condition), (name), __LINE__)

std::string file(const char *name) {
    std::ifstream stream(configurations + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

fairlead::Engine make_shop() {
    auto engine = fairlead::Engine::create().value();
    engine.load(fairlead::Document(file("shop.yaml"), "shop.yaml")).value();
    return engine;
}

fairlead::Request request_to(std::string_view path) { return {"GET", "shop.example", path}; }

void library_is_told() {
    CHECK(fairlead::abi_version() == FL_ABI_VERSION, "the interface is that of the headers");
    CHECK(fairlead::version() == FL_VERSION && std::strlen(fairlead::version_text()) >= 5, "the version is told");
    CHECK((fairlead::supported_features() & FL_FEATURE_RE2) != 0, "features are told");
    CHECK(fairlead::resource_of_type_url("a/envoy.config.cluster.v3.Cluster") == fl_resource{FL_RESOURCE_CLUSTER},
          "resources are known by their type URLs");
    CHECK(!fairlead::resource_of_type_url("example.Unknown"), "others are not");
    CHECK(fairlead::Status(FL_DONE) && !fairlead::Status(FL_ERROR_BUSY), "only negative statuses are errors");
    CHECK(std::strlen(fairlead::Status(FL_ERROR_BUSY).text()) > 0, "they have words");
    CHECK(fairlead::lend({}).data == nullptr && fairlead::lend("").data != nullptr, "missing is not empty");
    CHECK(view(fl_bytes_missing()).data() == nullptr && view(fairlead::lend("ab")) == "ab", "both ways");
}

void owners_are_owners() {
    using namespace fairlead;
    static_assert(!std::is_copy_constructible_v<Engine> && std::is_nothrow_move_constructible_v<Engine>);
    static_assert(!std::is_copy_constructible_v<Update> && std::is_nothrow_move_constructible_v<Update>);
    static_assert(!std::is_copy_constructible_v<Worker> && std::is_nothrow_move_constructible_v<Worker>);
    static_assert(!std::is_copy_constructible_v<ErrorList> && std::is_nothrow_move_constructible_v<ErrorList>);
    static_assert(!std::is_move_constructible_v<Exchange> && !std::is_move_constructible_v<Attempt>);
    static_assert(sizeof(Exchange) == sizeof(fl_exchange) && sizeof(Attempt) == sizeof(fl_attempt));
    static_assert(sizeof(Request) == sizeof(fl_request) && sizeof(Route) == sizeof(fl_route));

    auto engine = make_shop();
    auto moved = std::move(engine);
    CHECK(engine.get() == nullptr && moved.get() != nullptr, "an engine moves"); // NOLINT
    CHECK(engine.make_worker().status() == Status(FL_ERROR_INVALID_ARGUMENT), "what was moved from is told");
    auto worker = moved.make_worker().value();
    auto other = std::move(worker);
    CHECK(worker.get() == nullptr && worker.refresh() == 0, "a worker moves"); // NOLINT
    worker = std::move(other);
    CHECK(worker.refresh() == worker.generation() && worker.generation() != 0, "and back");
    CHECK(bool(worker.close()) && bool(worker.close()), "a worker is closed once");
}

void configurations_are_judged() {
    auto engine = fairlead::Engine::create().value();
    auto result = engine.load(fairlead::Document(file("faulty.yaml"), "faulty.yaml"));
    CHECK(!result && result.status() == fairlead::Status(FL_ERROR_CONFIGURATION), "a faulty configuration is refused");
    CHECK(result.problems().size() >= 3, "with everything that is wrong");
    bool placed = true;
    for (const fairlead::Problem &problem : result.problems()) {
        placed = placed && problem.line > 0 && view(problem.file) == "faulty.yaml" && !view(problem.text).empty();
    }
    CHECK(placed, "each with its place");
    CHECK(result.problems()[999].text.data == nullptr, "behind the last there is none");
    try {
        engine.load(fairlead::Document("name: [")).value();
        CHECK(false, "a value that is not there throws");
    } catch (const fairlead::Error &error) {
        CHECK(!error.problems().empty() && error.status().code() == FL_ERROR_CONFIGURATION, "an error has the list");
        CHECK(std::string(error.what()).find('\n') != std::string::npos, "and a line for each problem");
    }
    fairlead::EngineOptions options;
    options.abi_version = 99;
    CHECK(fairlead::Engine::create(options).status().code() == FL_ERROR_ABI_VERSION, "another interface is refused");
    options = {};
    options.maximum_workers = 1;
    engine = fairlead::Engine::create(options).value();
    auto worker = engine.make_worker();
    CHECK(engine.make_worker().status().code() == FL_ERROR_TOO_MANY_WORKERS, "there may be too many workers");
}

void updates_are_one_step() {
    auto engine = make_shop();
    auto update = engine.make_update().value();
    CHECK(bool(update.add(FL_RESOURCE_CLUSTER, fairlead::Document("name: new\ntype: STATIC"))), "a change is added");
    CHECK(bool(update.remove(FL_RESOURCE_CLUSTER, "sick")), "and a removal");
    CHECK(bool(engine.check(update)), "nothing speaks against it");
    fairlead::Statistics before;
    fairlead::Statistics after;
    CHECK(bool(engine.statistics(before)), "statistics are told");
    const auto generation = engine.apply(update);
    CHECK(generation && *generation > before.generation, "an update is published");
    CHECK(bool(engine.statistics(after)) && after.clusters == before.clusters, "both changes are there");
    CHECK(update.add(99, fairlead::Document("{}")).code() == FL_ERROR_UNKNOWN_RESOURCE_TYPE, "not everything is one");
    CHECK(update.add(FL_RESOURCE_CLUSTER, fairlead::Document("{nam: a}", "a.yaml", FL_FORMAT_YAML,
                                                             FL_DOCUMENT_STRICT))
                  .code() == FL_ERROR_CONFIGURATION,
          "a document with errors is told at once");
    CHECK(!engine.check(update) && !engine.check(update).problems().empty(), "and with a check");
    CHECK(engine.apply(update).status().code() == FL_ERROR_CONFIGURATION, "and is not applied");
    auto everything = engine.make_update().value();
    CHECK(bool(everything.remove_everything()) && bool(engine.apply(everything)), "everything can go");
    std::optional<std::chrono::nanoseconds> next = std::chrono::nanoseconds(7);
    CHECK(bool(engine.poll(std::chrono::nanoseconds(1), next)) && !next, "a poll says when it is wanted again");
    CHECK(*engine.route_table("main") == 0, "a route table keeps its id");
    CHECK(engine.route_table("never").status().code() == FL_ERROR_NOT_FOUND, "another has none");
}

void routes_are_told() {
    auto engine = make_shop();
    auto worker = engine.make_worker().value();
    fairlead::Exchange exchange;
    fairlead::Route route;
    char memory[64];
    fairlead::Room room(memory);
    auto request = request_to("/cart/1?x=y");

    CHECK(exchange.route(route).code() == FL_ERROR_EXCHANGE_NOT_OPEN, "an exchange has to be begun");
    CHECK(bool(exchange.begin(worker, request)), "an exchange begins");
    CHECK(exchange.begin(worker, request).code() == FL_ERROR_EXCHANGE_OPEN, "once");
    CHECK(exchange.disposition() == FL_DISPOSITION_FORWARD && exchange.attempts() == 0, "it says how to go on");
    CHECK(bool(exchange.route(route)) && view(route.name) == "cart" && view(route.cluster) == "shop", "and where to");
    CHECK(bool(exchange.copy_path(request, room)) && room.text() == "/basket/1?x=y", "paths are rewritten");
    CHECK(bool(exchange.copy_authority(request, nullptr, room)) && room.text() == "shop.example",
          "authorities are told");
    fairlead::Room small(memory, 4);
    CHECK(exchange.copy_path(request, small).code() == FL_ERROR_BUFFER_TOO_SMALL && small.needed() == 13 &&
              small.text() == "/bas",
          "room may be too small");
    std::vector<std::string> names;
    for (const auto &mutation : exchange.header_mutations(FL_DIRECTION_REQUEST)) {
        names.emplace_back(view(mutation.name));
    }
    CHECK((names == std::vector<std::string>{"x-route", "x-inner", "x-table"}), "header mutations come in order");
    CHECK(bool(exchange.end()) && bool(exchange.end()), "an exchange ends once");
    CHECK(!(exchange.header_mutations(FL_DIRECTION_REQUEST).begin() != fairlead::HeaderMutations::End()),
          "then it has no mutations");

    request = request_to("/old?a=b");
    CHECK(bool(exchange.begin(worker, request, *engine.route_table("main"))), "it can begin again");
    CHECK(bool(exchange.copy_location(request, room)) && room.text() == "http://shop.example/new?a=b",
          "redirects have a Location");
    CHECK(bool(exchange.end()), "and end");

    const fl_header secret = fairlead::header("x-secret", "yes");
    request = request_to("/internal").with_headers(&secret, 1);
    CHECK(bool(exchange.begin(worker, request)) && bool(exchange.route(route)) && view(route.name) == "internal",
          "headers are looked at");
    CHECK(bool(exchange.end()), "as before");
    request = request_to("/sticky");
    CHECK(bool(exchange.begin(worker, request)) && bool(exchange.copy_set_cookie(room)), "cookies are made");
}

void attempts_are_reported() {
    auto engine = make_shop();
    auto worker = engine.make_worker().value();
    const auto request = request_to("/cart");
    fairlead::Exchange exchange;
    fairlead::Attempt attempt;
    fairlead::Endpoint endpoint;
    std::array<std::uintptr_t, 4> tried{};
    std::set<std::uint64_t> ids;

    CHECK(!exchange.pick(attempt) && exchange.pick(attempt).status.code() == FL_ERROR_EXCHANGE_NOT_OPEN,
          "nothing is picked without an exchange");
    CHECK(bool(exchange.begin(worker, request)) && bool(exchange.extend_tried(tried.data(), tried.size())),
          "it begins");
    fairlead::Verdict verdict{FL_OK, true, {}};
    while (verdict.retry && exchange.pick(attempt)) {
        CHECK(bool(attempt.endpoint(endpoint)), "an endpoint is told");
        ids.insert(endpoint.id);
        verdict = attempt.report(fairlead::response(503));
        CHECK(verdict.delay < std::chrono::milliseconds(20), "waiting stays below the largest interval");
    }
    CHECK(ids.size() == 3, "a bad answer is retried elsewhere");
    CHECK(attempt.report(fairlead::response(200)).status.code() == FL_ERROR_ATTEMPT_NOT_OPEN,
          "nothing is reported twice");
    CHECK(attempt.endpoint(endpoint).code() == FL_ERROR_ATTEMPT_NOT_OPEN, "or asked afterwards");
    CHECK(bool(exchange.end()), "it ends");

    CHECK(bool(exchange.begin(worker, request)) && bool(exchange.pick(attempt)), "again");
    CHECK(exchange.pick(attempt).status.code() == FL_ERROR_ATTEMPT_OPEN, "an open attempt is not picked again");
    CHECK(attempt.report(fairlead::outcome(99)).status.code() == FL_ERROR_INVALID_ARGUMENT, "nonsense is refused");
    char memory[64];
    fairlead::Room room(memory);
    CHECK(bool(attempt.endpoint(endpoint)) && bool(exchange.copy_authority(request, &attempt, room)) &&
              room.text() == view(endpoint.hostname),
          "the authority may be the endpoint's");
    CHECK(bool(attempt.detach()) && bool(exchange.end()), "an attempt can be detached");
    CHECK(worker.close().code() == FL_ERROR_BUSY && worker.open() == 1, "it keeps its worker");
    CHECK(!attempt.report(fairlead::response(503)).retry, "and is reported later");

    CHECK(bool(exchange.begin_cluster(worker, "nowhere")), "a cluster may be named");
    CHECK(exchange.pick(attempt).pick == FL_PICK_CLUSTER_NOT_FOUND, "that there is not");
    CHECK(bool(exchange.end()) && bool(exchange.begin_cluster(worker, "ring", 7)) && bool(exchange.pick(attempt)),
          "a hash finds an endpoint");
}

void lifetimes_end_in_any_order() {
    auto engine = make_shop();
    auto worker = engine.make_worker().value();
    const auto request = request_to("/cart");
    fairlead::Statistics statistics;
    {
        fairlead::Exchange exchange;
        fairlead::Attempt attempt;
        CHECK(bool(exchange.begin(worker, request)) && bool(exchange.pick(attempt)), "an attempt that ends first");
    }
    {
        fairlead::Attempt attempt;
        fairlead::Exchange exchange;
        CHECK(bool(exchange.begin(worker, request)) && bool(exchange.pick(attempt)), "an exchange that ends first");
    }
    {
        fairlead::Attempt attempt;
        fairlead::Exchange exchange;
        CHECK(bool(exchange.begin(worker, request)) && bool(exchange.pick(attempt)) && bool(attempt.detach()),
              "a detached one that is forgotten");
    }
    CHECK(worker.open() == 0, "nothing is left");
    auto second = engine.make_worker().value();
    engine = fairlead::Engine::create().value();
    CHECK(second.refresh() != 0, "a worker goes on without its engine");
    CHECK(bool(engine.after_fork(nullptr)), "a child without a worker goes on");
    CHECK(engine.after_fork(&second).code() == FL_ERROR_INVALID_ARGUMENT, "a worker of another engine is told");
    fl_worker *given = second.release();
    CHECK(second.get() == nullptr && fl_worker_destroy(given) == FL_OK, "a worker can be given away");
}

void policies_can_be_registered() {
    auto engine = fairlead::Engine::create().value();
    fairlead::Sized<fl_policy_v1> policy;
    policy.abi_version = FL_POLICY_ABI_VERSION;
    policy.name = fairlead::lend("example.First");
    policy.build = [](void *, const fl_policy_hosts *, const fl_policy_parameters *, const fl_table_writer *) {};
    policy.pick = [](void *, fl_bytes, fl_pick_context *) -> std::int64_t { return 0; };
    CHECK(bool(engine.register_policy(policy)), "a policy is registered");
    CHECK(engine.register_policy(policy).code() == FL_ERROR_NAME_TAKEN, "once");
    fairlead::ErrorList errors;
    CHECK(engine.load_plugin("/not/there.so", errors).code() == FL_ERROR_PLUGIN, "a plugin has to be there");
    CHECK(errors.size() == 1, "or it is said what is wrong");
}

/// Everything that a request needs, many times over.
int decide(fairlead::Worker &worker, int count) {
    const fl_header headers[] = {fairlead::header("accept", "*/*"), fairlead::header("x-secret", "no")};
    auto request = request_to("/cart/1?x=y").with_headers(headers, 2);
    fairlead::Exchange exchange;
    fairlead::Attempt attempt;
    fairlead::Route route;
    fairlead::Endpoint endpoint;
    char memory[256];
    fairlead::Room room(memory);
    int good = 0;
    for (int turn = 0; turn < count; turn++) {
        worker.refresh();
        bool fine = bool(exchange.begin(worker, request)) && bool(exchange.route(route)) &&
                    bool(exchange.copy_path(request, room));
        for (const auto &mutation : exchange.header_mutations(FL_DIRECTION_REQUEST)) {
            fine = fine && !view(mutation.name).empty();
        }
        while (exchange.pick(attempt)) {
            fine = fine && bool(attempt.endpoint(endpoint)) && bool(exchange.copy_authority(request, &attempt, room));
            const auto verdict = attempt.report(fairlead::response(turn % 2 == 0 ? 200 : 503));
            if (!verdict.retry) break;
        }
        if (bool(exchange.end()) && fine) good++;
    }
    return good;
}

void decisions_allocate_nothing() {
    auto engine = make_shop();
    auto worker = engine.make_worker().value();
    const long before = allocations;
    const int good = decide(worker, 1000);
    CHECK(allocations == before, "decisions allocate nothing");
    CHECK(good == 1000, "and decide");
    CHECK(before > 0, "allocations are counted");
}

void threads_decide_while_another_publishes() {
    auto engine = make_shop();
    const std::string text = file("shop.yaml");
    int good[2] = {0, 0};
    std::vector<std::thread> threads;
    for (int &count : good) {
        threads.emplace_back([&engine, &count] {
            auto worker = engine.make_worker().value();
            count = decide(worker, 2000);
        });
    }
    for (int turn = 0; turn < 10; turn++) (void)engine.load(fairlead::Document(text));
    for (auto &thread : threads) thread.join();
    CHECK(good[0] == 2000 && good[1] == 2000, "threads decide while another publishes");
}

} // namespace

int main(int count, char **arguments) {
    if (count != 2) return 2;
    configurations = arguments[1];
    library_is_told();
    owners_are_owners();
    configurations_are_judged();
    updates_are_one_step();
    routes_are_told();
    attempts_are_reported();
    lifetimes_end_in_any_order();
    policies_can_be_registered();
    decisions_allocate_nothing();
    threads_decide_while_another_publishes();
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
