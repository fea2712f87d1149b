// Fairlead: a made-up request
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// A request that somebody might send, kept as the line of JSON that `fairlead route` and `fairlead explain` read.
struct TrialRequest: Hashable {
    var method = "GET"
    var scheme = "http"
    var authority: String
    /// The path; `nil` for a CONNECT that has none.
    var path: String?
    var query: [String] = []
    var headers: [[String]] = []

    /// The request as a line of JSON, without its end.
    var line: [UInt8] {
        var line = AnswerLine()
        func member(_ name: String, _ value: String) {
            line.append("\"\(name)\":")
            line.append(quoted: Array(value.utf8))
        }
        line.append("{")
        if method != "GET" {
            member("method", method)
            line.append(",")
        }
        if scheme != "http" {
            member("scheme", scheme)
            line.append(",")
        }
        member("authority", authority)
        if path != nil || method != "CONNECT" {
            line.append(",")
            member("path", (path ?? "/") + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
        }
        if !headers.isEmpty {
            line.append(",\"headers\":[")
            for (index, header) in headers.enumerated() {
                line.append(index == 0 ? "[" : ",[")
                line.append(quoted: Array(header[0].utf8))
                line.append(",")
                line.append(quoted: Array(header[1].utf8))
                line.append("]")
            }
            line.append("]")
        }
        line.append("}")
        return line.bytes
    }
}
