// Fairlead: endpoints that requests name themselves
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// The endpoints that a request names, by the hashes of their addresses: each attempt takes the next one that the cluster
/// has (Envoy's `override_host`).
///
/// A hash stands for its address: to find another one with the same hash is to reach an endpoint of the same cluster, which
/// the request could have named as well.
struct HostOverrides: BitwiseCopyable {
    /// How many are kept; further ones are passed over.
    static var capacity: Int { 6 }

    private var hashes: InlineArray<6, UInt64> = InlineArray(repeating: 0)
    private var count: UInt32 = 0
    private var next: UInt32 = 0

    /// Whether there is one that was not tried yet.
    @inline(__always)
    var isEmpty: Bool { next == count }

    /// Forgets all names.
    @inline(__always)
    mutating func removeAll() {
        count = 0
        next = 0
    }

    /// Takes up all names in the request, in the order of the sources.
    @inline(never)
    mutating func read(_ record: OverrideRecord, in cluster: BlockView, _ request: borrowing RequestView) {
        for index in 0..<Int(record.sources.count) {
            let source = cluster[record.sources, index]
            if source.header.offset != 0 {
                add(request.headers.first(cluster.bytes(source.header)))
            } else if let value = FactMatcher.metadata(
                cluster.bytes(source.filter), source.path, in: cluster, request.facts), value.kind == .text
            {
                add(value.text)
            }
        }
    }

    /// Adds the addresses in a text, which stand between commas.
    private mutating func add(_ text: Bytes) {
        guard !text.isMissing else { return }
        var start = 0
        while start <= text.count {
            let end = text.firstIndex(of: UInt8(ascii: ","), from: start) ?? text.count
            var (first, last) = (start, end)
            while first < last, HostOverrides.isSpace(text[first]) { first &+= 1 }
            while first < last, HostOverrides.isSpace(text[last &- 1]) { last &-= 1 }
            if first < last, Int(count) < HostOverrides.capacity {
                hashes[Int(count)] = XXHash64.hash(text[first..<last])
                count &+= 1
            }
            start = end &+ 1
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }

    /// The ordinal of the next one that the cluster has; `nil` when there is none left.
    @inline(never)
    mutating func take(_ record: OverrideRecord, in cluster: ClusterView) -> Int? {
        while next < count {
            let hash = hashes[Int(next)]
            next &+= 1
            if let ordinal = HostOverrides.find(hash, record, in: cluster) { return ordinal }
        }
        return nil
    }

    private static func find(_ hash: UInt64, _ record: OverrideRecord, in cluster: ClusterView) -> Int? {
        guard record.places.count != 0 else { return nil }
        let mask = Int(record.places.count) &- 1
        var place = Int(truncatingIfNeeded: hash) & mask
        // At most half of the places are taken.
        while true {
            let number = cluster.block[record.places, place]
            if number == 0 { return nil }
            let ordinal = Int(number) &- 1
            let address = cluster.block.bytes(cluster.block[cluster.header.endpoints, ordinal].address)
            if XXHash64.hash(address) == hash { return ordinal }
            place = (place &+ 1) & mask
        }
    }
}
