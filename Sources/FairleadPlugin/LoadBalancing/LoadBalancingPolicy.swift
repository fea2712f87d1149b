// Fairlead: what a load-balancing policy is
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// The control side of a load-balancing policy: it judges its configuration and turns a host list into a table.
///
/// It runs on the control thread, after Configuration and before the snapshot is published, and may allocate and take
/// its time. Its other side, the `Picker`, reads that table on the workers. Built-in policies and third-party ones are
/// written against this same protocol and registered in the same `PluginRegistry`.
public protocol LoadBalancingPolicy: AnyObject, Sendable {
    /// The name under which configurations ask for it: the extension's type name without its package, or a name of
    /// the policy's own, for example `envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin`.
    var name: String { get }

    /// What the policy needs, for the given parameters. Called after `check` found no error.
    func traits(for parameters: PolicyParameters) -> PolicyTraits

    /// Everything that is wrong with `parameters`; paths are relative to the policy's configuration.
    func check(_ parameters: PolicyParameters) -> [Problem]

    /// Everything that is wrong with these hosts under these parameters, for example weights whose sum is too large.
    func check(_ hosts: HostList, _ parameters: PolicyParameters) -> [Problem]

    /// Writes the table for one host list.
    ///
    /// The same hosts and parameters must give the same bytes, always (the Fresh law): no history, no ambient
    /// randomness, ties broken by index.
    func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter)

    /// The data side, for the given parameters. The engine keeps it as long as a snapshot uses it.
    func makePicker(_ parameters: PolicyParameters) -> PickerSlot
}

extension LoadBalancingPolicy {
    /// No parameters, nothing to say against them.
    public func check(_ parameters: PolicyParameters) -> [Problem] { [] }

    /// Any hosts will do.
    public func check(_ hosts: HostList, _ parameters: PolicyParameters) -> [Problem] { [] }
}

/// What a policy needs of the engine.
public struct PolicyTraits: Hashable, Sendable {
    /// For which host lists a policy builds tables.
    public enum Scope: UInt8, Sendable {
        /// One table for each list that can be picked from: healthy, degraded or, in panic, all hosts of a priority,
        /// and each locality of those where localities are weighted.
        case hostList
        /// One table for each priority, over its healthy hosts (in panic, all); degraded load reads the same table.
        /// The request's hash decides the priority too. Consistent hashing works so.
        case priority
    }

    /// For which host lists tables are built.
    public var scope: Scope
    /// Whether `HostList.hashKeys` is needed; it costs a text a host.
    public var needsHashKeys: Bool
    /// Whether a host's name stands in for its address as its hash key (a key in its metadata goes before both).
    public var prefersHostnames: Bool
    /// How many 64-bit words of its own the picker keeps for each worker and host list, at most 8.
    public var workerWords: Int
    /// Whether zone-aware routing makes sense before it; with `Scope.hostList` only.
    public var keepsZones = true

    /// Traits of a policy; see the properties for what each means.
    public init(
        scope: Scope = .hostList, needsHashKeys: Bool = false, prefersHostnames: Bool = false, workerWords: Int = 0
    ) {
        self.scope = scope
        self.needsHashKeys = needsHashKeys
        self.prefersHostnames = prefersHostnames
        self.workerWords = workerWords
    }
}

/// The hosts that one table is for, in canonical order. All arrays are by index in this list.
public struct HostList: Sendable {
    /// Load-balancing weights, each 1 … 2^32−1.
    public var weights: [UInt32]
    /// The text that consistent hashing hashes for each host; empty unless the policy's traits ask for it.
    public var hashKeys: [String]
    /// The index into `localityWeights` for each host; empty unless localities are weighted.
    public var localities: [UInt32]
    /// The weight of each locality; empty unless localities are weighted.
    public var localityWeights: [UInt32]

    /// A list of hosts; see the properties for shapes.
    public init(
        weights: [UInt32], hashKeys: [String] = [], localities: [UInt32] = [], localityWeights: [UInt32] = []
    ) {
        self.weights = weights
        self.hashKeys = hashKeys
        self.localities = localities
        self.localityWeights = localityWeights
    }

    /// How many hosts there are.
    public var count: Int { weights.count }
}
