// Fairlead: writing a block
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Writes one block: texts, records and arrays behind a header record, in the order of the calls.
///
/// The same calls give the same bytes: equal texts and records are stored once, gaps are zero. Records must have no
/// padding of their own, or their bytes would not be canonical. Offsets have 32 bits; of a block that comes out larger
/// they are wrong, so that its size has to be looked at before it is used.
@safe
public struct BlockWriter {
    private var bytes: [UInt8] = []
    private var texts: [ExactText: BlockText] = [:]
    private var records: [[UInt8]: UInt32] = [:]

    /// A block that begins with a header of type `Header`, to be set with `setHeader`.
    public init<Header: BitwiseCopyable>(header: Header.Type) {
        bytes = [UInt8](repeating: 0, count: (MemoryLayout<Header>.size + 7) & ~7)
    }

    /// The bytes so far.
    public var count: Int { bytes.count }

    private var offset: UInt32 { UInt32(truncatingIfNeeded: bytes.count) }

    /// Fills in the header.
    public mutating func setHeader<Header: BitwiseCopyable>(_ header: Header) {
        overwrite(header, at: 0)
    }

    /// Stores a text, once for all equal ones.
    public mutating func text(_ text: String) -> BlockText {
        let key = ExactText(text)
        if let known = texts[key] { return known }
        let place = BlockText(offset: offset, count: UInt32(truncatingIfNeeded: text.utf8.count))
        bytes.append(contentsOf: text.utf8)
        // An empty text still needs a place of its own to be told from a missing one.
        if text.utf8.isEmpty { bytes.append(0) }
        texts[key] = place
        return place
    }

    /// Stores a text, or nothing for `nil`.
    public mutating func text(_ text: String?) -> BlockText {
        guard let text else { return .empty }
        return self.text(text)
    }

    /// Stores raw bytes, aligned to 8.
    public mutating func append(bytes raw: [UInt8]) -> BlockText {
        align()
        let place = BlockText(offset: offset, count: UInt32(truncatingIfNeeded: raw.count))
        bytes.append(contentsOf: raw)
        if raw.isEmpty { bytes.append(0) }
        return place
    }

    /// Stores records one behind the other; nothing for an empty array.
    public mutating func append<Element: BitwiseCopyable>(_ elements: [Element]) -> BlockArray<Element> {
        guard !elements.isEmpty else { return .empty }
        align()
        let place = BlockArray<Element>(offset: offset, count: UInt32(truncatingIfNeeded: elements.count))
        unsafe elements.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        return place
    }

    /// Stores a record, once for all equal ones.
    public mutating func append<Record: BitwiseCopyable>(shared record: Record) -> BlockReference<Record> {
        let raw = unsafe withUnsafeBytes(of: record) { unsafe [UInt8]($0) }
        if let known = records[raw] { return BlockReference(offset: known) }
        align()
        let place = offset
        bytes.append(contentsOf: raw)
        records[raw] = place
        return BlockReference(offset: place)
    }

    /// A text that was stored before.
    public func string(at place: BlockText) -> String {
        let start = Int(place.offset)
        return String(decoding: bytes[start..<(start + Int(place.count))], as: UTF8.self)
    }

    /// Records that were stored before.
    public func elements<Element: BitwiseCopyable>(of array: BlockArray<Element>) -> [Element] {
        unsafe bytes.withUnsafeBytes { buffer in
            (0..<Int(array.count)).map { index in
                unsafe buffer.loadUnaligned(
                    fromByteOffset: Int(array.offset) + index * MemoryLayout<Element>.stride, as: Element.self)
            }
        }
    }

    /// The finished block.
    public consuming func finish() -> Block {
        align()
        return Block(bytes)
    }

    private mutating func align() {
        while bytes.count % 8 != 0 { bytes.append(0) }
    }

    private mutating func overwrite<Record: BitwiseCopyable>(_ record: Record, at offset: Int) {
        unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe buffer.storeBytes(of: record, toByteOffset: offset, as: Record.self)
        }
    }
}
