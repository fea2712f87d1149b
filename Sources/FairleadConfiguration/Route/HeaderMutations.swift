// Fairlead: changes of headers
// SPDX-License-Identifier: Apache-2.0

/// Changes of headers, carried as data: removals first, then additions in order.
public struct HeaderMutations: Hashable, Sendable {
    /// An added header.
    public struct Addition: Hashable, Sendable {
        /// What happens when the header is there, or is not.
        public enum Rule: UInt8, Hashable, Sendable {
            /// A new line in any case.
            case appendOrAdd = 0
            /// Only if the header is absent.
            case addIfAbsent = 1
            /// In place of what is there.
            case overwriteOrAdd = 2
            /// In place of what is there, and only then.
            case overwriteIfExists = 3
        }

        /// The name.
        public var name: String
        /// The value, which may hold Envoy's substitution commands.
        public var value: String
        /// What happens when the header is there, or is not.
        public var rule: Rule
        /// Whether an empty value is added too.
        public var keepsEmptyValue: Bool

        /// An added header.
        public init(_ name: String, _ value: String, rule: Rule = .appendOrAdd, keepsEmptyValue: Bool = false) {
            self.name = name
            self.value = value
            self.rule = rule
            self.keepsEmptyValue = keepsEmptyValue
        }
    }

    /// Additions to the request.
    public var requestAdditions: [Addition] = []
    /// Names of headers that are removed from the request.
    public var requestRemovals: [String] = []
    /// Additions to the response.
    public var responseAdditions: [Addition] = []
    /// Names of headers that are removed from the response.
    public var responseRemovals: [String] = []

    /// No change.
    public init() {}

    /// Whether nothing is changed.
    public var isEmpty: Bool {
        requestAdditions.isEmpty && requestRemovals.isEmpty && responseAdditions.isEmpty && responseRemovals.isEmpty
    }
}
