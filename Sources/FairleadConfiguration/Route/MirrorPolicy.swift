// Fairlead: copies of requests
// SPDX-License-Identifier: Apache-2.0

/// A second cluster that gets a copy of a route's requests; nobody waits for its answers.
public struct MirrorPolicy: Hashable, Sendable {
    /// Where the copies go.
    public enum Target: Hashable, Sendable {
        /// To this cluster.
        case cluster(String)
        /// To the cluster that a header names.
        case header(String)
    }

    /// One change of a copy's headers.
    public enum HeaderChange: Hashable, Sendable {
        /// Takes off all lines of this name.
        case remove(String)
        /// Adds a line, as its rule says.
        case add(HeaderMutations.Addition)
    }

    /// Where the copies go.
    public var target: Target
    /// The share of requests that is copied; `nil` for all.
    public var fraction: RuntimeFraction?
    /// Whether copies keep the host of the request, instead of one with `-shadow` at its end.
    public var keepsHost = false
    /// The host of copies; `nil` for that of the request.
    public var host: String?
    /// What becomes of a copy's headers, one change after the other.
    public var headerChanges: [HeaderChange] = []

    /// Copies that go to `target`.
    public init(to target: Target) { self.target = target }
}
