// Fairlead: finding what a growing block holds already
// SPDX-License-Identifier: Apache-2.0

/// Runs of bytes of a growing block, to be found again by what they hold: a hash table with open addressing that keeps
/// places only. The hash is Swift's own, whose seed nobody outside knows, so that nobody can make runs collide.
@safe
struct StoredRuns {
    private struct Place {
        var hash = 0
        /// 0, where the header stands, for a free place.
        var offset: UInt32 = 0
        var count: UInt32 = 0
    }

    private var places = [Place](repeating: Place(), count: 64)
    private var taken = 0

    /// The hash by which `run` is filed.
    static func hash(_ run: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        unsafe hasher.combine(bytes: run)
        return hasher.finalize()
    }

    /// Where in `bytes` the same run lies already.
    func offset(of run: UnsafeRawBufferPointer, hash: Int, in bytes: [UInt8]) -> UInt32? {
        unsafe bytes.withUnsafeBytes { stored in
            var index = hash & (places.count - 1)
            while places[index].offset != 0 {
                let place = places[index]
                if place.hash == hash, Int(place.count) == run.count {
                    let start = Int(place.offset)
                    let known = unsafe UnsafeRawBufferPointer(rebasing: stored[start..<(start + run.count)])
                    if unsafe known.elementsEqual(run) { return place.offset }
                }
                index = (index + 1) & (places.count - 1)
            }
            return nil
        }
    }

    /// Notes a run that was not there.
    mutating func add(_ hash: Int, offset: UInt32, count: Int) {
        if taken * 2 >= places.count { grow() }
        insert(Place(hash: hash, offset: offset, count: UInt32(truncatingIfNeeded: count)))
        taken += 1
    }

    private mutating func insert(_ place: Place) {
        var index = place.hash & (places.count - 1)
        while places[index].offset != 0 { index = (index + 1) & (places.count - 1) }
        places[index] = place
    }

    private mutating func grow() {
        let former = places
        places = [Place](repeating: Place(), count: former.count * 2)
        for place in former where place.offset != 0 { insert(place) }
    }
}
