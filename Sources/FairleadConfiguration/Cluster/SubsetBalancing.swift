// Fairlead: subsets of a cluster's endpoints, told apart by their metadata
// SPDX-License-Identifier: Apache-2.0

/// Restricts requests to endpoints that have, in their metadata under `envoy.lb`, the values that the request's route asks
/// for (`metadata_match`).
///
/// Each selector makes one subset for each combination of values that endpoints have for its keys. A subset is found when
/// the route asks for exactly the keys of a selector and there are endpoints with these values.
public struct SubsetBalancing: Hashable, Sendable {
    /// What is taken when there is no subset for a request.
    public enum Fallback: Hashable, Sendable {
        /// Nothing: the request gets no endpoint.
        case none
        /// Any endpoint of the cluster.
        case anyEndpoint
        /// Those that have all values of `defaultSubset`.
        case defaultSubset
    }

    /// Keys by which subsets are made.
    public struct Selector: Hashable, Sendable {
        /// What is taken when the route asks for these keys and no endpoint has the values.
        public enum Fallback: Hashable, Sendable {
            /// What `SubsetBalancing.fallback` says.
            case inherited
            /// Nothing.
            case none
            /// Any endpoint of the cluster.
            case anyEndpoint
            /// Those that have all values of `defaultSubset`.
            case defaultSubset
            /// What there is for these keys alone; some of the selector's, but not all.
            case fewerKeys([String])
        }

        /// The keys; their order does not matter.
        public var keys: [String]
        /// What is taken when there is no subset.
        public var fallback: Fallback
        /// Whether a subset is one endpoint only: the first one, however well it is.
        public var choosesSingleEndpoint: Bool

        /// A selector; see the properties for what each part means.
        public init(_ keys: [String], fallback: Fallback = .inherited, choosesSingleEndpoint: Bool = false) {
            self.keys = keys
            self.fallback = fallback
            self.choosesSingleEndpoint = choosesSingleEndpoint
        }
    }

    /// The selectors.
    public var selectors: [Selector]
    /// What is taken when there is no subset for a request and its selector does not say.
    public var fallback: Fallback
    /// The values of the default subset, sorted by name; every endpoint has none of none.
    public var defaultSubset: [MetadataValue.Field] = []
    /// Whether localities keep their weights inside of subsets.
    public var weighsLocalities = false
    /// Whether a locality weighs less in a subset that fewer of its endpoints belong to.
    public var scalesLocalityWeights = false
    /// Whether any endpoint is taken when the fallback has nobody to give.
    public var panicsToAnyEndpoint = false
    /// Whether an endpoint whose value is a list has each value of the list.
    public var listsMeanAnyValue = false
    /// Whether a criterion called `fallback_list` holds a list of overrides that are tried one after the other.
    public var usesFallbackList = false
    /// Whether criteria that no selector asks for are passed over.
    public var allowsRedundantKeys = false

    /// Subsets by `selectors`; see the properties for what else there is.
    public init(_ selectors: [Selector], fallback: Fallback = .none) {
        self.selectors = selectors
        self.fallback = fallback
    }
}

extension Metadata {
    /// The values that balancing reads: those under `envoy.lb`.
    public var balancingFields: [MetadataValue.Field] {
        for filter in filters where filter.name == "envoy.lb" {
            if case .structure(let fields) = filter.value { return fields }
        }
        return []
    }
}
