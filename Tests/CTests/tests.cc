// Fairlead: the C++17 test program: every function once more, from C++, with owners and a policy in an object
// SPDX-License-Identifier: Apache-2.0
//
// usage: cxx-tests DIRECTORY     where the configurations are

#include "fairlead.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

int passed = 0;
int failed = 0;

void check(bool holds, const char *name, int line) {
    (holds ? passed : failed)++;
    if (holds) {
        std::printf("ok      %s\n", name);
    } else {
        std::printf("FAILED  %s (tests.cc:%d)\n", name, line);
    }
}

#define CHECK(condition, name) check((condition), (name), __LINE__)

template <auto destroy> struct Destroyer {
    template <class T> void operator()(T *object) const { destroy(object); }
};

using Engine = std::unique_ptr<fl_engine, Destroyer<fl_engine_destroy>>;
using Worker = std::unique_ptr<fl_worker, Destroyer<fl_worker_destroy>>;
using Update = std::unique_ptr<fl_update, Destroyer<fl_update_destroy>>;
using Errors = std::unique_ptr<fl_error_list, Destroyer<fl_error_list_destroy>>;

std::string_view view(fl_bytes bytes) { return {bytes.data == nullptr ? "" : bytes.data, bytes.size}; }
fl_bytes lend(std::string_view text) { return fl_bytes_make(text.data(), text.size()); }

/// A struct of the library with its size set.
template <class T> T sized() {
    T value;
    FL_INIT(&value);
    return value;
}

fl_document document(std::string_view content, std::string_view file = {}, fl_format format = FL_FORMAT_AUTO) {
    auto document = sized<fl_document>();
    document.format = format;
    document.content = lend(content);
    if (!file.empty()) document.file = lend(file);
    return document;
}

fl_request request(std::string_view path) {
    auto request = sized<fl_request>();
    request.method = lend("GET");
    request.scheme = lend("http");
    request.authority = lend("shop.example");
    request.path = lend(path);
    return request;
}

/// An exchange that ends with its scope.
class Exchange {
  public:
    fl_exchange memory = FL_EXCHANGE_INIT;

    Exchange() = default;
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;
    ~Exchange() { fl_exchange_end(&memory); }
};

/// What a composing function writes: asked for its length first, then for the text.
template <class Function> std::string composed(Function function) {
    std::size_t length = 0;
    if (function(nullptr, 0, &length) != FL_ERROR_BUFFER_TOO_SMALL) return {};
    std::string text(length, '#');
    return function(text.data(), text.size(), &length) == FL_OK ? text : std::string("failed");
}

/// A policy that always picks the last host.
struct LastHost {
    int alive = 0;

    fl_policy_v1 policy() {
        auto policy = sized<fl_policy_v1>();
        policy.abi_version = FL_POLICY_ABI_VERSION;
        policy.name = lend("example.Last");
        policy.user_data = this;
        policy.build = [](void *, const fl_policy_hosts *hosts, const fl_policy_parameters *,
                          const fl_table_writer *writer) {
            writer->append(writer->context, &hosts->count, sizeof hosts->count);
        };
        policy.pick = [](void *, fl_bytes, fl_pick_context *context) -> std::int64_t {
            return context->host_count - 1;
        };
        policy.destroy = [](void *user_data) { static_cast<LastHost *>(user_data)->alive--; };
        return policy;
    }
};

Engine make_engine() {
    fl_engine_options options;
    fl_engine_options_init(&options);
    options.seed = 7;
    fl_engine *engine = nullptr;
    CHECK(fl_engine_create(&options, &engine) == FL_OK, "C++ makes an engine");
    return Engine(engine);
}

void versions() {
    CHECK(fl_version() == FL_VERSION && fl_abi_version() == FL_ABI_VERSION, "C++ sees the version of the headers");
    CHECK(std::string(fl_version_text()) == "0.1.0", "and its text");
    CHECK((fl_supported_features() & FL_FEATURE_YAML) != 0, "and the features");
    CHECK(std::string_view(fl_status_text(FL_ERROR_BUSY)) != fl_status_text(FL_OK), "and words for statuses");
}

void loads(fl_engine *engine, const std::string &shop, const std::string &faulty) {
    fl_error_list *found = nullptr;
    std::uint64_t generation = 0;
    auto bad = document(faulty, "faulty.yaml");
    CHECK(fl_engine_load(engine, &bad, &generation, &found) == FL_ERROR_CONFIGURATION, "C++ gets errors");
    Errors errors(found);
    std::set<std::string_view> codes;
    for (std::size_t index = 0; index < fl_error_list_count(errors.get()); index++) {
        auto error = sized<fl_error>();
        CHECK(fl_error_list_get(errors.get(), index, &error) == FL_OK && view(error.file) == "faulty.yaml" &&
                  error.line > 0,
              "each with its place");
        codes.insert(view(error.code));
    }
    CHECK(codes.count("unknown-field") == 1 && codes.size() > 1, "of several kinds");
    auto good = document(shop, "shop.yaml");
    CHECK(fl_engine_load(engine, &good, &generation, nullptr) == FL_OK && generation > 0, "C++ loads a configuration");
}

void updates(fl_engine *engine, fl_worker *worker, LastHost &last) {
    fl_update *made = nullptr;
    fl_resource type = 0;
    auto policy = last.policy();
    CHECK(fl_engine_register_policy(engine, &policy) == FL_OK, "C++ registers a policy");
    last.alive++;
    fl_error_list *faults = nullptr;
    CHECK(fl_engine_load_plugin(engine, lend("/not/there.so"), &faults) == FL_ERROR_PLUGIN &&
              fl_error_list_count(faults) == 1,
          "C++ is told why a plugin cannot be loaded");
    fl_error_list_destroy(faults);
    CHECK(fl_resource_of_type_url(lend("type.googleapis.com/envoy.config.cluster.v3.Cluster"), &type) == FL_OK,
          "C++ reads type URLs");
    CHECK(fl_update_create(engine, &made) == FL_OK, "C++ makes an update");
    Update update(made);
    auto cluster = document(R"({"name": "last", "type": "STATIC", "load_balancing_policy": {"policies": [
        {"typed_extension_config": {"name": "last", "typed_config": {
            "@type": "type.googleapis.com/xds.type.v3.TypedStruct", "type_url": "example.com/example.Last"}}}]},
        "load_assignment": {"cluster_name": "last", "endpoints": [{"lb_endpoints": [
            {"endpoint": {"address": {"socket_address": {"address": "10.5.0.1", "port_value": 1}}}},
            {"endpoint": {"address": {"socket_address": {"address": "10.5.0.2", "port_value": 2}}}}]}]}})");
    CHECK(fl_update_add(update.get(), type, &cluster) == FL_OK, "C++ adds a cluster");
    CHECK(fl_update_remove(update.get(), FL_RESOURCE_CLUSTER, lend("dropping")) == FL_OK, "and removes one");
    CHECK(fl_engine_check(engine, update.get(), nullptr) == FL_OK, "the update is good");
    const auto before = fl_worker_generation(worker);
    fl_candidate *prepared = nullptr;
    CHECK(fl_engine_prepare(engine, update.get(), &prepared, nullptr) == FL_OK, "C++ prepares it");
    const std::unique_ptr<fl_candidate, Destroyer<fl_candidate_destroy>> candidate(prepared);
    auto change = sized<fl_change>();
    CHECK(fl_candidate_change(candidate.get(), 0, &change) == FL_OK, "it changes something");
    auto comparison = sized<fl_comparison>();
    const auto asked = request("/cart/2?q");
    CHECK(fl_candidate_compare(candidate.get(), lend("main"), &asked, &comparison) == FL_OK &&
              comparison.goes_elsewhere == 0,
          "and leaves the cart where it is");
    CHECK(fl_engine_apply(engine, update.get(), nullptr, nullptr) == FL_OK && fl_worker_refresh(worker) == before + 1,
          "and is one step");
    CHECK(fl_candidate_publish(candidate.get(), nullptr) == FL_ERROR_STALE, "after which the candidate is stale");
    Exchange exchange;
    fl_attempt attempt = FL_ATTEMPT_INIT;
    fl_pick pick = FL_PICK_NO_ENDPOINT;
    auto endpoint = sized<fl_endpoint>();
    CHECK(fl_exchange_begin_cluster(&exchange.memory, worker, lend("last"), nullptr) == FL_OK,
          "C++ balances a cluster");
    CHECK(fl_exchange_pick(&exchange.memory, &attempt, &pick) == FL_OK && pick == FL_PICK_ENDPOINT, "with its policy");
    CHECK(fl_attempt_endpoint(&attempt, &endpoint) == FL_OK && view(endpoint.address) == "10.5.0.2:2", "which decides");
}

void exchanges(fl_engine *engine, fl_worker *worker) {
    std::uint32_t table = 99;
    CHECK(fl_engine_route_table(engine, lend("main"), &table) == FL_OK, "C++ finds a route table");
    Exchange exchange;
    auto *memory = &exchange.memory;
    const auto asked = request("/cart/2?q");
    CHECK(fl_exchange_begin(memory, worker, table, &asked) == FL_OK, "C++ begins an exchange");
    CHECK(fl_exchange_disposition(memory) == FL_DISPOSITION_FORWARD, "which forwards");
    auto route = sized<fl_route>();
    CHECK(fl_exchange_route(memory, &route) == FL_OK && view(route.name) == "cart", "by a route");
    CHECK(composed([&](char *buffer, std::size_t capacity, std::size_t *length) {
              return fl_exchange_copy_path(memory, &asked, buffer, capacity, length);
          }) == "/basket/2?q",
          "with a path");
    CHECK(composed([&](char *buffer, std::size_t capacity, std::size_t *length) {
              return fl_worker_explain(worker, table, &asked, nullptr, buffer, capacity, length);
          }).find("#0 cart") != std::string::npos,
          "and with reasons");
    std::vector<std::uintptr_t> tried(8);
    CHECK(fl_exchange_extend_tried(memory, tried.data(), tried.size()) == FL_OK, "and much memory");

    std::array<fl_attempt, 2> attempts = {{FL_ATTEMPT_INIT, FL_ATTEMPT_INIT}};
    fl_pick pick = FL_PICK_NO_ENDPOINT;
    for (auto &attempt : attempts) fl_exchange_pick(memory, &attempt, &pick);
    CHECK(fl_exchange_attempts(memory) == 2, "C++ hedges");
    auto endpoint = sized<fl_endpoint>();
    fl_attempt_endpoint(&attempts[0], &endpoint);
    CHECK(composed([&](char *buffer, std::size_t capacity, std::size_t *length) {
              return fl_exchange_copy_authority(memory, &asked, &attempts[0], buffer, capacity, length);
          }) == view(endpoint.hostname),
          "with an authority");
    std::vector<std::string> names;
    auto mutation = sized<fl_header_mutation>();
    for (fl_header_cursor cursor = 0;
         fl_exchange_next_header_mutation(memory, FL_DIRECTION_REQUEST, &cursor, &mutation) == FL_OK;) {
        names.emplace_back(view(mutation.name));
    }
    CHECK((names == std::vector<std::string>{"x-route", "x-inner", "x-table"}), "and headers");
    auto outcome = sized<fl_outcome>();
    outcome.kind = FL_OUTCOME_RESPONSE;
    outcome.status = 200;
    auto verdict = sized<fl_verdict>();
    fl_permit permit = FL_PERMIT_INIT;
    std::uint32_t taken = 0;
    CHECK(fl_attempt_take_permit(&attempts[1], FL_PERMIT_CONNECTION, 0, &permit, &taken) == FL_OK && taken == 1 &&
              fl_permit_give_back(&permit) == FL_OK,
          "C++ takes permits");
    CHECK(fl_attempt_detach(&attempts[1]) == FL_OK, "C++ detaches");
    CHECK(fl_attempt_report(&attempts[0], &outcome, &verdict) == FL_OK && verdict.retry == 0, "and reports");
    CHECK(fl_exchange_end(memory) == FL_OK && fl_worker_open(worker) == 1, "and ends");
    CHECK(fl_attempt_report(&attempts[1], &outcome, nullptr) == FL_OK && fl_worker_open(worker) == 0, "in any order");
}

/// What a route says beside where it leads.
void carries(fl_worker *worker) {
    Exchange exchange;
    const auto *memory = &exchange.memory;
    const auto asked = request("/cart");
    fl_exchange_begin(&exchange.memory, worker, 0, &asked);
    Exchange copy;
    CHECK(fl_exchange_mirror_count(memory) == 2 && fl_exchange_begin_mirror(&copy.memory, memory, 0, &asked) == FL_OK,
          "C++ copies requests");
    CHECK(composed([&](char *buffer, std::size_t capacity, std::size_t *length) {
              return fl_exchange_copy_mirror_authority(memory, 0, asked.authority, buffer, capacity, length);
          }) == "shop.example-shadow",
          "to a shadow");
    fl_header_cursor place = 0;
    auto change = sized<fl_header_mutation>();
    CHECK(fl_exchange_next_mirror_mutation(memory, 0, &place, &change) == FL_OK && view(change.name) == "x-copy-of",
          "with a header of its own");
    auto config = sized<fl_filter_config>();
    CHECK(fl_exchange_filter_config(memory, lend("example.filter"), FL_FILTER_ROUTE, &config) == FL_OK &&
              fl_exchange_filter_disabled(memory, lend("example.off")) == 1,
          "tells filters what routes say");
    auto notes = sized<fl_route_notes>();
    fl_bytes name = fl_bytes_missing();
    fl_bytes text = fl_bytes_missing();
    CHECK(fl_exchange_notes(memory, &notes) == FL_OK && view(notes.operation) == "cart" &&
              fl_exchange_allows_upgrade(memory, lend("websocket")) == 0 &&
              fl_exchange_metadata_match(memory, 0, &name, &text) == FL_OK && view(name) == "stage",
          "and traces, and upgrades");
    auto timeouts = sized<fl_timeouts>();
    CHECK(fl_exchange_timeouts(memory, &asked, &timeouts) == FL_OK && timeouts.route_ns == 15000000000ull,
          "for as long as it may take");
    auto limit = sized<fl_rate_limit>();
    fl_rate_limit_cursor rule = 0;
    std::array<fl_header, 2> entries{};
    CHECK(fl_exchange_next_rate_limit(memory, &asked, nullptr, &rule, entries.data(), entries.size(), nullptr, 0,
                                      &limit) == FL_OK &&
              limit.entry_count == 1 && view(entries[0].value) == "shop",
          "and how often it may");
    fl_header_cursor cursor = 0;
    auto mutation = sized<fl_header_mutation>();
    fl_exchange_next_header_mutation(memory, FL_DIRECTION_RESPONSE, &cursor, &mutation);
    auto facts = sized<fl_exchange_facts>();
    facts.response_status = 204;
    CHECK(composed([&](char *buffer, std::size_t capacity, std::size_t *length) {
              return fl_exchange_copy_header_value(memory, &asked, &facts, &mutation, buffer, capacity, length);
          }) == "204",
          "with composed headers");
}

void follows(fl_worker *worker) {
    Exchange exchange;
    Exchange next;
    auto asked = request("/wander");
    fl_redirect_chain chain = FL_REDIRECT_CHAIN_INIT;
    auto target = sized<fl_redirect_target>();
    fl_exchange_begin(&exchange.memory, worker, 0, &asked);
    CHECK(fl_exchange_redirect_target(&exchange.memory, &asked, 302, lend("http://shop.example/old"), &chain,
                                      &target) == FL_OK,
          "C++ follows redirects");
    auto second = asked;
    second.path = target.path;
    fl_exchange_begin(&next.memory, worker, 0, &second);
    fl_bytes name = fl_bytes_missing();
    CHECK(fl_exchange_accept_redirect(&exchange.memory, &next.memory, &asked, &target, &chain) == FL_OK &&
              fl_exchange_redirect_header(&exchange.memory, 0, &name) == FL_OK && view(name) == "x-hint",
          "with what they hint at");
}

void answers(fl_engine *engine, fl_worker *worker) {
    {
        Exchange exchange;
        const auto asked = request("/echo");
        fl_exchange_begin(&exchange.memory, worker, 0, &asked);
        CHECK(composed([&](char *buffer, std::size_t capacity, std::size_t *length) {
                  return fl_exchange_copy_body(&exchange.memory, &asked, nullptr, buffer, capacity, length);
              }) == "GET -",
              "C++ composes bodies");
    }
    {
        Exchange exchange;
        const auto asked = request("/old");
        fl_exchange_begin(&exchange.memory, worker, 0, &asked);
        CHECK(composed([&](char *buffer, std::size_t capacity, std::size_t *length) {
                  return fl_exchange_copy_location(&exchange.memory, &asked, buffer, capacity, length);
              }) == "http://shop.example/new",
              "C++ redirects");
    }
    fl_preparer *preparer = nullptr;
    fl_preparation prepared;
    std::array<char, 512> text{};
    std::array<fl_header, 8> lines{};
    FL_INIT(&prepared);
    const auto arrived = request("/a?b");
    CHECK(fl_preparer_create(engine, fl_bytes_missing(), &preparer) == FL_OK &&
              fl_request_prepare(preparer, &arrived, text.data(), text.size(), lines.data(), lines.size(), &prepared) ==
                  FL_OK &&
              prepared.status == 0 && prepared.request.header_count == 1,
          "C++ prepares requests");
    fl_preparer_destroy(preparer);
    CHECK(fl_grpc_status(404) == 12 && composed([&](char *buffer, std::size_t capacity, std::size_t *length) {
              return fl_grpc_copy_message(lend("%"), buffer, capacity, length);
          }) == "%25",
          "and answers gRPC");
    Exchange exchange;
    auto asked = request("/sticky");
    asked.source = lend("10.0.0.9:1");
    fl_exchange_begin(&exchange.memory, worker, 0, &asked);
    CHECK(composed([&](char *buffer, std::size_t capacity, std::size_t *length) {
              return fl_exchange_copy_set_cookie(&exchange.memory, buffer, capacity, length);
          }).rfind("session=\"", 0) == 0,
          "and bakes cookies");
}

void ends(Engine engine, Worker worker, LastHost &last) {
    fl_update *made = nullptr;
    std::uint64_t next = 0;
    auto statistics = sized<fl_statistics>();
    auto breakers = sized<fl_breakers>();
    CHECK(fl_engine_breakers(engine.get(), lend("shop"), 0, &breakers) == FL_OK && breakers.requests.active == 0,
          "C++ reads breakers");
    CHECK(fl_engine_observe(engine.get(), nullptr, 0) == FL_OK, "and observes nothing");
    CHECK(fl_engine_after_fork(engine.get(), worker.get()) == FL_OK, "C++ may fork");
    fl_update_create(engine.get(), &made);
    Update update(made);
    CHECK(fl_update_remove_everything(update.get()) == FL_OK, "and clear");
    CHECK(fl_engine_apply(engine.get(), update.get(), nullptr, nullptr) == FL_OK, "everything");
    fl_worker_refresh(worker.get());
    CHECK(fl_engine_poll(engine.get(), 1, &next) == FL_OK && next == FL_NEVER, "until nothing is due");
    CHECK(fl_engine_statistics(engine.get(), &statistics) == FL_OK && statistics.clusters == 0, "nor left");
    CHECK(last.alive == 1, "a policy stays registered");
    CHECK(fl_worker_destroy(worker.release()) == FL_OK, "C++ lets the worker go");
    update.reset();
    engine.reset();
    CHECK(last.alive == 0, "and its policy with the engine");
}

std::string contents(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

int main(int count, char **arguments) {
    if (count != 2) return 2;
    const std::string directory = arguments[1];
    const auto shop = contents(directory + "/shop.yaml");
    const auto faulty = contents(directory + "/faulty.yaml");
    LastHost last;
    versions();
    auto engine = make_engine();
    loads(engine.get(), shop, faulty);
    fl_worker *made = nullptr;
    CHECK(fl_worker_create(engine.get(), &made) == FL_OK, "C++ makes a worker");
    Worker worker(made);
    updates(engine.get(), worker.get(), last);
    exchanges(engine.get(), worker.get());
    carries(worker.get());
    follows(worker.get());
    answers(engine.get(), worker.get());
    ends(std::move(engine), std::move(worker), last);
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
