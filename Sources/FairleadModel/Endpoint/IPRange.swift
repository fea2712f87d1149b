// Fairlead: ranges of IP addresses
// SPDX-License-Identifier: Apache-2.0

/// All IP addresses of one version that begin with the same bits: a CIDR range.
@frozen
public struct IPRange: Hashable, BitwiseCopyable, Sendable {
    /// The first address of the range: what follows the shared bits is 0.
    public let first: IPAddress
    /// How many bits are shared: up to 32 in version 4, up to 128 in version 6.
    public let length: Int

    /// The range of the addresses that share the first `length` bits of `address`; a length that is too large is taken
    /// for the whole address, a negative one for 0.
    public init(_ address: IPAddress, length: Int) {
        self.length = min(max(length, 0), address.isVersion6 ? 128 : 32)
        if address.isVersion6 {
            first = IPAddress(
                high: address.high & IPRange.mask(self.length),
                low: address.low & IPRange.mask(self.length - 64))
        } else {
            let mask = UInt32(truncatingIfNeeded: IPRange.mask(self.length) >> 32)
            first = IPAddress(version4: UInt32(truncatingIfNeeded: address.low) & mask)
        }
    }

    /// Whether `address` is in it.
    public func contains(_ address: IPAddress) -> Bool {
        address.isVersion6 == first.isVersion6 && IPRange(address, length: length).first == first
    }

    /// The top `bits` bits of a word.
    private static func mask(_ bits: Int) -> UInt64 {
        if bits <= 0 { return 0 }
        return bits >= 64 ? .max : ~(.max >> UInt64(bits))
    }
}
