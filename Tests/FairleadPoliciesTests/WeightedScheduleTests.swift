// Fairlead: tests of turns by weight
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadTestKit
import Testing

@Suite struct WeightedScheduleTests {
    /// A schedule with one worker's cursor.
    final class Turns {
        var bytes: [UInt8] = []
        let words = PinnedWords(zeros: WeightedSchedule.workerWords)
        var random: RandomSource
        private var pinned = PinnedWords([])

        init(_ weights: [UInt32], seed: UInt64 = 1) {
            random = RandomSource(seed: seed)
            replace(by: weights)
        }

        init(numbers: [Double], seed: UInt64 = 1) {
            random = RandomSource(seed: seed)
            write { _ = WeightedSchedule.write(numbers, into: &$0) }
        }

        func replace(by weights: [UInt32]) { write { _ = WeightedSchedule.write(weights, into: &$0) } }

        private func write(_ body: (inout TableWriter) -> Void) {
            var writer = TableWriter()
            body(&writer)
            bytes = writer.bytes
            pinned = PinnedWords(bytes)
        }

        func next(_ count: Int) -> [Int] {
            pinned.withTable { table in
                words.withWorkerWords { words in
                    (0..<count).map { _ in WeightedSchedule(table).next(words, 0, &random) }
                }
            }
        }

        func samples(_ count: Int) -> [Int] {
            pinned.withTable { table in (0..<count).map { _ in WeightedSchedule(table).sample(&random) } }
        }
    }

    @Test func weightsOneTwoFiveFollowEnvoysOrder() {
        for seed: UInt64 in 0..<40 {
            #expect(Evenness.isRotation(Turns([1, 2, 5], seed: seed).next(64), of: [2, 2, 1, 2, 2, 0, 1, 2]))
            #expect(Evenness.isRotation(Turns([5, 2, 1], seed: seed).next(64), of: [0, 0, 1, 0, 0, 2, 1, 0]))
        }
    }

    @Test func commonDivisorsDoNotMatter() {
        #expect(Turns([100, 200, 500]).next(64) == Turns([1, 2, 5]).next(64))
        #expect(Turns([1 << 29, 1 << 30, 5 << 29]).bytes == Turns([1, 2, 5]).bytes)
    }

    @Test func equalWeightsGoRound() {
        for count in [1, 2, 3, 10, 65_535, 65_536, 65_537, 100_000] {
            let turns = Turns([UInt32](repeating: 77, count: count)).next(200)
            for (earlier, later) in zip(turns, turns.dropFirst()) { #expect(later == (earlier + 1) % count) }
        }
    }

    @Test func aHeavyOneDoesNotGoInBursts() {
        let turns = Turns([UInt32](repeating: 1, count: 10) + [10]).next(100)
        // Envoy's order would be ten turns of the heavy one and then the ten others.
        for start in 0..<98 { #expect((1...2).contains(turns[start..<(start + 3)].count { $0 == 10 })) }
    }

    /// A hundred lists of random weights whose cycle is laid out.
    @Test func everyWindowOfACycleIsWithinTwoTurnsOfItsShare() {
        var random = RandomSource(seed: 42)
        for _ in 0..<100 {
            let count = Int(random.number(in: 2...12))
            let weights = random.weights(count, in: 1...UInt32(random.number(in: 2...60)))
            let turns = Turns(weights, seed: random.next()).next(1500)
            #expect(Evenness.worstWindow(turns, weights: weights.map { Double($0) }) < 2, "weights \(weights)")
        }
    }

    @Test func aCycleHoldsEveryoneExactlyAsOftenAsItsWeight() {
        var weights = [UInt32](repeating: 0, count: 50)
        for index in weights.indices { weights[index] = UInt32(index * 6 + 1) }
        let sum = weights.reduce(0, +)
        #expect(sum <= WeightedSchedule.longestCycle)
        var counts = [UInt32](repeating: 0, count: 50)
        for turn in Turns(weights).next(Int(sum)) { counts[turn] += 1 }
        #expect(counts == weights)
    }

    /// Weights too large for a cycle: seeds 1 … 12, bounds with a margin of about a quarter.
    @Test func everyWindowOfACircleIsWithinAFewTurnsOfItsShare() {
        for seed: UInt64 in 1...12 {
            var random = RandomSource(seed: seed)
            let weights = random.weights(2 + Int(seed) / 2, in: 1...UInt32.max)
            let turns = Turns(weights, seed: seed).next(50_000)
            let shares = weights.map { Double($0) }
            #expect(Evenness.worstWindow(turns, weights: shares, upTo: 1000) < 4, "weights \(weights)")
            #expect(Evenness.worstWindow(turns, weights: shares) < 6, "weights \(weights)")
        }
    }

    @Test func thousandsOfUnevenHostsAreEachNearTheirShare() {
        var random = RandomSource(seed: 5)
        let weights = random.weights(5000, in: 1...100)
        let sum = weights.reduce(0) { $0 + Double($1) }
        var counts = [Int](repeating: 0, count: weights.count)
        for turn in Turns(weights).next(250_000) { counts[turn] += 1 }
        for (index, weight) in weights.enumerated() {
            #expect(abs(Double(counts[index]) - Double(weight) / sum * 250_000) < 4)
        }
    }

    @Test func aLightOneIsNotStarved() {
        let turns = Turns([1, 100_000]).next(300_003)
        #expect((2...4).contains(turns.count { $0 == 0 }))
    }

    @Test func extremeWeightsGiveValidTurns() {
        let lists: [[UInt32]] = [
            [1, .max], [.max, 1], [.max, .max - 1], [UInt32](repeating: .max, count: 100_000),
            [UInt32](repeating: .max, count: 99_999) + [1], [UInt32](repeating: 1, count: 99_999) + [.max],
            [UInt32](repeating: 1, count: 65_536) + [2],
        ]
        for weights in lists {
            let turns = Turns(weights)
            #expect(turns.next(2000).allSatisfy(weights.indices.contains))
            #expect(turns.samples(2000).allSatisfy(weights.indices.contains))
        }
    }

    @Test func noWeightAtAllGivesNobodyATurn() {
        for turns in [Turns([UInt32]()), Turns([0, 0]), Turns(numbers: [-1, .nan])] {
            #expect(turns.next(3) == [-1, -1, -1])
            #expect(turns.samples(3) == [-1, -1, -1])
        }
    }

    @Test func thoseWithoutWeightNeverGo() {
        let lists: [[Double]] = [
            [0, 1, 0, 2, 0], [0, 0.5, 0, 0.7, 0, 0], [.nan, 3.5, -4], [0.25, 0], [0, 0.25],
            [-.infinity, 1e-300, 1e300], [0, 65_000, 0, 65_001, 0],
        ]
        for weights in lists {
            let turns = Turns(numbers: weights)
            #expect((turns.next(3000) + turns.samples(3000)).allSatisfy { weights[$0] > 0 })
        }
    }

    @Test func infinityCountsAsTheLargestNumber() {
        #expect(Turns(numbers: [1, .infinity, 5]).next(1000).allSatisfy { $0 == 1 })
        #expect(Turns(numbers: [.infinity, .greatestFiniteMagnitude]).next(4).count { $0 == 0 } == 2)
    }

    @Test func fractionsAreHonoured() {
        let weights = [1, 2.1, 0.05]
        let turns = Turns(numbers: weights).next(30_000)
        #expect(Evenness.worstWindow(turns, weights: weights) < 6)
        #expect(abs(turns.count { $0 == 1 } - 20_000) < 6)
    }

    @Test func wholeNumbersGiveTheSameBytesInEitherForm() {
        #expect(Turns(numbers: [1, 2, 5]).bytes == Turns([1, 2, 5]).bytes)
        #expect(Turns(numbers: [70_000, 3]).bytes == Turns([70_000, 3]).bytes)
    }

    @Test func theSameWeightsGiveTheSameBytes() {
        var random = RandomSource(seed: 9)
        for range: ClosedRange<UInt32> in [1...1, 1...9, 1...UInt32.max] {
            let weights = random.weights(100, in: range)
            #expect(Turns(weights).bytes == Turns(weights).bytes)
        }
    }

    @Test func anUpdateOfTheWeightsDoesNotRestartTheTurns() {
        let turns = Turns([3, 3, 3])
        let before = turns.next(10)
        turns.replace(by: [9, 9, 9])
        #expect(turns.next(1) == [(before[9] + 1) % 3])

        // Updated after every single turn, the turns are as even as if there had been no update.
        let weights: [UInt32] = [5, 100_000, 33_333]
        var picks: [Int] = []
        for _ in 0..<3000 {
            turns.replace(by: weights)
            picks += turns.next(1)
        }
        #expect(Evenness.worstWindow(picks, weights: weights.map { Double($0) }) < 5)
    }

    @Test func workersStartApart() {
        let starts = (0..<64).map { Turns([UInt32](repeating: 1, count: 64), seed: UInt64($0)).next(1)[0] }
        #expect(Set(starts).count > 30)
    }

    /// 100,000 samples each; within six standard deviations.
    @Test func samplesFollowTheWeights() {
        let lists: [[UInt32]] = [[1, 1, 1, 1], [1, 2, 5], [1, 20_000, 30_001]]
        for weights in lists {
            let sum = weights.reduce(0) { $0 + Double($1) }
            let samples = Turns(weights, seed: 3).samples(100_000)
            for (index, weight) in weights.enumerated() {
                let expected = Double(weight) / sum * 100_000
                let found = Double(samples.count { $0 == index })
                #expect(abs(found - expected) <= 6 * expected.squareRoot() + 1)
            }
        }
    }

    @Test func aScheduleMayStandAnywhereInATable() {
        var writer = TableWriter()
        writer.append(UInt32(7))
        let first = WeightedSchedule.write([1, 2, 5] as [UInt32], into: &writer)
        let second = WeightedSchedule.write([1, 70_000] as [UInt32], into: &writer)
        let pinned = PinnedWords(writer.bytes)
        let words = PinnedWords(zeros: 2)
        #expect(first == 8 && second % 8 == 0)
        pinned.withTable { table in
            words.withWorkerWords { words in
                var random = RandomSource(seed: 1)
                let turns = (0..<16).map { _ in WeightedSchedule(table, at: first).next(words, 0, &random) }
                #expect(Evenness.isRotation(turns, of: [2, 2, 1, 2, 2, 0, 1, 2]))
                #expect((0..<9).map { _ in WeightedSchedule(table, at: second).next(words, 1, &random) }.contains(1))
                #expect(WeightedSchedule(table, at: second).count == 2)
            }
        }
        #expect(words.words.allSatisfy { $0 != 0 })
    }
}
