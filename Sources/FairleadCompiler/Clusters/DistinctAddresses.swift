// Fairlead: telling addresses apart, and writing them
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

/// The addresses of a cluster's endpoints: a set that keeps no text of its own, because all of them stand in one array.
///
/// A cluster may have a million endpoints and is compiled at each change: this takes a fraction of the time of a `Set`
/// of addresses.
struct DistinctAddresses {
    private struct Member {
        var address: BlockText
        var isPipe: Bool
    }

    private var members: [Member] = []
    /// The numbers of the members by their hashes, plus one; a power of two, at most half full.
    private var places: [UInt32]

    /// Room for `capacity` addresses.
    init(capacity: Int) {
        var size = 4
        while size < capacity * 2 { size *= 2 }
        places = [UInt32](repeating: 0, count: size)
        members.reserveCapacity(capacity)
    }

    /// Takes the address up that stands at `address` in `texts`; answers whether it is a new one. A pipe's path and a
    /// socket's address may look alike.
    mutating func insert(_ address: BlockText, isPipe: Bool, in texts: [UInt8]) -> Bool {
        Bytes.withBytes(of: texts) { texts in
            let text = DistinctAddresses.bytes(address, texts)
            var place = text.hashValue(isPipe) & (places.count - 1)
            while places[place] != 0 {
                let other = members[Int(places[place]) - 1]
                if other.isPipe == isPipe, DistinctAddresses.bytes(other.address, texts).elementsEqual(text) {
                    return false
                }
                place = (place + 1) & (places.count - 1)
            }
            members.append(Member(address: address, isPipe: isPipe))
            places[place] = UInt32(members.count)
            return true
        }
    }

    private static func bytes(_ address: BlockText, _ texts: Bytes) -> Bytes {
        texts[Int(address.offset)..<Int(address.offset) + Int(address.count)]
    }
}

extension Bytes {
    /// A hash that nobody outside can foresee: addresses may come from anywhere, and must not be made to collide.
    fileprivate func hashValue(_ flag: Bool) -> Int {
        var hasher = Hasher()
        var index = 0
        while index + 8 <= count {
            hasher.combine(word(at: index))
            index += 8
        }
        var rest: UInt64 = flag ? 1 : 0
        while index < count {
            rest = rest << 8 | UInt64(byte(at: index))
            index += 1
        }
        hasher.combine(rest)
        return hasher.finalize()
    }
}

extension [UInt8] {
    /// Appends the text of `address` (`Address.text`) without making one; answers its port, 0 for a pipe.
    mutating func append(address: Address) -> (port: UInt16, isPipe: Bool) {
        switch address {
        case .socket(let host, let port):
            let start = count
            append(contentsOf: host.utf8)
            if self[start...].contains(UInt8(ascii: ":")) {
                insert(UInt8(ascii: "["), at: start)
                append(UInt8(ascii: "]"))
            }
            append(UInt8(ascii: ":"))
            append(decimal: port)
            return (port, false)
        case .pipe(let path):
            append(contentsOf: path.utf8)
            return (0, true)
        }
    }

    private mutating func append(decimal number: UInt16) {
        if number >= 10 { append(decimal: number / 10) }
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }
}

extension EndpointEntry {
    /// Where its address and its host name stand, one behind the other.
    var textRange: Range<Int> {
        Int(address.offset)..<(Int(address.offset) + Int(address.count) + Int(hostnameLength))
    }

    /// The entry with its texts moved along with the place `from`, which is now at `to`.
    func moved(from: Int, to: Int) -> EndpointEntry {
        var entry = self
        entry.address = BlockText(
            offset: UInt32(truncatingIfNeeded: Int(address.offset) - from + to), count: address.count)
        if hostname != 0 { entry.hostname = UInt32(truncatingIfNeeded: Int(hostname) - from + to) }
        return entry
    }
}
