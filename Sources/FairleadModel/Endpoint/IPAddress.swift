// Fairlead: IP addresses
// SPDX-License-Identifier: Apache-2.0

/// An IP address, of either version, without a scope.
@frozen
public struct IPAddress: Hashable, BitwiseCopyable, Sendable {
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

    /// An address of the given bits; the lowest 32 of them for version 4.
    public init(high: UInt64, low: UInt64, isVersion6: Bool) {
        self.high = high
        self.low = low
        self.isVersion6 = isVersion6
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

    /// Whether the first `length` bits of both are the same; addresses of different versions share nothing.
    public func shares(_ length: Int, with other: IPAddress) -> Bool {
        isVersion6 == other.isVersion6 && IPRange(self, length: length).first == IPRange(other, length: length).first
    }
}
