// Fairlead: words that stay where they are
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Memory of 64-bit words with a fixed address: the bytes of a policy's table, or a worker's own words.
@safe
public final class PinnedWords {
    /// How many bytes it stands for.
    public let byteCount: Int

    // SAFETY: allocated in init for all words, released in deinit, handed out only for the length of a call.
    private let start: UnsafeMutablePointer<UInt64>
    private let wordCount: Int

    /// `count` words of zero.
    public convenience init(zeros count: Int) { self.init([UInt8](repeating: 0, count: max(count, 0) * 8)) }

    /// A copy of `bytes`, from an address that is a multiple of 8.
    public init(_ bytes: [UInt8]) {
        byteCount = bytes.count
        wordCount = bytes.count / 8
        let room = (bytes.count + 7) / 8 + 1
        unsafe start = .allocate(capacity: room)
        unsafe start.initialize(repeating: 0, count: room)
        unsafe bytes.withUnsafeBytes { source in
            guard let address = source.baseAddress else { return }
            unsafe UnsafeMutableRawPointer(start).copyMemory(from: address, byteCount: source.count)
        }
    }

    deinit { unsafe start.deallocate() }

    /// The whole words.
    public var words: [UInt64] {
        get { (0..<wordCount).map { unsafe start[$0] } }
        set { for (index, word) in newValue.enumerated() where index < wordCount { unsafe start[index] = word } }
    }

    /// Lends the bytes as a table, for the length of `body`.
    public func withTable<Result>(_ body: (PickTable) -> Result) -> Result {
        withExtendedLifetime(self) { body(unsafe PickTable(start: UnsafeRawPointer(start), byteCount: byteCount)) }
    }

    /// Lends the whole words as a worker's own, for the length of `body`.
    public func withWorkerWords<Result>(_ body: (WorkerWords) -> Result) -> Result {
        withExtendedLifetime(self) { body(unsafe WorkerWords(start: start, count: wordCount)) }
    }
}
