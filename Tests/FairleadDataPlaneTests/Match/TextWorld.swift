// Fairlead: a set of texts and an index of them, side by side
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

@testable import FairleadCompiler
@testable import FairleadDataPlane

/// A set of texts with an index of them and, as its measure, a plain search.
struct TextWorld {
    /// The four ways to read a text.
    static let readings: [TextReading] = [[], .folded, .fromBack, [.folded, .fromBack]]

    let reading: TextReading
    let texts: [String]
    private let block: Block
    private let index: PathIndex

    /// The index of `texts`, which differ from one another and are in lower case where case is folded. Each is filed as
    /// a whole text and as a beginning (or an end).
    init(_ texts: [String], _ reading: TextReading) {
        self.texts = texts
        self.reading = reading
        var writer = BlockWriter(header: PathIndex.self)
        var builder = TextIndexBuilder(reading)
        for text in texts { builder.add(text, at: writer.text(text), isWhole: false) }
        for text in texts { builder.add(text, at: writer.text(text), isWhole: true) }
        let built = builder.build(into: &writer)
        var header = PathIndex()
        header.exact = built.exact
        header.prefixes = built.prefixes
        writer.setHeader(header)
        block = writer.finish()
        index = header
    }

    /// The number of the longest text of at most `limit` bytes that `query` begins (or ends) with, −1 for none.
    func longest(_ query: String, limit: Int? = nil) -> Int {
        Bytes.withBytes(of: query) { query in
            Int(index.prefixes.longest(query, limit: limit ?? query.count, reading, in: block.view)) - 1
        }
    }

    /// The same for bytes that need not be text.
    func longest(_ query: [UInt8]) -> Int {
        Bytes.withBytes(of: query) { Int(index.prefixes.longest($0, limit: query.count, reading, in: block.view)) - 1 }
    }

    /// The number of the text that `query` is, −1 for none.
    func exact(_ query: String) -> Int {
        // Whole texts were filed behind the others.
        let value = Int(Bytes.withBytes(of: query) { index.exact.exact($0, reading, in: block.view) })
        return value == 0 ? -1 : value - 1 - texts.count
    }

    /// What `longest` has to answer.
    func longestBySearch(_ query: String, limit: Int? = nil) -> Int {
        let wanted = read(query)
        var best = -1
        for (number, text) in texts.enumerated() where text.utf8.count <= limit ?? wanted.count {
            guard wanted.starts(with: read(text)), best < 0 || text.utf8.count > texts[best].utf8.count else {
                continue
            }
            best = number
        }
        return best
    }

    /// What `exact` has to answer.
    func exactBySearch(_ query: String) -> Int {
        let wanted = read(query)
        return texts.firstIndex { read($0) == wanted } ?? -1
    }

    /// The bytes in reading order.
    private func read(_ text: String) -> [UInt8] {
        let bytes = Array((reading.contains(.folded) ? text.lowercased() : text).utf8)
        return reading.contains(.fromBack) ? bytes.reversed() : bytes
    }
}
