// Fairlead: values that are changed while running
// SPDX-License-Identifier: Apache-2.0

/// A value that can be changed while running, as Envoy's runtime has them.
public enum RuntimeValue: Hashable, Sendable {
    /// A number: as a share, so many per cent.
    case number(Double)
    /// A share.
    case fraction(Fraction)
    /// A text; one that spells a number counts as that.
    case text(String)
    /// A truth value, which is no number.
    case bool(Bool)
}

/// A layer of runtime values; of a key that several layers have, the last one's value counts.
public struct RuntimeLayer: Hashable, Sendable {
    /// One value.
    public struct Entry: Hashable, Sendable {
        /// The key; names of nested structures are joined with dots.
        public var key: String
        /// The value.
        public var value: RuntimeValue

        /// A value and its key.
        public init(_ key: String, _ value: RuntimeValue) {
            self.key = key
            self.value = value
        }
    }

    /// The name, unique among layers.
    public var name: String
    /// The values, sorted by key; keys differ.
    public var entries: [Entry]

    /// A layer of the given values.
    public init(_ name: String, _ entries: [Entry] = []) {
        self.name = name
        self.entries = entries
    }
}

/// The runtime values of all layers together: an input of compiling.
public struct RuntimeValues: Hashable, Sendable {
    private var values: [String: RuntimeValue] = [:]

    /// No values: everything has what the configuration says.
    public init() {}

    /// The values of `layers`, where later ones count more.
    public init(_ layers: [RuntimeLayer]) {
        for layer in layers {
            for entry in layer.entries { values[entry.key] = entry.value }
        }
    }

    /// The value of `key`; `nil` when there is none.
    public subscript(key: String) -> RuntimeValue? { values[key] }

    /// The share that `fraction` comes to, as `numerator` of `denominator`.
    ///
    /// A whole number counts as per cent, one above 100 as all; whatever else is no share is passed over.
    public func share(_ fraction: RuntimeFraction) -> (numerator: UInt64, denominator: UInt64) {
        let fallback = (UInt64(fraction.fallback.numerator), UInt64(fraction.fallback.denominator.rawValue))
        guard !fraction.runtimeKey.isEmpty, let value = values[fraction.runtimeKey] else { return fallback }
        if case .fraction(let share) = value { return (UInt64(share.numerator), UInt64(share.denominator.rawValue)) }
        guard let percent = RuntimeValues.whole(value) else { return fallback }
        return (min(percent, 100), 100)
    }

    /// The whole number that `key` has, or `fallback` when it has none.
    public func whole(_ key: String, fallback: UInt64) -> UInt64 {
        values[key].flatMap { RuntimeValues.whole($0) } ?? fallback
    }

    /// The number that `key` has, or `fallback` when it has none, or one that is none.
    public func number(_ key: String, fallback: Double) -> Double {
        switch values[key] {
        case .number(let number)?: number.isFinite ? number : fallback
        case .text(let text)?: WholeNumberText.number(text).map { Double($0) } ?? fallback
        case .fraction?, .bool?, nil: fallback
        }
    }

    /// Whether this and `other` have different values for some key that begins with `prefix`. O(values).
    public func differs(from other: RuntimeValues, under prefix: String) -> Bool {
        values.contains { $0.key.hasPrefix(prefix) && other.values[$0.key] != $0.value }
            || other.values.contains { $0.key.hasPrefix(prefix) && values[$0.key] == nil }
    }

    private static func whole(_ value: RuntimeValue) -> UInt64? {
        switch value {
        case .number(let number): UInt64(exactly: number)
        case .text(let text): WholeNumberText.number(text)
        case .fraction, .bool: nil
        }
    }
}

extension VirtualHost {
    /// The runtime keys that its routes refer to, sorted, each once. O(routes).
    public var runtimeKeys: [String] {
        var keys: Set<String> = []
        for route in routes { route.addRuntimeKeys(to: &keys) }
        for limit in rateLimits { if let key = limit.runtimeKey { keys.insert(key) } }
        if let matcher { for (_, route) in matcher.placedRoutes { route.addRuntimeKeys(to: &keys) } }
        return keys.isEmpty ? [] : keys.sorted()
    }
}

extension Route {
    fileprivate func addRuntimeKeys(to keys: inout Set<String>) {
        if let key = match.fraction?.runtimeKey, !key.isEmpty { keys.insert(key) }
        guard case .forward(let forward) = action else { return }
        for limit in forward.rateLimits { if let key = limit.runtimeKey { keys.insert(key) } }
        guard case .weighted(let clusters) = forward.target else { return }
        for entry in clusters.entries { if let key = clusters.runtimeKey(of: entry) { keys.insert(key) } }
    }
}

extension WeightedClusters {
    /// The runtime key of an entry's weight: the prefix and the cluster's name; `nil` without a prefix.
    public func runtimeKey(of entry: Entry) -> String? {
        runtimeKeyPrefix.isEmpty ? nil : runtimeKeyPrefix + "." + entry.cluster
    }
}
