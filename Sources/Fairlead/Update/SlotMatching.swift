// Fairlead: which endpoint keeps which slot
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Finds for the endpoints after an update the slots that they had before.
///
/// Mostly nearly everything stands where it stood, or a few places on. So both lists are walked side by side, and only
/// what is out of its place is looked up by its address.
struct SlotMatching {
    /// For each new address its place among the former ones; −1 for a newcomer.
    private(set) var sources: [Int]
    /// The places of the former addresses that are gone, ascending.
    private(set) var gone: [Int] = []

    /// Matches `addresses` with the `former` ones; in each list an address stands once. O(addresses).
    init(_ addresses: [Address], former: [Address]) {
        sources = [Int](repeating: -1, count: addresses.count)
        var passed: [Int] = []
        var open: [Int] = []
        var (new, old) = (0, 0)
        while new < addresses.count, old < former.count {
            if addresses[new] == former[old] {
                sources[new] = old
                new += 1
                old += 1
            } else if old + 1 < former.count, addresses[new] == former[old + 1] {
                passed.append(old)
                old += 1
            } else if new + 1 < addresses.count, addresses[new + 1] == former[old] {
                open.append(new)
                new += 1
            } else {
                passed.append(old)
                open.append(new)
                new += 1
                old += 1
            }
        }
        passed += old..<former.count
        open += new..<addresses.count
        settle(open, passed, addresses, former)
    }

    /// What was passed over in both lists has only moved.
    private mutating func settle(_ open: [Int], _ passed: [Int], _ addresses: [Address], _ former: [Address]) {
        guard !open.isEmpty else {
            gone = passed
            return
        }
        var places: [Address: Int] = [:]
        for old in passed { places[former[old]] = old }
        for new in open {
            if let old = places.removeValue(forKey: addresses[new]) { sources[new] = old }
        }
        gone = places.values.sorted()
    }
}
