// Fairlead: the body of a request on its way
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1

/// The body of a request on its way to an endpoint: what has arrived and was not sent yet, and, as long as another attempt
/// may need it, what was sent.
struct RequestBody {
    /// What a part costs besides its bytes, so that a body of tiny chunks cannot fill the memory.
    private static let costOfPart = 128

    private let limit: Int
    private var parts = CircularBuffer<ByteBuffer>()
    private var sentParts = 0
    private var cost = 0
    private var sentCost = 0
    /// Whether what was sent is still here.
    private(set) var isAtHand: Bool
    /// Whether nothing more comes.
    private(set) var isComplete = false
    /// What follows the body.
    private(set) var trailers: HTTPHeaders?

    /// An empty body.
    ///
    /// - Parameter keeps: whether it may be needed for another attempt.
    /// - Parameter limit: the most that is kept, in bytes.
    init(keeps: Bool, limit: Int) {
        isAtHand = keeps
        self.limit = limit
    }

    /// Whether no more should be read while there is no connection that takes it.
    var isFull: Bool { cost - sentCost >= (isAtHand ? limit : min(limit, 65_536)) }

    /// Takes a part that arrived. What was sent is given up when the body outgrows the limit.
    mutating func append(_ part: ByteBuffer) {
        guard part.readableBytes > 0 else { return }
        // A small part would keep the whole buffer alive that it was read into.
        parts.append(part.readableBytes < part.storageCapacity / 4 ? ByteBuffer(bytes: part.readableBytesView) : part)
        cost += part.readableBytes + Self.costOfPart
        if cost > limit { forgetSent() }
    }

    /// Nothing more comes but `trailers`.
    mutating func end(_ trailers: HTTPHeaders?) {
        isComplete = true
        self.trailers = trailers
    }

    /// The next part to send; `nil` when all that arrived was sent.
    mutating func next() -> ByteBuffer? {
        guard sentParts < parts.count else { return nil }
        let part = parts[offset: sentParts]
        if isAtHand {
            sentParts += 1
            sentCost += part.readableBytes + Self.costOfPart
        } else {
            parts.removeFirst()
            cost -= part.readableBytes + Self.costOfPart
        }
        return part
    }

    /// Begins again for another attempt.
    mutating func rewind() {
        sentParts = 0
        sentCost = 0
    }

    /// Gives up what was sent: there will be no other attempt.
    mutating func forgetSent() {
        isAtHand = false
        parts.removeFirst(sentParts)
        cost -= sentCost
        rewind()
    }
}
