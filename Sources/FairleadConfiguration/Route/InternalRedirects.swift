// Fairlead: redirects that are followed in the client's place
// SPDX-License-Identifier: Apache-2.0

/// Which redirects of endpoints are followed in the client's place.
public struct InternalRedirects: Hashable, Sendable {
    /// How many in a row at most.
    public var maximum: UInt32 = 1
    /// The statuses that are followed, of 301, 302, 303, 307 and 308.
    public var statuses: [UInt16] = [302]
    /// Whether they may lead from http to https, or back.
    public var allowsOtherScheme = false
    /// Whether they never lead from http to https.
    public var refusesHTTPSFromHTTP = false
    /// Whether they may lead from a route to another one only once.
    public var refusesVisitedRoutes = false
    /// The names of the routes that they may lead to; `nil` for all.
    public var allowedRoutes: [String]?
    /// The names of the headers of the redirect that the new request gets.
    public var copiedHeaders: [String] = []

    /// One redirect with the status 302.
    public init() {}
}
