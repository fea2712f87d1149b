// Fairlead: answering requests, line by line
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Decides requests and writes what became of them, in the fixed form of `fairlead route`.
struct RouteAnswerer: LineAnswerer {
    private let worker: Worker
    private let routeTable: Int
    private let picks: Bool
    private let arrived = Request()
    private let preparer: Preparer
    private let destination: String
    private var path: [UInt8] = []
    private var authority: [UInt8] = []
    private var location: [UInt8] = []
    private var attempt = AttemptBox()
    var output = AnswerLine()

    /// Answers with the route table of the given id; with `picks` an endpoint is picked too.
    ///
    /// - Parameter rules: what is done to the requests before they are routed.
    /// - Parameter destination: the local address that they come in on, with its port; empty when it is not known.
    init(
        _ worker: Worker, routeTable: Int, rules: PreparationRules = PreparationRules(), destination: String = "",
        picks: Bool
    ) {
        self.worker = worker
        self.routeTable = routeTable
        preparer = Preparer(rules)
        self.destination = destination
        self.picks = picks
    }

    /// Answers one line.
    ///
    /// - Parameter maximum: how long a line may be, in bytes.
    mutating func answer(_ line: LineSplitter.Line, maximum: Int) {
        switch line {
        case .bytes(let bytes): answer(bytes)
        case .tooLong: refuse("the line is longer than \(maximum) bytes")
        }
    }

    private mutating func answer(_ line: Bytes) {
        // A copy of the reference: views borrow from it, and not from the whole answerer.
        let arrived = arrived
        arrived.reset()
        var reader = RequestLine(line)
        do {
            try reader.read(into: arrived)
        } catch {
            return refuse(error.message)
        }
        arrived.set(destination: destination)
        let prepared = preparer.prepare(arrived.view)
        guard prepared.status == 0 else {
            output.append("{\"virtual_host\":null,\"route\":null,\"action\":")
            output.append(prepared.location.isMissing ? "\"none\",\"status\":" : "\"redirect\",\"status\":")
            output.append(prepared.status)
            output.append(",\"location\":")
            output.append(quoted: prepared.location)
            output.append(",\"body\":null,\"cluster\":null,\"path\":null,\"authority\":null")
            return finish(.missing)
        }
        decide(prepared.view(borrowing: arrived))
    }

    /// Answers that a line is not a request.
    mutating func refuse(_ message: String) {
        output.append("{\"error\":")
        output.append(quoted: Array(message.utf8))
        output.append("}\n")
    }

    private mutating func decide(_ request: borrowing RequestView) {
        var exchange = worker.begin(request, routeTable: routeTable)
        let route = exchange.route
        let cluster = exchange.clusterName(worker)
        let forwards = exchange.disposition == .forward && !cluster.isMissing
        output.append("{\"virtual_host\":")
        output.append(quoted: route.virtualHostName)
        output.append(",\"route\":")
        output.append(quoted: route.name)
        switch exchange.disposition {
        case .forward: output.append(forwards ? ",\"action\":\"forward\"" : ",\"action\":\"none\"")
        case .redirect, .tlsRedirect: output.append(",\"action\":\"redirect\"")
        case .directResponse: output.append(",\"action\":\"direct_response\"")
        case .noRoute, .nonForwarding, .badRequest: output.append(",\"action\":\"none\"")
        }
        output.append(",\"status\":")
        let status = exchange.disposition == .forward && !forwards ? route.clusterNotFoundStatus : route.status
        if status == 0 { output.append("null") } else { output.append(status) }
        output.append(",\"location\":")
        if exchange.disposition == .redirect || exchange.disposition == .tlsRedirect {
            OutputBuffer.collect(into: &location) { route.writeLocation(request, into: &$0) }
            output.append(quoted: location)
        } else {
            output.append("null")
        }
        output.append(",\"body\":")
        if route.composesBody {
            OutputBuffer.collect(into: &location) { route.writeBody(request, into: &$0) }
            output.append(quoted: location)
        } else {
            output.append(quoted: route.body)
        }
        output.append(",\"cluster\":")
        output.append(quoted: forwards ? cluster : .missing)
        if forwards {
            forward(&exchange, request)
        } else {
            output.append(",\"path\":null,\"authority\":null")
            finish(.missing)
        }
        worker.end(&exchange)
    }

    /// The endpoint comes first in time, because the authority may be the endpoint's host name.
    private mutating func forward(_ exchange: inout Exchange, _ request: borrowing RequestView) {
        var endpoint: EndpointView?
        if picks, worker.pick(&exchange, &attempt.attempt) == .endpoint { endpoint = attempt.attempt.endpoint }
        let route = exchange.route
        OutputBuffer.collect(into: &path) { route.writePath(request, into: &$0) }
        OutputBuffer.collect(into: &authority) {
            route.writeAuthority(request, endpointHostname: endpoint?.hostname ?? .missing, into: &$0)
        }
        output.append(",\"path\":")
        output.append(quoted: path)
        output.append(",\"authority\":")
        output.append(quoted: authority)
        finish(endpoint?.address ?? .missing)
        worker.report(&attempt.attempt, .response(200), &exchange, mayRetry: false)
    }

    private mutating func finish(_ endpoint: Bytes) {
        if picks {
            output.append(",\"endpoint\":")
            output.append(quoted: endpoint)
        }
        output.append("}\n")
    }
}

/// An attempt that can be kept in a copyable value.
private final class AttemptBox {
    var attempt = Attempt()
}
