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
    private let before: [String: Entrance]
    private let after: [String: Entrance]
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

    /// Nothing tried yet; at most `limit` of what moves is kept. The candidate would make `after` of `before`.
    init(_ candidate: UpdateCandidate, from before: Configuration, to after: Configuration, limit: Int) {
        self.candidate = candidate
        self.before = Entrance.all(of: before)
        self.after = Entrance.all(of: after)
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
        tried += 1
        var isMoved = false
        for table in tables {
            let parts = Comparison.differences(
                try destination(in: table, before[table], .before), try destination(in: table, after[table], .after))
            guard !parts.isEmpty else { continue }
            isMoved = true
            if moves.count < limit { moves.append(Move(line: line.array, table: table, parts: parts)) }
        }
        if isMoved { movedCount += 1 }
        return nil
    }

    /// Where the request goes on one side; `nil` when that has no such route table.
    private func destination(
        in table: String, _ entrance: Entrance?, _ side: UpdateCandidate.Side
    ) throws -> Destination? {
        guard let entrance else { return nil }
        let request = request
        request.set(destination: entrance.address)
        let prepared = entrance.preparer.prepare(request.view)
        guard prepared.status == 0 else {
            let location = prepared.location.isMissing ? nil : prepared.location.string
            return Destination(answered: prepared.status, location: location)
        }
        return try candidate.destination(of: prepared.view(borrowing: request), routeTable: table, side)
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
