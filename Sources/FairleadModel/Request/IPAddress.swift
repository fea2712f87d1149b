// Fairlead: IP addresses as numbers
// SPDX-License-Identifier: Apache-2.0

/// An IP address as a number, for comparing it with ranges: 128 bits, of which an IPv4 address uses the lowest 32.
public struct IPAddress: Hashable, Sendable {
    /// The upper 64 bits of an IPv6 address; 0 for IPv4.
    public let high: UInt64
    /// The lower 64 bits.
    public let low: UInt64
    /// Whether it is an IPv6 address. One that holds an IPv4 address inside of it is one too.
    public let isVersion6: Bool

    /// Reads the text form that `inet_pton` takes, without a port and without brackets; `nil` for anything else.
    public init?(_ text: Bytes) {
        if text.firstIndex(of: UInt8(ascii: ":")) == nil {
            guard let value = IPAddress.version4(text) else { return nil }
            high = 0
            low = UInt64(value)
            isVersion6 = false
        } else {
            guard let value = IPAddress.version6(text) else { return nil }
            high = value.high
            low = value.low
            isVersion6 = true
        }
    }

    /// Whether the first `length` bits of both are the same; addresses of different versions share nothing.
    public func shares(_ length: Int, with other: IPAddress) -> Bool {
        guard isVersion6 == other.isVersion6 else { return false }
        guard isVersion6 else {
            return length <= 0 || (low ^ other.low) >> UInt64(32 - min(length, 32)) == 0
        }
        if length > 64 {
            return high == other.high && (low ^ other.low) >> UInt64(128 - min(length, 128)) == 0
        }
        return length <= 0 || (high ^ other.high) >> UInt64(64 - length) == 0
    }

    /// An address of the given bits.
    public init(high: UInt64, low: UInt64, isVersion6: Bool) {
        self.high = high
        self.low = low
        self.isVersion6 = isVersion6
    }

    private static func version4(_ text: Bytes) -> UInt32? {
        var value: UInt32 = 0
        var parts = 0
        var index = 0
        while true {
            let start = index
            var part: UInt32 = 0
            while index < text.count, text[index] &- 48 < 10, index - start < 3 {
                part = part * 10 + UInt32(text[index] &- 48)
                index += 1
            }
            let length = index - start
            guard length > 0, part <= 255, length == 1 || text[start] != 48 else { return nil }
            value = value << 8 | part
            parts += 1
            if parts == 4 { return index == text.count ? value : nil }
            guard index < text.count, text[index] == UInt8(ascii: ".") else { return nil }
            index += 1
        }
    }

    /// Up to eight groups of hexadecimal digits; one run of zero groups may be left out, and the last two groups may be
    /// spelled as an IPv4 address.
    private static func version6(_ text: Bytes) -> (high: UInt64, low: UInt64)? {
        var before = Groups()
        var after = Groups()
        var hasGap = false
        var index = 0
        if text.count >= 2, text[0] == UInt8(ascii: ":"), text[1] == UInt8(ascii: ":") {
            hasGap = true
            index = 2
        }
        while index < text.count {
            let start = index
            var group: UInt64 = 0
            while index < text.count, index - start < 4, let digit = hexadecimal(text[index]) {
                group = group << 4 | digit
                index += 1
            }
            if index < text.count, text[index] == UInt8(ascii: ".") {
                guard let value = version4(text.dropFirst(start)) else { return nil }
                let isRoom = hasGap ? after.add(UInt64(value >> 16)) : before.add(UInt64(value >> 16))
                let isMore = hasGap ? after.add(UInt64(value & 0xffff)) : before.add(UInt64(value & 0xffff))
                guard isRoom, isMore else { return nil }
                break
            }
            guard index > start, hasGap ? after.add(group) : before.add(group) else { return nil }
            if index == text.count { break }
            guard text[index] == UInt8(ascii: ":") else { return nil }
            index += 1
            if index < text.count, text[index] == UInt8(ascii: ":") {
                guard !hasGap else { return nil }
                hasGap = true
                index += 1
            } else if index == text.count {
                return nil
            }
        }
        let count = before.count + after.count
        guard hasGap ? count <= 7 : count == 8 else { return nil }
        return before.joined(with: after)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte - 0x30)
        case 0x41...0x46: UInt64(byte - 0x41 + 10)
        case 0x61...0x66: UInt64(byte - 0x61 + 10)
        default: nil
        }
    }

    /// Groups of 16 bits, the last one lowest.
    private struct Groups {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var count = 0

        /// Adds a group; answers whether there was room.
        mutating func add(_ group: UInt64) -> Bool {
            guard count < 8 else { return false }
            shift(by: 1)
            low |= group
            count += 1
            return true
        }

        /// These groups at the front, those of `other` at the end, zeros between them.
        func joined(with other: Groups) -> (high: UInt64, low: UInt64) {
            var front = self
            front.shift(by: 8 - count)
            return (front.high | other.high, front.low | other.low)
        }

        private mutating func shift(by groups: Int) {
            for _ in 0..<groups {
                high = high << 16 | low >> 48
                low <<= 16
            }
        }
    }
}
