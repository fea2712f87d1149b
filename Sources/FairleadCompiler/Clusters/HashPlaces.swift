// Fairlead: tables of places by hashes
// SPDX-License-Identifier: Apache-2.0

/// Where numbered things with hashes stand in a table of open addressing.
enum HashPlaces {
    /// The numbers, plus one, of the things with the given hashes; a power of two and at most half full, nothing for none.
    static func of(_ hashes: [UInt64]) -> [UInt32] {
        guard !hashes.isEmpty else { return [] }
        var size = 2
        while size < hashes.count * 2 { size *= 2 }
        var places = [UInt32](repeating: 0, count: size)
        for (number, hash) in hashes.enumerated() {
            var place = Int(truncatingIfNeeded: hash) & (size - 1)
            while places[place] != 0 { place = (place + 1) & (size - 1) }
            places[place] = UInt32(number + 1)
        }
        return places
    }
}
