// Fairlead: IP addresses and ranges of them
// SPDX-License-Identifier: Apache-2.0

/// An IP address, of either version, without a scope.
@frozen
public struct ClientAddress: Hashable, BitwiseCopyable, Sendable {
    /// The address's bits 64 and up; 0 for version 4.
    public let high: UInt64
    /// The address's bits 0 to 63; the whole address for version 4.
    public let low: UInt64
    /// Whether it is of version 6.
    public let isVersion6: Bool

    /// An address of version 4.
    public init(version4: UInt32) {
        high = 0
        low = UInt64(version4)
        isVersion6 = false
    }

    /// An address of version 6.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
        isVersion6 = true
    }

    /// The address that `text` spells, as `inet_pton` reads it: four decimal numbers without leading zeros, or groups of
    /// up to four hexadecimal digits with at most one gap and perhaps an address of version 4 at the end. `nil` for
    /// anything else, also with a port, a scope, brackets or blanks.
    public init?(_ text: Bytes) {
        if let address = ClientAddress.version4(text) {
            self.init(version4: address)
        } else {
            guard let (high, low) = ClientAddress.version6(text) else { return nil }
            self.init(high: high, low: low)
        }
    }

    /// The address that `text` spells; see above.
    public init?(_ text: String) {
        guard let address = Bytes.withBytes(of: text, { ClientAddress($0) }) else { return nil }
        self = address
    }

    /// The group at `index`, 0 ..< 8 from the left, of an address of version 6.
    private func group(_ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - index % 4 * 16))
    }

    /// Whether it is the loopback address itself: `127.0.0.1` or `::1`.
    public var isLoopback: Bool { isVersion6 ? high == 0 && low == 1 : low == 0x7f00_0001 }

    /// Whether Envoy takes it for an address inside of a private network when nobody says which are: `10.0.0.0/8`,
    /// `172.16.0.0/12`, `192.168.0.0/16`, `fd00::/8`, and the loopback addresses.
    public var isPrivate: Bool {
        if isLoopback { return true }
        if isVersion6 { return high >> 56 == 0xfd }
        return low >> 24 == 10 || low >> 20 == 0xac1 || low >> 16 == 0xc0a8
    }

    // MARK: Reading

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
            while index < text.count, index - start < 4, let digit = hexadecimal(text[index]) {
                value = value << 4 | digit
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

    private static func hexadecimal(_ byte: UInt8) -> UInt16? {
        let lowered = byte | 0x20
        if byte &- 48 < 10 { return UInt16(byte &- 48) }
        return lowered &- 97 < 6 ? UInt16(lowered &- 87) : nil
    }
}

extension ClientAddress {
    /// Writes the address as Envoy spells it (as glibc's `inet_ntop` does): the longest run of two or more empty groups
    /// is left out, and addresses of version 4 inside of version 6 keep their dots.
    public func write(to output: inout OutputBuffer) {
        guard isVersion6 else { return ClientAddress.write(version4: UInt32(truncatingIfNeeded: low), to: &output) }
        var gap = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, group(end) == 0 { end += 1 }
            if end - start > max(gap.count, 1) { gap = start..<end }
            start = max(end, start + 1)
        }
        let holdsVersion4 = gap.lowerBound == 0 && (gap.count == 6 || gap.count == 5 && group(5) == 0xffff)
        var index = 0
        while index < 8 {
            if index == gap.lowerBound, !gap.isEmpty {
                output.append("::")
                index = gap.upperBound
                continue
            }
            if index == 6, holdsVersion4 {
                return ClientAddress.write(version4: UInt32(truncatingIfNeeded: low), to: &output)
            }
            ClientAddress.write(group: group(index), to: &output)
            index += 1
            if index < 8, index != gap.lowerBound || gap.isEmpty { output.append(UInt8(ascii: ":")) }
        }
    }

    private static func write(version4 address: UInt32, to output: inout OutputBuffer) {
        for part in 0..<4 {
            if part > 0 { output.append(UInt8(ascii: ".")) }
            output.append(decimal: UInt64(address >> UInt32(24 - part * 8) & 255))
        }
    }

    private static func write(group: UInt16, to output: inout OutputBuffer) {
        var isLeading = true
        for digit in 0..<4 {
            let value = UInt8(truncatingIfNeeded: group >> UInt16(12 - digit * 4)) & 15
            if isLeading, value == 0, digit < 3 { continue }
            isLeading = false
            output.append(value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
        }
    }

    /// The address as text; see `write`.
    public var text: String { OutputBuffer.text { write(to: &$0) } }
}

/// All IP addresses of one version that begin with the same bits: a CIDR range.
@frozen
public struct ClientRange: Hashable, BitwiseCopyable, Sendable {
    /// The first address of the range: what follows the shared bits is 0.
    public let first: ClientAddress
    /// How many bits are shared: up to 32 in version 4, up to 128 in version 6.
    public let length: Int

    /// The range of the addresses that share the first `length` bits of `address`; a length that is too large is taken
    /// for the whole address, a negative one for 0.
    public init(_ address: ClientAddress, length: Int) {
        self.length = min(max(length, 0), address.isVersion6 ? 128 : 32)
        if address.isVersion6 {
            first = ClientAddress(
                high: address.high & ClientRange.mask(self.length),
                low: address.low & ClientRange.mask(self.length - 64))
        } else {
            let mask = UInt32(truncatingIfNeeded: ClientRange.mask(self.length) >> 32)
            first = ClientAddress(version4: UInt32(truncatingIfNeeded: address.low) & mask)
        }
    }

    /// Whether `address` is in it.
    public func contains(_ address: ClientAddress) -> Bool {
        address.isVersion6 == first.isVersion6 && ClientRange(address, length: length).first == first
    }

    /// The top `bits` bits of a word.
    private static func mask(_ bits: Int) -> UInt64 {
        if bits <= 0 { return 0 }
        return bits >= 64 ? .max : ~(.max >> UInt64(bits))
    }
}
