// Fairlead: ids for requests
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Ids for requests: random UUIDs (RFC 9562, version 4) from a seeded source, so that a run can be repeated.
enum RequestID {
    /// A new id: 36 characters.
    static func make(from source: inout RandomSource) -> String {
        // Version 4 in the high half, variant 10 in the low half.
        let high = source.next() & 0xffff_ffff_ffff_0fff | 0x4000
        let low = source.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for digit in 0..<32 {
            if digit == 8 || digit == 12 || digit == 16 || digit == 20 { text.append(UInt8(ascii: "-")) }
            let half = digit < 16 ? high : low
            let value = UInt8(truncatingIfNeeded: half >> UInt64(60 - digit % 16 * 4)) & 15
            text.append(value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
