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
    private var texts = StoredRuns()
    private var records = StoredRuns()
    private var emptyText: BlockText?

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
        if text.utf8.isEmpty { return textWithoutBytes() }
        var text = text
        return text.withUTF8 { unsafe stored(UnsafeRawBufferPointer($0)) }
    }

    /// An empty text needs a place of its own to be told from a missing one.
    private mutating func textWithoutBytes() -> BlockText {
        if let emptyText { return emptyText }
        let place = BlockText(offset: offset, count: 0)
        bytes.append(0)
        emptyText = place
        return place
    }

    private mutating func stored(_ text: UnsafeRawBufferPointer) -> BlockText {
        let hash = unsafe StoredRuns.hash(text)
        let count = UInt32(truncatingIfNeeded: text.count)
        if let known = unsafe texts.offset(of: text, hash: hash, in: bytes) {
            return BlockText(offset: known, count: count)
        }
        let place = BlockText(offset: offset, count: count)
        unsafe bytes.append(contentsOf: text)
        texts.add(hash, offset: place.offset, count: text.count)
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
    @inlinable
    public mutating func append<Element: BitwiseCopyable>(_ elements: [Element]) -> BlockArray<Element> {
        guard !elements.isEmpty else { return .empty }
        let start = unsafe elements.withUnsafeBytes { unsafe append(raw: $0) }
        return BlockArray<Element>(offset: start, count: UInt32(truncatingIfNeeded: elements.count))
    }

    /// Stores a record, once for all equal ones.
    @inlinable
    public mutating func append<Record: BitwiseCopyable>(shared record: Record) -> BlockReference<Record> {
        BlockReference(offset: unsafe withUnsafeBytes(of: record) { unsafe append(sharedRaw: $0) })
    }

    @usableFromInline
    mutating func append(raw: UnsafeRawBufferPointer) -> UInt32 {
        align()
        let place = offset
        unsafe bytes.append(contentsOf: raw)
        return place
    }

    @usableFromInline
    mutating func append(sharedRaw raw: UnsafeRawBufferPointer) -> UInt32 {
        let hash = unsafe StoredRuns.hash(raw)
        if let known = unsafe records.offset(of: raw, hash: hash, in: bytes) { return known }
        let place = unsafe append(raw: raw)
        records.add(hash, offset: place, count: raw.count)
        return place
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
