// Fairlead: which name was meant
// SPDX-License-Identifier: Apache-2.0

/// Finds the known name that a misspelt one most probably stands for.
enum NearestName {
    /// Beyond this length no suggestion is sought: the work grows with the product of the lengths.
    private static let longest = 80

    /// The candidate nearest to `name`, if one is near enough to be worth saying: at most a third of its letters may
    /// differ. Of several at the same distance, the first.
    static func suggestion(for name: String, among candidates: some Sequence<String>) -> String? {
        let given = fold(name)
        guard !given.isEmpty, given.count <= longest else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let target = fold(candidate)
            let limit = min((best?.distance ?? .max) - 1, max(1, min(given.count, target.count) / 3))
            guard target.count <= longest, abs(target.count - given.count) <= limit else { continue }
            let distance = distance(given, target)
            if distance <= limit { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Lower case without separators, so that only the letters count.
    private static func fold(_ name: String) -> [UInt8] {
        name.utf8.compactMap { byte in
            if byte == 0x5F || byte == 0x2D { return nil }
            return byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte
        }
    }

    /// Edits between two names: letters put in, left out, changed, or swapped with their neighbour (optimal string
    /// alignment, three rows of the table at a time).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                var cost = min(last[column + 1], current[column]) + 1
                cost = min(cost, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
