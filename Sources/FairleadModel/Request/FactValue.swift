// Fairlead: what a host knows of a request, as plain values
// SPDX-License-Identifier: Apache-2.0

/// A value of dynamic metadata or of filter state, as a Swift host gives it with a `Request`.
public indirect enum FactValue: Hashable, Sendable {
    /// Nothing.
    case null
    /// A truth value.
    case bool(Bool)
    /// A number.
    case number(Double)
    /// A text.
    case text(String)
    /// An IP address as text, without a port; only filter state holds such.
    case address(String)
    /// A list of values.
    case list([FactValue])
    /// Named values.
    case structure([Field])

    /// A named value.
    public struct Field: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: FactValue

        /// A named value.
        public init(_ name: String, _ value: FactValue) {
            self.name = name
            self.value = value
        }
    }
}

/// One fact that owns its texts.
struct OwnedFact {
    var source: FactView.Source
    var name: String
    var path: [String]
    var value: FactValue

    /// `value` as facts without structures, but for empty ones.
    static func flat(_ source: FactView.Source, _ name: String, _ path: [String], _ value: FactValue) -> [OwnedFact] {
        guard case .structure(let fields) = value, !fields.isEmpty else {
            return [OwnedFact(source: source, name: name, path: path, value: value)]
        }
        return fields.flatMap { flat(source, name, path + [$0.name], $0.value) }
    }
}
