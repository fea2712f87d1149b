// Fairlead: requests of the law programs
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// A request of the laws, kept as texts.
struct LawRequest {
    var method = "GET"
    var scheme = "http"
    var authority: String?
    var path: String?
    var headers: [(String, String)] = []
    /// Dynamic metadata of the filter `f`.
    var metadata: [FactValue.Field] = []
    var connection = ConnectionFacts()

    /// The request as the engine takes it.
    func made(random: UInt64) -> Request {
        let request = Request(method: method, scheme: scheme, authority: authority, path: path, headers: headers)
        request.random = random
        request.connection = connection
        if !metadata.isEmpty { request.addMetadata("f", .structure(metadata)) }
        return request
    }

    /// One line for a report.
    var description: String {
        "\(method) \(scheme)://\(authority ?? "(none)") \(path ?? "(none)") \(headers.map { $0.0 + ":" + $0.1 })"
    }
}
