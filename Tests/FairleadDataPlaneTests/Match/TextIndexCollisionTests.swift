// Fairlead: tests of looking up texts that were made to collide
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

@Suite struct TextIndexCollisionTests {
    static let filed = "abcdefghijklmnop"

    /// Sixteen bytes that begin with `beginning` and have the hash of `filed`: as anybody can make them who knows the
    /// function.
    static func colliding(beginning: String) -> [UInt8] {
        func word(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        let bytes = Array(filed.utf8)
        let start = TextHash(seed: 0).state
        let wanted = TextHash.mixed(start, word(bytes[..<8])) ^ word(bytes[8...])
        let rest = wanted ^ TextHash.mixed(start, word(beginning.utf8))
        return Array(beginning.utf8) + (0..<8).map { UInt8(truncatingIfNeeded: rest >> ($0 * 8)) }
    }

    static func hash(_ bytes: [UInt8]) -> UInt64 {
        Bytes.withBytes(of: bytes) { TextIndex.hash($0, seed: 0, []).place }
    }

    @Test func theTextsCollide() {
        #expect(Self.hash(Self.colliding(beginning: "12345678")) == Self.hash(Array(Self.filed.utf8)))
    }

    @Test func aTextThatOnlyHasTheHashOfAFiledOneIsNotFound() {
        let world = TextWorld([Self.filed], [])
        #expect(world.longest(Self.filed) == 0)
        #expect(world.longest(Self.colliding(beginning: "12345678")) == -1)
    }

    @Test func theShorterTextThatItBeginsWithIsFoundAllTheSame() {
        let world = TextWorld([Self.filed, "12345678", "1234"], [])
        #expect(world.longest(Self.colliding(beginning: "12345678")) == 1)
        #expect(world.longest(Self.colliding(beginning: "12340000")) == 2)
    }
}
