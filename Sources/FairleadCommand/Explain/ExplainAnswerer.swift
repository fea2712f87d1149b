// Fairlead: explaining requests, line by line
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadProxy

/// Tells why each request goes where it goes, as text or as lines of JSON.
struct ExplainAnswerer: LineAnswerer {
    private let worker: Worker
    private let routeTable: Int
    private let isJSON: Bool
    private let maximumRoutes: Int
    private let request = Request()
    var output = AnswerLine()

    /// Explains with the route table of the given id, listing at most `maximumRoutes` earlier routes.
    init(_ worker: Worker, routeTable: Int, isJSON: Bool, maximumRoutes: Int) {
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
        let view = request.view
        if let status = RequestRules.refusal(method: view.method, authority: view.authority, path: view.path) {
            return refuse(before: status)
        }
        let told = worker.explain(view, routeTable: routeTable, maximumRoutes: maximumRoutes)
        output.append(isJSON ? told.json + "\n" : told.text)
        step()
        separate()
    }

    /// Takes the decision that was told, so that the next one is told for the request after it.
    private func step() {
        let request = request
        var exchange = worker.begin(request.view, routeTable: routeTable)
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
