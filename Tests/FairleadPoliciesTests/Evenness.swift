// Fairlead: how even a sequence of picks is
// SPDX-License-Identifier: Apache-2.0

/// How far picks stray from their shares.
enum Evenness {
    /// The largest difference, over all hosts and all windows of the sequence, between how often a host was picked and
    /// its share of the window. O(picks · hosts).
    static func worstWindow(_ picks: [Int], weights: [Double]) -> Double {
        let sum = weights.reduce(0, +)
        var worst = 0.0
        for (host, weight) in weights.enumerated() {
            // The count less the share, at every moment: a window's difference is one moment's less another's.
            var (ahead, highest, lowest) = (0.0, 0.0, 0.0)
            for pick in picks {
                ahead += (pick == host ? 1 : 0) - weight / sum
                highest = max(highest, ahead)
                lowest = min(lowest, ahead)
            }
            worst = max(worst, highest - lowest)
        }
        return worst
    }

    /// The same over windows of at most `length` picks. O(picks · hosts).
    static func worstWindow(_ picks: [Int], weights: [Double], upTo length: Int) -> Double {
        stride(from: 0, to: max(picks.count - length, 1), by: length / 2).reduce(0) { worst, start in
            max(worst, worstWindow(Array(picks[start..<min(start + length, picks.count)]), weights: weights))
        }
    }

    /// Whether `sequence` is `cycle` over and over, beginning anywhere in it.
    static func isRotation(_ sequence: [Int], of cycle: [Int]) -> Bool {
        cycle.indices.contains { start in
            sequence.indices.allSatisfy { sequence[$0] == cycle[(start + $0) % cycle.count] }
        }
    }
}
