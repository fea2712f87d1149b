// Fairlead: consistent hashing with bounded loads
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// Consistent hashing that passes over hosts which have more than their part of the requests (Mirrokni, Thorup and
/// Zadimoghaddam, 2016), jumping about at random rather than to the next host (Chen, Coleman and Shrivastava, 2019).
///
/// It probes the hosts that Envoy probes: the shuffle is the same, driven by the same generator with the same seed.
/// Only after `SparseShuffle.longest` hosts in a row that all have too much does it leave Envoy's order, and asks the
/// others as they stand.
struct BoundedLoadPicker<Hashing: Picker & BitwiseCopyable>: Picker, BitwiseCopyable {
    /// Who picks when nobody has too much.
    let hashing: Hashing
    /// The limit to a host's load, in percent of its share; 100 or more.
    let balanceFactor: UInt64

    /// The host that the hash gives, or the first one after it, in an order that the hash decides, that has no more than
    /// its part; when all have more, the one that has the least too much. Envoy counts the cluster's active requests;
    /// where the context does not know them, those of this list are added up, in time O(hosts).
    func pick(_ table: PickTable, _ context: inout PickContext) -> Int {
        let loads = context.loads
        let chosen = hashing.pick(table, &context)
        guard chosen >= 0, chosen < loads.count else { return -1 }
        let shares = BoundedLoadTable(table, hosts: loads.count)
        let slots = totalSlots(context)
        let overload = overload(of: chosen, slots, shares, loads)
        if overload <= 1 { return chosen }
        return probe(from: chosen, overload, slots, shares, context)
    }

    /// How many requests all hosts together may have, in Envoy's whole-number arithmetic but without its overflow.
    @inline(__always)
    private func totalSlots(_ context: PickContext) -> Double {
        var active = context.clusterActiveRequests
        if active < 0 {
            active = 0
            for index in 0..<context.loads.count { active &+= context.loads.activeRequests(index) }
        }
        // Both factors fit into 32 bits.
        return Double((UInt64(truncatingIfNeeded: min(active, 0xffff_fffe) &+ 1) &* balanceFactor &+ 99) / 100)
    }

    /// How much of its part a host has, 1 being all of it.
    @inline(__always)
    private func overload(of index: Int, _ slots: Double, _ shares: BoundedLoadTable, _ loads: HostLoads) -> Double {
        Double(loads.activeRequests(index)) / max((slots * shares.share(index)).rounded(.up), 1)
    }

    @inline(never)
    private func probe(
        from chosen: Int, _ overload: Double, _ slots: Double, _ shares: BoundedLoadTable, _ context: PickContext
    ) -> Int {
        var best = chosen
        var least = overload
        var shuffle = SparseShuffle(count: shares.count, seed: UInt32(truncatingIfNeeded: context.hash))
        while let place = shuffle.next() {
            let index = shares.host(place)
            guard index != chosen, index < context.loads.count else { continue }
            let overload = self.overload(of: index, slots, shares, context.loads)
            if overload <= 1 { return index }
            if overload < least { (best, least) = (index, overload) }
        }
        guard shares.count > SparseShuffle.longest else { return best }
        for place in 0..<min(shares.count, context.loads.count) {
            let index = shares.host(place)
            guard index < context.loads.count else { continue }
            let overload = self.overload(of: index, slots, shares, context.loads)
            if overload <= 1 { return index }
            if overload < least { (best, least) = (index, overload) }
        }
        return best
    }
}
