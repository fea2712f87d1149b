// Fairlead: who is due next
// SPDX-License-Identifier: Apache-2.0

/// A binary heap of numbers, the smallest first, whose first one is replaced over and over.
struct DueHeap {
    private var numbers: [UInt64]

    /// A heap of `numbers`, ascending and at least one.
    init(_ numbers: [UInt64]) { self.numbers = numbers }

    /// The smallest number.
    var first: UInt64 { numbers[0] }

    /// Puts `number`, which is not smaller, in the place of the first. O(log numbers).
    mutating func replaceFirst(by number: UInt64) {
        var place = 0
        while 2 * place + 1 < numbers.count {
            var child = 2 * place + 1
            if child + 1 < numbers.count, numbers[child + 1] < numbers[child] { child += 1 }
            guard numbers[child] < number else { break }
            numbers[place] = numbers[child]
            place = child
        }
        numbers[place] = number
    }
}
