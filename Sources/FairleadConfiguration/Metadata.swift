// Fairlead: untyped values that travel with resources
// SPDX-License-Identifier: Apache-2.0

/// A value of Envoy's metadata: what a control plane attaches to endpoints, routes and clusters.
public indirect enum MetadataValue: Hashable, Sendable {
    /// Nothing.
    case null
    /// A truth value.
    case bool(Bool)
    /// A number.
    case number(Double)
    /// A text.
    case text(String)
    /// A list of values.
    case list([MetadataValue])
    /// Named values, sorted by name.
    case structure([Field])

    /// A named value.
    public struct Field: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: MetadataValue

        /// A named value.
        public init(_ name: String, _ value: MetadataValue) {
            self.name = name
            self.value = value
        }
    }
}

/// Metadata by filter name (`envoy.lb` is the one that balancing reads).
public struct Metadata: Hashable, Sendable {
    /// One structure for each filter name, sorted by name.
    public var filters: [MetadataValue.Field]

    /// Metadata of the given filters.
    public init(_ filters: [MetadataValue.Field] = []) { self.filters = filters }

    /// Whether nothing is there.
    public var isEmpty: Bool { filters.isEmpty }

    /// The value `key` of the filter `filter`, `nil` when there is none.
    public func value(_ filter: String, _ key: String) -> MetadataValue? {
        for field in filters where field.name == filter {
            guard case .structure(let fields) = field.value else { return nil }
            return fields.first { $0.name == key }?.value
        }
        return nil
    }
}
