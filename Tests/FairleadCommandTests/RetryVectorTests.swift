// Fairlead: tests of retries against what a real Envoy tried again
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadEnvoy
import Foundation
import Testing

@Suite struct RetryVectorTests {
    struct Vectors: Decodable {
        struct Case: Decodable {
            struct Expected: Decodable, Equatable {
                var status: UInt16
                var attempts: Int
            }
            var request: [[String]]
            var script: [Act]
            var expect: Expected
        }
        /// What an attempt comes to.
        enum Act: Decodable {
            case answer(status: UInt16, headers: [[String]])
            case reset
            case silent

            struct Answer: Decodable {
                var status: UInt16
                var headers: [[String]]
            }

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let name = try? container.decode(String.self) {
                    self = name == "reset" ? .reset : .silent
                } else {
                    let answer = try container.decode(Answer.self)
                    self = .answer(status: answer.status, headers: answer.headers)
                }
            }
        }
        var cases: [Case]
    }

    /// An engine with a route for each case, by its number, to one endpoint.
    static func engine(_ policies: [Any]) throws -> Engine {
        let routes = policies.enumerated().map { number, policy in
            var action: [String: Any] = ["cluster": "scripted"]
            if !(policy is NSNull) { action["retry_policy"] = policy }
            return ["match": ["path": "/\(number)"], "route": action] as [String: Any]
        }
        let host: [String: Any] = ["name": "all", "domains": ["*"], "routes": routes]
        let http =
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
        let router = ["@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"]
        let manager: [String: Any] = [
            "@type": http, "stat_prefix": "x", "route_config": ["name": "retries", "virtual_hosts": [host]],
            "http_filters": [["name": "router", "typed_config": router]],
        ]
        func address(_ port: Int) -> [String: Any] {
            ["socket_address": ["address": "127.0.0.1", "port_value": port] as [String: Any]]
        }
        let listener: [String: Any] = [
            "name": "l", "address": address(1),
            "filter_chains": [["filters": [["name": "http", "typed_config": manager]]]],
        ]
        let endpoints = [["lb_endpoints": [["endpoint": ["address": address(80)]]]]]
        let cluster: [String: Any] = [
            "name": "scripted", "type": "STATIC",
            "load_assignment": ["cluster_name": "scripted", "endpoints": endpoints],
        ]
        let document = ["static_resources": ["listeners": [listener], "clusters": [cluster]]]
        let loaded = EnvoyLoader().load(Array(try JSONSerialization.data(withJSONObject: document)), format: .json)
        #expect(loaded.problems.filter { $0.severity == .error } == [])
        return try Engine(loaded.configuration)
    }

    static func pairs(_ lines: [[String]]) -> [(String, String)] { lines.map { ($0[0], $0[1]) } }

    /// Plays a case as a host would: an attempt after the other, as long as the engine says so.
    static func play(_ number: Int, _ vector: Vectors.Case, _ worker: Worker) -> Vectors.Case.Expected {
        let request = Request(authority: "a.example", path: "/\(number)", headers: pairs(vector.request))
        request.connection.insert(.isInternal)
        var exchange = worker.begin(request.view)
        var attempt = Attempt()
        var status: UInt16 = 0
        var attempts = 0
        var retries = true
        while retries {
            #expect(worker.pick(&exchange, &attempt) == .endpoint)
            let act = vector.script[min(attempts, vector.script.count - 1)]
            attempts += 1
            let outcome: Outcome
            var headers: [[String]] = []
            switch act {
            case .answer(let told, let lines):
                outcome = .response(told)
                headers = lines
                status = told
            case .reset:
                outcome = Outcome(.reset)
                status = 503
            case .silent:
                outcome = Outcome(.perTryTimeout)
                status = 504
            }
            let response = Request(authority: nil, path: nil, headers: pairs(headers))
            let (lines, own) = (response.view.headers, request.view.headers)
            let facts = RetryFacts(response: lines, request: own)
            retries = worker.report(&attempt, outcome, &exchange, facts).retries
        }
        worker.end(&exchange)
        return Vectors.Case.Expected(status: status, attempts: attempts)
    }

    @Test(arguments: ["tokens", "counts", "requests", "headers", "times"])
    func theSameIsTriedAgainAsEnvoyTries(_ theme: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors/retries/\(theme).json")
        let data = try Data(contentsOf: file)
        let vectors = try JSONDecoder().decode(Vectors.self, from: data)
        let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let policies = (object?["cases"] as? [[String: Any]] ?? []).map { $0["policy"] ?? NSNull() }
        let worker = try Self.engine(policies).makeWorker()
        for (number, vector) in vectors.cases.enumerated() {
            let told = Self.play(number, vector, worker)
            #expect(told == vector.expect, "case \(number): \(policies[number]) \(vector.request)")
        }
    }
}
