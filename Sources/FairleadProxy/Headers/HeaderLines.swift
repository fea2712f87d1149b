// Fairlead: the header lines of one message
// SPDX-License-Identifier: Apache-2.0

import Fairlead
public import NIOHTTP1

/// The header lines of one message in their order, names in lower case, as Envoy passes them on.
///
/// Lines that come off a connection enter through `init(received:)`, which lowers the names.
public struct HeaderLines: Hashable, Sendable {
    /// One line.
    public struct Line: Hashable, Sendable {
        /// The name in lower case.
        public var name: String
        /// The value.
        public var value: String
    }

    /// The lines in order.
    public private(set) var lines: [Line] = []

    /// No lines.
    public init() {}

    /// The lines of a response as they came, names in any case.
    public init(received headers: HTTPHeaders) {
        lines.reserveCapacity(headers.count + 8)
        for (name, value) in headers { lines.append(Line(name: HeaderName.lowercased(name), value: value)) }
    }

    /// The lines of a request that is ready to be routed.
    init(_ headers: HeaderList) {
        lines.reserveCapacity(headers.count + 8)
        for index in 0..<headers.count {
            let line = headers[index]
            lines.append(Line(name: HeaderName.lowercased(line.name.string), value: line.value.string))
        }
    }

    /// How many lines there are.
    public var count: Int { lines.count }

    /// The first value of `name`, which is in lower case; `nil` when there is none. O(lines).
    public subscript(name: String) -> String? { lines.first { $0.name == name }?.value }

    /// Whether there is a line called `name`, which is in lower case. O(lines).
    public func contains(_ name: String) -> Bool { lines.contains { $0.name == name } }

    /// How many lines are called `name`, which is in lower case. O(lines).
    public func count(of name: String) -> Int { lines.count { $0.name == name } }

    /// Adds a line at the end; `name` is in lower case.
    public mutating func append(_ name: String, _ value: String) { lines.append(Line(name: name, value: value)) }

    /// Puts a line in place of all that are called `name`, which is in lower case. O(lines).
    public mutating func set(_ name: String, _ value: String) {
        guard let place = lines.firstIndex(where: { $0.name == name }) else { return append(name, value) }
        lines[place].value = value
        guard lines[(place + 1)...].contains(where: { $0.name == name }) else { return }
        let kept = lines[place]
        lines.removeAll { $0.name == name }
        lines.insert(kept, at: place)
    }

    /// Removes all lines called `name`, which is in lower case. O(lines).
    public mutating func remove(_ name: String) { lines.removeAll { $0.name == name } }

    /// Removes the lines that `unwanted` says. O(lines).
    public mutating func removeAll(where unwanted: (Line) -> Bool) { lines.removeAll(where: unwanted) }

    /// The lines as NIO sends them, after `first` if there is one.
    func httpHeaders(after first: Line? = nil) -> HTTPHeaders {
        var pairs: [(String, String)] = []
        pairs.reserveCapacity(lines.count + 6)
        if let first { pairs.append((first.name, first.value)) }
        for line in lines { pairs.append((line.name, line.value)) }
        return HTTPHeaders(pairs)
    }
}
