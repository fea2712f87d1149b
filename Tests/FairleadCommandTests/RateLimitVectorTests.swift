// Fairlead: tests of descriptors against what a real Envoy asked its rate limit service
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadEnvoy
import Foundation
import Testing

@Suite struct RateLimitVectorTests {
    struct Vectors: Decodable {
        struct Case: Decodable {
            struct Request: Decodable {
                var method: String?
                var authority: String?
                var path: String
                var headers: [[String]]?
                var source: String?
            }
            struct Expected: Decodable {
                var before: [Descriptor]
                var after: [Descriptor]
            }
            var request: Request
            var expect: Expected
        }
        struct Descriptor: Decodable, Hashable {
            var entries: [[String]]
            var limit: [Part]?
        }
        /// A number or a text.
        enum Part: Decodable, Hashable {
            case number(UInt32)
            case text(String)
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(UInt32.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }
        }
        var stage: UInt32
        var service_cluster: String
        var cases: [Case]
    }

    static let units = ["UNKNOWN", "SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "YEAR"]

    /// An engine with the table, the clusters and the runtime values of a vector file.
    static func engine(_ object: [String: Any]) throws -> Engine {
        let clusters = (object["clusters"] as? [String] ?? []).map { ["name": $0, "type": "STATIC"] }
        let http =
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
        let router = ["@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"]
        let manager: [String: Any] = [
            "@type": http, "stat_prefix": "x", "route_config": object["config"] ?? [:] as [String: Any],
            "http_filters": [["name": "router", "typed_config": router]],
        ]
        let address = ["socket_address": ["address": "127.0.0.1", "port_value": 1] as [String: Any]]
        let listener: [String: Any] = [
            "name": "l", "address": address,
            "filter_chains": [["filters": [["name": "http", "typed_config": manager]]]],
        ]
        let layer: [String: Any] = ["name": "s", "static_layer": object["runtime"] ?? [:] as [String: Any]]
        let document: [String: Any] = [
            "static_resources": ["listeners": [listener], "clusters": clusters],
            "layered_runtime": ["layers": [layer]],
        ]
        let data = try JSONSerialization.data(withJSONObject: document)
        let loaded = EnvoyLoader().load(Array(data), format: .json)
        #expect(loaded.problems.filter { $0.severity == .error } == [])
        return try Engine(loaded.configuration)
    }

    static func fact(_ value: Any) -> FactValue {
        switch value {
        case let text as String: .text(text)
        case let number as NSNumber: .number(number.doubleValue)
        case let fields as [String: Any]: .structure(fields.map { FactValue.Field($0.key, fact($0.value)) })
        default: .null
        }
    }

    @Test(arguments: ["stage-0", "stage-1"])
    func theSameIsAskedAsEnvoyAsks(_ name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors/rate-limits/\(name).json")
        let data = try Data(contentsOf: file)
        let vectors = try JSONDecoder().decode(Vectors.self, from: data)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let engine = try Self.engine(object)
        let worker = try engine.makeWorker()
        let metadata = object["metadata"] as? [String: Any] ?? [:]
        for item in vectors.cases {
            let request = Request(
                method: item.request.method ?? "GET", authority: item.request.authority, path: item.request.path,
                headers: (item.request.headers ?? []).map { ($0[0], $0[1]) }, source: item.request.source)
            for (filter, value) in metadata { request.addMetadata(filter, Self.fact(value)) }
            for isDone in [false, true] {
                let asked = Self.asked(worker, request, vectors.stage, isDone, vectors.service_cluster)
                let expected = isDone ? item.expect.after : item.expect.before
                #expect(asked == expected, "\(item.request.path) \(item.request.headers ?? [])")
            }
        }
        #expect(vectors.cases.count > 40)
    }

    static func asked(
        _ worker: Worker, _ request: Request, _ stage: UInt32, _ isDone: Bool, _ service: String
    ) -> [Vectors.Descriptor] {
        Bytes.withBytes(of: service) { service in
            var query = RateLimitQuery()
            query.stage = stage
            query.isStreamDone = isDone
            query.sourceCluster = service
            var exchange = worker.begin(request.view)
            let descriptors = RateLimitDescriptors()
            var cursor = RateLimitCursor()
            var asked: [Vectors.Descriptor] = []
            while let made = descriptors.next(exchange.route, request.view, query, &cursor) {
                let entries = descriptors.entries
                asked.append(
                    Vectors.Descriptor(
                        entries: (0..<entries.count).map { [entries[$0].name.string, entries[$0].value.string] },
                        limit: made.limit.map { [.number($0.requestsPerUnit), .text(units[Int($0.unit.rawValue)])] }))
            }
            worker.end(&exchange)
            return asked
        }
    }
}
