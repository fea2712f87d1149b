// Fairlead: a policy's configuration, as named values
// SPDX-License-Identifier: Apache-2.0

/// The configuration of one policy: named values with the field names of Envoy's extension message, and, for policies
/// that Fairlead does not know, the bytes of that message.
public struct PolicyParameters: Hashable, Sendable {
    /// One value.
    public enum Value: Hashable, Sendable {
        /// A truth value.
        case bool(Bool)
        /// A whole number.
        case unsigned(UInt64)
        /// A number.
        case double(Double)
        /// A text, or the name of an enumeration's value.
        case text(String)
    }

    /// The values, sorted by name, each name once.
    public private(set) var values: [(name: String, value: Value)] = []
    /// The bytes of the extension's own message, for policies that Fairlead does not know.
    public var payload: [UInt8] = []

    /// No values at all.
    public init() {}

    /// The given values; a later one of the same name wins.
    public init(_ values: [(String, Value)], payload: [UInt8] = []) {
        self.payload = payload
        for (name, value) in values { self[name] = value }
    }

    /// The value called `name`, `nil` when it is not set. O(values).
    public subscript(name: String) -> Value? {
        get { values.first { $0.name == name }?.value }
        set {
            values.removeAll { $0.name == name }
            guard let newValue else { return }
            let place = values.firstIndex { $0.name > name } ?? values.endIndex
            values.insert((name, newValue), at: place)
        }
    }

    /// The whole number called `name`, or `fallback` when it is not set or not a whole number.
    public func unsigned(_ name: String, default fallback: UInt64) -> UInt64 {
        if case .unsigned(let value)? = self[name] { value } else { fallback }
    }

    /// The number called `name`, or `fallback` when it is not set or not a number.
    public func double(_ name: String, default fallback: Double) -> Double {
        switch self[name] {
        case .double(let value)?: value
        case .unsigned(let value)?: Double(value)
        default: fallback
        }
    }

    /// The truth value called `name`, or `fallback` when it is not set or not one.
    public func bool(_ name: String, default fallback: Bool) -> Bool {
        if case .bool(let value)? = self[name] { value } else { fallback }
    }

    /// The text called `name`, or `fallback` when it is not set or not a text.
    public func text(_ name: String, default fallback: String) -> String {
        if case .text(let value)? = self[name] { value } else { fallback }
    }

    /// Whether all names, values and the payload are the same.
    public static func == (left: PolicyParameters, right: PolicyParameters) -> Bool {
        left.payload == right.payload && left.values.count == right.values.count
            && zip(left.values, right.values).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    }

    /// Feeds names, values and the payload into `hasher`.
    public func hash(into hasher: inout Hasher) {
        for (name, value) in values {
            hasher.combine(name)
            hasher.combine(value)
        }
        hasher.combine(payload)
    }
}
