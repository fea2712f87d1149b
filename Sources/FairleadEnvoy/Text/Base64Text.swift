// Fairlead: bytes from base64
// SPDX-License-Identifier: Apache-2.0

/// Base64 as protobuf's JSON mapping takes it: the standard or the URL-safe alphabet, padded or not (RFC 4648).
enum Base64Text {
    /// The bytes, or nil when the text is not base64.
    static func decode(_ text: Span<UInt8>, ignoringLineBreaks: Bool = false) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 3)
        var group: UInt32 = 0
        var letters = 0
        var padding = 0
        for index in text.indices {
            let letter = text[index]
            if ignoringLineBreaks, letter == UInt8(ascii: "\n") { continue }
            if letter == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let value = value(of: letter) else { return nil }
            group = group << 6 | UInt32(value)
            letters += 1
            if letters % 4 == 0 {
                bytes.append(UInt8(truncatingIfNeeded: group >> 16))
                bytes.append(UInt8(truncatingIfNeeded: group >> 8))
                bytes.append(UInt8(truncatingIfNeeded: group))
            }
        }
        let rest = letters % 4
        guard rest != 1, padding == 0 || (rest > 0 && padding == 4 - rest) else { return nil }
        // Bits beyond the last whole byte are dropped, as Envoy drops them.
        if rest == 3 { bytes.append(UInt8(truncatingIfNeeded: group >> 10)) }
        if rest == 3 { bytes.append(UInt8(truncatingIfNeeded: group >> 2)) }
        if rest == 2 { bytes.append(UInt8(truncatingIfNeeded: group >> 4)) }
        return bytes
    }

    private static func value(of letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
