// Fairlead: the command that tells why requests go where they go
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead

/// `fairlead explain`: tells why a request of the command line, or each on standard input, goes where it goes.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why requests go where they go.",
        discussion: """
            With --path it explains one request; without, each request on standard input, JSON lines as for `fairlead \
            route`. It tells the virtual host and the domains it beat, each earlier route and the first reason why it \
            did not match, the route, what it does, and how cluster, priority, locality and endpoint are chosen.
            """)

    @Option(help: "The configuration: YAML, JSON or protobuf.") var config: String
    @Option(help: "The route table to look in; the only one, or the first listener's, if not said.") var routeConfig:
        String?
    @Option(help: "What all chance grows from.") var seed: UInt64 = 0
    @Flag(help: "Answer in lines of JSON.") var json = false
    @Option(help: "How many earlier routes are listed at most; all are counted.") var limit = 20
    @Option(help: "The request's path with its query.") var path: String?
    @Option(help: "The request's host.") var authority = "localhost"
    @Option(help: "The request's method.") var method = "GET"
    @Option(help: "The request's scheme: http or https.") var scheme = "http"
    @Option(help: "A header of the request, 'name: value'; can be repeated.") var header: [String] = []
    @Option(help: "The client's address with its port.") var source: String?

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit must not be negative") }
        for line in header where !line.dropFirst().contains(":") {
            throw ValidationError("--header '\(line)' is not of the form 'name: value'")
        }
        let isTold = !header.isEmpty || source != nil || authority != "localhost" || method != "GET" || scheme != "http"
        if path == nil, isTold { throw ValidationError("a request on the command line needs --path") }
    }

    func run() throws {
        let server = try RequestServer(config, routeTable: routeConfig, seed: seed)
        var answerer = ExplainAnswerer(
            server.worker, routeTable: server.routeTable, rules: server.rules, destination: server.destination,
            isJSON: json, maximumRoutes: limit)
        guard let path else { return try StandardLines.answer(with: &answerer) }
        let line = requestLine(path)
        Bytes.withBytes(of: line) { answerer.answer(.bytes($0), maximum: line.count) }
        try StandardLines.flush(&answerer)
    }

    /// The request of the command line as one line of JSON: it goes the way that lines go.
    func requestLine(_ path: String) -> [UInt8] {
        var line = AnswerLine()
        func member(_ name: String, _ value: String) {
            line.append("\"\(name)\":")
            line.append(quoted: Array(value.utf8))
            line.append(",")
        }
        line.append("{")
        member("method", method)
        member("scheme", scheme)
        member("authority", authority)
        if let source { member("source", source) }
        line.append("\"headers\":[")
        for (index, text) in header.enumerated() {
            let colon = text.dropFirst().firstIndex(of: ":") ?? text.endIndex
            let value = text[colon...].dropFirst().drop { $0 == " " }
            line.append(index == 0 ? "[" : ",[")
            line.append(quoted: Array(text[..<colon].utf8))
            line.append(",")
            line.append(quoted: Array(value.utf8))
            line.append("]")
        }
        line.append("],\"path\":")
        line.append(quoted: Array(path.utf8))
        line.append("}")
        return line.bytes
    }
}
