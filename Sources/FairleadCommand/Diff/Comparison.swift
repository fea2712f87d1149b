// Fairlead: trying requests on two configurations
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Asks a candidate where requests go before and after, and notes those that would go elsewhere.
struct Comparison {
    /// A request that would go elsewhere.
    struct Move {
        var line: [UInt8]
        var table: String
        var parts: [Destination.Part]
    }

    private let candidate: UpdateCandidate
    private let request = Request()
    private let preparer = Preparer()
    /// How many requests were tried.
    private(set) var tried = 0
    /// How many of them would go elsewhere.
    private(set) var movedCount = 0
    /// The first of those.
    private(set) var moves: [Move] = []
    /// Lines that are no requests, by number from 1.
    private(set) var faults: [(line: Int, message: String)] = []
    private let limit: Int
    private var lineNumber = 0

    /// Nothing tried yet; at most `limit` of what moves is kept.
    init(_ candidate: UpdateCandidate, limit: Int) {
        self.candidate = candidate
        self.limit = limit
    }

    /// Tries a line of the requests' file.
    mutating func take(_ line: LineSplitter.Line, maximum: Int, tables: [String]) throws {
        lineNumber += 1
        switch line {
        case .bytes(let bytes):
            if bytes.isEmpty { return }
            if let fault = try attempt(bytes, tables) { faults.append((lineNumber, fault)) }
        case .tooLong: faults.append((lineNumber, "longer than \(maximum) bytes"))
        }
    }

    /// Tries one request, written as a line, on each of `tables`; answers what is wrong with the line.
    mutating func attempt(_ line: Bytes, _ tables: [String]) throws -> String? {
        let request = request
        request.reset()
        var reader = RequestLine(line)
        do {
            try reader.read(into: request)
        } catch {
            return error.message
        }
        // Requests are prepared as a listener does it that says nothing else: what is refused then is refused by both.
        let prepared = preparer.prepare(request.view)
        tried += 1
        guard prepared.status == 0 else { return nil }
        let view = prepared.view(borrowing: request)
        var isMoved = false
        for table in tables {
            let (before, after) = try candidate.compare(view, routeTable: table)
            let parts = Comparison.differences(before, after)
            guard !parts.isEmpty else { continue }
            isMoved = true
            if moves.count < limit { moves.append(Move(line: line.array, table: table, parts: parts)) }
        }
        if isMoved { movedCount += 1 }
        return nil
    }

    private static func differences(_ before: Destination?, _ after: Destination?) -> [Destination.Part] {
        switch (before, after) {
        case (nil, nil): []
        case (let before?, let after?): before.differences(to: after)
        case (nil, _?): [Destination.Part(name: "route_table", before: nil, after: "there")]
        case (_?, nil): [Destination.Part(name: "route_table", before: "there", after: nil)]
        }
    }
}
