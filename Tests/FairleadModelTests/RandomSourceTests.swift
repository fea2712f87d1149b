// Fairlead: tests of seeded randomness
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct RandomSourceTests {
    /// The sequence of SplitMix64 from seed 1234567, as published with its reference implementation.
    @Test func theSequenceIsThatOfSplitMix64() {
        var source = RandomSource(seed: 1_234_567)
        #expect(
            (0..<5).map { _ in source.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test func theSameSeedGivesTheSameSequence() {
        var one = RandomSource(seed: 7)
        var other = RandomSource(seed: 7)
        #expect((0..<100).allSatisfy { _ in one.next() == other.next() })
    }

    @Test(arguments: [1, 2, 3, 100, 1 << 32, UInt64.max])
    func boundedNumbersStayBelowTheirBound(bound: UInt64) {
        var source = RandomSource(seed: 3)
        #expect((0..<1000).allSatisfy { _ in source.next(below: bound) < bound })
    }

    @Test func aBoundOfZeroGivesZeroAndTakesOneStep() {
        var source = RandomSource(seed: 3)
        var twin = source
        #expect(source.next(below: 0) == 0)
        _ = twin.next()
        #expect(source.state == twin.state)
    }

    @Test func everyNumberBelowASmallBoundComes() {
        var source = RandomSource(seed: 5)
        #expect(Set((0..<200).map { _ in source.next(below: 10) }) == Set(0..<10))
    }
}
