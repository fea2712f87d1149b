// Fairlead: questions about rate limits, and their answers
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// What a host's rate limit filter asks for.
public struct RateLimitQuery {
    /// When the rules of a virtual host count beside those of a route.
    public enum VirtualHostRules: UInt32, Sendable {
        /// When the route has none.
        case whenRouteHasNone = 0
        /// Always.
        case always = 1
        /// Only when the route says so itself.
        case never = 2
    }

    /// The filter's stage, 0 … 10: only rules of that stage count.
    public var stage: UInt32 = 0
    /// Whether it asks for the rules that count when the stream has ended, and not for those from before.
    public var isStreamDone = false
    /// When the rules of the virtual host count, as the filter's own configuration for the route says.
    public var virtualHostRules = VirtualHostRules.whenRouteHasNone
    /// The name of the cluster that the host itself belongs to.
    public var sourceCluster = Bytes.missing

    /// The rules of stage 0 from before the stream has ended.
    public init() {}
}

/// How much is allowed, as a request's metadata says.
public struct RateLimitOverride: BitwiseCopyable, Sendable {
    /// How long a unit is; the numbers are those of Envoy's `RateLimitUnit`.
    public enum Unit: UInt32, BitwiseCopyable, Sendable {
        /// Not told.
        case unknown = 0
        /// A second.
        case second = 1
        /// A minute.
        case minute = 2
        /// An hour.
        case hour = 3
        /// A day.
        case day = 4
        /// A month.
        case month = 5
        /// A year.
        case year = 6
    }

    /// How many requests are allowed in a unit.
    public let requestsPerUnit: UInt32
    /// How long a unit is.
    public let unit: Unit
}

/// A place among the rules of an exchange; begin with a new one.
public struct RateLimitCursor: BitwiseCopyable, Sendable {
    /// The number of the next rule.
    public var rule: UInt32 = 0

    /// Before the first rule.
    public init() {}
}

extension RateLimitOverride.Unit {
    /// The unit of that name; `nil` for any other name. Case matters.
    init?(named name: Bytes) {
        if name.elementsEqual("SECOND") {
            self = .second
        } else if name.elementsEqual("MINUTE") {
            self = .minute
        } else if name.elementsEqual("HOUR") {
            self = .hour
        } else if name.elementsEqual("DAY") {
            self = .day
        } else if name.elementsEqual("MONTH") {
            self = .month
        } else if name.elementsEqual("YEAR") {
            self = .year
        } else if name.elementsEqual("UNKNOWN") {
            self = .unknown
        } else {
            return nil
        }
    }
}
