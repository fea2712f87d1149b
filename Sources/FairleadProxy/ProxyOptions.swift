// Fairlead: what a proxy can be told at its creation
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// What a proxy can be told at its creation.
public struct ProxyOptions: Sendable {
    /// How many event loops there are, each with a thread and a worker of its own; at least 1.
    public var concurrency = 1
    /// What request ids grow from.
    public var seed: UInt64 = 0
    /// How long a stopping proxy waits for its connections to end.
    public var drainTime = Duration.seconds(10)
    /// The most of a request's body that is kept for another attempt, in bytes; a request with more is not retried.
    public var maximumRetainedBody = 1 << 20
    /// The most that a request's head may hold, in bytes.
    public var maximumHead = 60 * 1024
    /// The most header lines that a request may have.
    public var maximumHeaders = 100
    /// Takes the lines of the log.
    public var log: @Sendable (String) -> Void = { _ in }

    /// The defaults.
    public init() {}

    /// The limits, as NIO's decoders take them.
    var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = maximumHead
        limits.maxHeaderListSize = maximumHead
        limits.maxHeaderFieldCount = maximumHeaders
        return limits
    }
}
