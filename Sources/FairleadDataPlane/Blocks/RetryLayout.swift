// Fairlead: the layout of retry policies
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// A compiled retry policy.
public struct RetryRecord: BitwiseCopyable, Sendable {
    /// The conditions.
    public var conditions: RetryConditions
    /// How often at most.
    public var retries: UInt32 = 1
    /// How long one attempt may take, in nanoseconds; 0 for no limit of its own.
    public var perTryTimeout: UInt64 = 0
    /// How long one attempt may be idle, in nanoseconds; 0 for no limit of its own.
    public var perTryIdleTimeout: UInt64 = 0
    /// The first back-off window in milliseconds, at least 1.
    public var backOffBase: UInt64 = 25
    /// The largest back-off window in milliseconds.
    public var backOffMaximum: UInt64 = 250
    /// The longest time that a response may ask to wait, in milliseconds.
    public var resetMaximum: UInt64 = 300_000
    /// The statuses that are retried by number, ascending.
    public var statusCodes = BlockArray<UInt16>.empty
    /// The conditions on headers of responses.
    public var headers = BlockArray<Condition>.empty
    /// The conditions on headers of requests, any of which has to hold.
    public var requestHeaders = BlockArray<Condition>.empty
    /// The headers of a response that say how long to wait.
    public var resetHeaders = BlockArray<ResetHeaderRecord>.empty
    /// How often another endpoint is asked for.
    public var hostSelectionAttempts: UInt32 = 1
    /// Whether endpoints that were tried are avoided (1) or not (0).
    public var avoidsPreviousHosts: UInt32 = 0

    /// A policy that retries on `conditions`, the rest as Envoy has it where nothing is said.
    public init(conditions: RetryConditions) { self.conditions = conditions }
}

/// A header of a response that says how long to wait.
public struct ResetHeaderRecord: BitwiseCopyable, Sendable {
    /// The name, in lower case.
    public var name: BlockText
    /// Whether it holds seconds since 1970 (1) or from now (0).
    public var isTimestamp: UInt32

    /// A header; see the properties.
    public init(name: BlockText, isTimestamp: Bool) {
        self.name = name
        self.isTimestamp = isTimestamp ? 1 : 0
    }
}
