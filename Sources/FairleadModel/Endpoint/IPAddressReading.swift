// Fairlead: IP addresses from text
// SPDX-License-Identifier: Apache-2.0

extension IPAddress {
    /// The address that `text` spells, as `inet_pton` reads it: four decimal numbers without leading zeros, or groups of
    /// up to four hexadecimal digits with at most one gap and perhaps an address of version 4 at the end. `nil` for
    /// anything else, also with a port, a scope, brackets or blanks.
    public init?(_ text: Bytes) {
        if let address = IPAddress.version4(text) {
            self.init(version4: address)
        } else {
            guard let (high, low) = IPAddress.version6(text) else { return nil }
            self.init(high: high, low: low)
        }
    }

    /// The address that `text` spells, which may name its scope if it is of version 6 (`fe80::1%eth0`): the scope is
    /// left out.
    public init?(scoped text: Bytes) {
        guard let percent = text.firstIndex(of: UInt8(ascii: "%")) else {
            self.init(text)
            return
        }
        guard percent + 1 < text.count, let (high, low) = IPAddress.version6(text.prefix(percent)) else { return nil }
        self.init(high: high, low: low)
    }

    /// The address that `text` spells; see above.
    public init?(_ text: String) {
        guard let address = Bytes.withBytes(of: text, { IPAddress($0) }) else { return nil }
        self = address
    }

    private static func version4(_ text: Bytes) -> UInt32? {
        var address: UInt32 = 0
        var index = 0
        for part in 0..<4 {
            if part > 0 {
                guard index < text.count, text[index] == UInt8(ascii: ".") else { return nil }
                index += 1
            }
            let start = index
            var value: UInt32 = 0
            while index < text.count, index - start < 3, text[index] &- 48 < 10 {
                value = value * 10 + UInt32(text[index] &- 48)
                index += 1
            }
            let digits = index - start
            guard digits > 0, value < 256, digits == 1 || text[start] != UInt8(ascii: "0") else { return nil }
            address = address << 8 | value
        }
        return index == text.count ? address : nil
    }

    private static func version6(_ text: Bytes) -> (UInt64, UInt64)? {
        // Groups before the gap lie at the left end, those behind it at the right one.
        var before: (high: UInt64, low: UInt64) = (0, 0)
        var after: (high: UInt64, low: UInt64) = (0, 0)
        var countBefore = 0
        var countAfter = 0
        var hasGap = false
        func append(_ group: UInt16) {
            if hasGap {
                after = (after.high << 16 | after.low >> 48, after.low << 16 | UInt64(group))
                countAfter += 1
            } else {
                before = (before.high << 16 | before.low >> 48, before.low << 16 | UInt64(group))
                countBefore += 1
            }
        }
        var index = 0
        if text.count >= 2, text[0] == UInt8(ascii: ":") {
            guard text[1] == UInt8(ascii: ":") else { return nil }
            hasGap = true
            index = 2
        }
        while index < text.count {
            guard countBefore + countAfter < 8 else { return nil }
            let start = index
            var value: UInt16 = 0
            while index < text.count, index - start < 4, let digit = text[index].hexadecimalValue {
                value = value << 4 | UInt16(digit)
                index += 1
            }
            if index < text.count, text[index] == UInt8(ascii: ".") {
                guard countBefore + countAfter < 7, let tail = version4(text.dropFirst(start)) else { return nil }
                append(UInt16(truncatingIfNeeded: tail >> 16))
                append(UInt16(truncatingIfNeeded: tail))
                break
            }
            guard index > start else { return nil }
            append(value)
            if index == text.count { break }
            guard text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return nil }
            index += 1
            if text[index] == UInt8(ascii: ":") {
                guard !hasGap else { return nil }
                hasGap = true
                index += 1
            }
        }
        let count = countBefore + countAfter
        guard hasGap ? count < 8 : count == 8 else { return nil }
        let shifted = shiftedLeft(before, groups: hasGap ? 8 - countBefore : 0)
        return (shifted.high | after.high, shifted.low | after.low)
    }

    private static func shiftedLeft(
        _ value: (high: UInt64, low: UInt64), groups: Int
    ) -> (high: UInt64, low: UInt64) {
        // Swift's shifts by the width or more give 0, which is what an empty half has to be.
        let bits = UInt64(groups * 16)
        if bits >= 64 { return (value.low << (bits - 64), 0) }
        if bits == 0 { return value }
        return (value.high << bits | value.low >> (64 - bits), value.low << bits)
    }
}
