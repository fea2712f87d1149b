// Fairlead: the command that answers requests on standard input
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead

/// `fairlead route`: reads requests as JSON lines on standard input and answers a JSON line each, in order.
struct RouteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Say where requests would go: JSON lines in, JSON lines out.",
        discussion: """
            In, all but path optional: {"method":"GET","scheme":"http","authority":"shop.example","path":"/a?b=c",\
            "headers":[["x-k","v"]],"source":"10.0.0.1:1234"}

            What the host would know beyond that: "tls":{"presented":true,"validated":false}, "metadata":{"filter":{"k":1}}, \
            "filter_state":{"key":"text","other":{"address":"10.0.0.1"}}

            Out, null where it does not apply, endpoint only with --pick: {"virtual_host":"…","route":"…","action":\
            "forward|redirect|direct_response|none","status":301,"location":"…","body":"…","cluster":"…","path":"…",\
            "authority":"…","endpoint":"10.0.0.9:80"}

            Requests are prepared as the connection manager says whose table it is: a path is the target of a request \
            line, a source the peer's address, and a scheme of https says that its connection is encrypted.

            Each line has its answer; one that is no request, or is longer than 16 MiB, has {"error":"…"}.
            """)

    @Option(help: "The configuration: YAML, JSON or protobuf.") var config: String
    @Option(help: "The route table to look in; the only one, or the first listener's, if not said.") var routeConfig:
        String?
    @Option(help: "What all chance grows from.") var seed: UInt64 = 0
    @Flag(help: "Pick an endpoint too.") var pick = false

    func run() throws {
        let server = try RequestServer(config, routeTable: routeConfig, seed: seed)
        var answerer = RouteAnswerer(
            server.worker, routeTable: server.routeTable, rules: server.rules, destination: server.destination,
            picks: pick)
        try StandardLines.answer(with: &answerer)
    }
}
