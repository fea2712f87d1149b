// Fairlead: tests of hashing texts from either end
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

@Suite struct TextHashTests {
    static let text = Array("AbCdEfGhIjKlMnOpQrStUvWx".utf8)

    /// The bytes of `text` in reading order.
    static func read(_ text: [UInt8], _ reading: TextReading) -> [UInt8] {
        let bytes = reading.contains(.folded) ? text.map { ASCII.lowercased($0) } : text
        return reading.contains(.fromBack) ? bytes.reversed() : bytes
    }

    @Test(arguments: TextWorld.readings)
    func wordsHoldTheirBytesInReadingOrder(reading: TextReading) {
        for length in 1...24 {
            let text = Array(Self.text.prefix(length))
            let read = Self.read(text, reading)
            for offset in 0..<length {
                for count in 1...min(8, length - offset) {
                    let expected = read[offset..<(offset + count)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                    let word = Bytes.withBytes(of: text) { TextHash.word($0, at: offset, count: count, reading) }
                    #expect(word == expected, "\(count) bytes at \(offset) of \(length)")
                }
            }
        }
    }

    /// A search hashes ever longer beginnings and keeps what it has; the builder hashes each text anew, from the front.
    @Test(arguments: TextWorld.readings)
    func aRunningHashAgreesWithAFreshOneAtEveryLength(reading: TextReading) {
        let read = Self.read(Self.text, reading)
        Bytes.withBytes(of: Self.text) { text in
            for step in 1...9 {
                var running = TextHash(seed: 5)
                for length in stride(from: 0, through: 24, by: step) {
                    let fresh = Bytes.withBytes(of: Array(read.prefix(length))) {
                        var hash = TextHash(seed: 5)
                        return hash.hash($0, length: length, [])
                    }
                    #expect(running.hash(text, length: length, reading) == fresh)
                }
            }
        }
    }

    @Test func theHashesOfAllBeginningsDiffer() {
        let zeros = [UInt8](repeating: 0, count: 40)
        var seen: Set<UInt64> = []
        Bytes.withBytes(of: zeros) { text in
            for length in 0...40 {
                var hash = TextHash(seed: 0)
                seen.insert(hash.hash(text, length: length, []))
            }
        }
        #expect(seen.count == 41)
    }

    @Test func theSeedChoosesTheFunction() {
        Bytes.withBytes(of: Self.text) { text in
            let hashes = (UInt32(0)..<4).map { TextIndex.hash(text, seed: $0, []).place }
            #expect(Set(hashes).count == 4)
        }
    }

    @Test func aFingerprintIsNeverZero() {
        for hash: UInt64 in [0, 1, 0xffff_ffff, 1 << 32, .max] { #expect(TextIndex.fingerprint(hash) & 1 == 1) }
    }
}
