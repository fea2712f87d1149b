// Fairlead: bytes between C and Swift
// SPDX-License-Identifier: Apache-2.0

import CFairlead
import FairleadModel

extension Bytes {
    /// Borrows what C lends.
    @inline(__always)
    init(_ bytes: fl_bytes) {
        let start = unsafe bytes.data.map { unsafe UnsafeRawPointer($0).assumingMemoryBound(to: UInt8.self) }
        unsafe self.init(start: start, count: bytes.size)
    }
}

extension fl_bytes {
    /// Lends `bytes` to C.
    @inline(__always)
    init(_ bytes: Bytes) {
        unsafe self = bytes.withUnsafeBytes { buffer in
            unsafe fl_bytes(data: buffer.baseAddress?.assumingMemoryBound(to: CChar.self), size: buffer.count)
        }
    }

    /// Bytes that are not there.
    static var missing: fl_bytes { unsafe fl_bytes(data: nil, size: 0) }
}

extension OutputBuffer {
    /// Borrows a buffer of C's; `nil` for none with a capacity.
    init?(_ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int) {
        guard capacity >= 0, unsafe buffer != nil || capacity == 0 else { return nil }
        let start = unsafe buffer.map { unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt8.self) }
        unsafe self.init(start: start, capacity: capacity)
    }
}

/// Whether a caller's struct is as long as the first version of it: the sizes of all versions so far are the same.
@inline(__always)
func isSized<Struct>(_ pointer: UnsafePointer<Struct>) -> Bool {
    let size = unsafe UnsafeRawPointer(pointer).load(as: UInt32.self)
    return Int(size) >= MemoryLayout<Struct>.size
}
