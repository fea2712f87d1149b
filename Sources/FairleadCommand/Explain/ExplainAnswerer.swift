// Fairlead: explaining requests, line by line
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Tells why each request goes where it goes, as text or as lines of JSON.
struct ExplainAnswerer: LineAnswerer {
    private let worker: Worker
    private let routeTable: Int
    private let isJSON: Bool
    private let maximumRoutes: Int
    private let request = Request()
    private let preparer: Preparer
    private let destination: String
    var output = AnswerLine()

    /// Explains with the route table of the given id, listing at most `maximumRoutes` earlier routes.
    ///
    /// - Parameter rules: what is done to the requests before they are routed.
    /// - Parameter destination: the local address that they come in on, with its port; empty when it is not known.
    init(
        _ worker: Worker, routeTable: Int, rules: PreparationRules = PreparationRules(), destination: String = "",
        isJSON: Bool, maximumRoutes: Int
    ) {
        preparer = Preparer(rules)
        self.destination = destination
        self.worker = worker
        self.routeTable = routeTable
        self.isJSON = isJSON
        self.maximumRoutes = maximumRoutes
    }

    mutating func answer(_ line: LineSplitter.Line, maximum: Int) {
        switch line {
        case .bytes(let bytes): answer(bytes)
        case .tooLong: refuse("the line is longer than \(maximum) bytes")
        }
    }

    private mutating func answer(_ line: Bytes) {
        let request = request
        request.reset()
        var reader = RequestLine(line)
        do {
            try reader.read(into: request)
        } catch {
            return refuse(error.message)
        }
        request.set(destination: destination)
        let prepared = preparer.prepare(request.view)
        guard prepared.status == 0 else { return refuse(before: prepared.status) }
        let view = prepared.view(borrowing: request)
        let told = worker.explain(view, routeTable: routeTable, maximumRoutes: maximumRoutes)
        output.append(isJSON ? told.json + "\n" : told.text)
        step(view)
        separate()
    }

    /// Takes the decision that was told, so that the next one is told for the request after it.
    private func step(_ view: RequestView) {
        var exchange = worker.begin(view, routeTable: routeTable)
        var attempt = Attempt()
        if worker.pick(&exchange, &attempt) == .endpoint { worker.report(&attempt, .response(200), &exchange) }
        worker.end(&exchange)
    }

    private mutating func refuse(_ message: String) {
        if isJSON {
            output.append("{\"error\":")
            output.append(quoted: Array(message.utf8))
            output.append("}\n")
        } else {
            output.append("error         " + message + "\n")
        }
        separate()
    }

    private mutating func refuse(before status: UInt16) {
        if isJSON {
            output.append("{\"refused_before_routing\":")
            output.append(status)
            output.append("}\n")
        } else {
            output.append("action        refused before routing: \(status)\n")
        }
        separate()
    }

    /// An empty line between two texts.
    private mutating func separate() { if !isJSON { output.append("\n") } }
}
