// Fairlead: host lists made up for tests
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
public import FairleadPlugin

extension HostList {
    /// `count` hosts of weight 1 with different addresses as their hash keys.
    public static func equal(_ count: Int) -> HostList { weighted([UInt32](repeating: 1, count: count)) }

    /// Hosts of the given weights with different addresses as their hash keys.
    public static func weighted(_ weights: [UInt32]) -> HostList {
        HostList(weights: weights, hashKeys: weights.indices.map(address))
    }

    /// The address of the made-up host at `index`, for example `10.0.1.2:8080`.
    public static func address(_ index: Int) -> String {
        "10.\((index >> 16) & 255).\((index >> 8) & 255).\(index & 255):8080"
    }

    /// The hosts in `range` of this list, as after an update that takes the others away; without localities.
    public func slice(_ range: Range<Int>) -> HostList {
        HostList(
            weights: Array(weights[range]), hashKeys: hashKeys.isEmpty ? [] : Array(hashKeys[range]))
    }
}

extension RandomSource {
    /// A whole number in `range`.
    public mutating func number(in range: ClosedRange<UInt64>) -> UInt64 {
        let width = range.upperBound - range.lowerBound
        return width == .max ? next() : range.lowerBound + next(below: width + 1)
    }

    /// `count` weights in `range`.
    public mutating func weights(_ count: Int, in range: ClosedRange<UInt32>) -> [UInt32] {
        (0..<count).map { _ in UInt32(number(in: UInt64(range.lowerBound)...UInt64(range.upperBound))) }
    }

    /// `count` bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
