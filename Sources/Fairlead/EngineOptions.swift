// Fairlead: what an engine can be told at its creation
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
public import FairleadPlugin
import FairleadPolicies

/// What an engine can be told at its creation.
public struct EngineOptions: Sendable {
    /// How many workers there may be at once, 1 … 4096.
    public var maximumWorkers = 64
    /// What all random decisions grow from. The same seed and the same inputs give the same decisions.
    public var seed: UInt64 = 0
    /// Where this engine stands, if it matters.
    public var locality: Locality?
    /// The name of the cluster that this engine itself belongs to, with all others of its kind; empty for none. With
    /// `locality` it turns zone-aware routing on.
    public var localCluster = ""
    /// The extensions that the engine knows. By default the built-in policies, and no pattern engine.
    public var plugins: PluginRegistry
    /// How many endpoints one cluster may have.
    public var maximumEndpointsPerCluster = 1_000_000
    /// How many routes one virtual host may have.
    public var maximumRoutesPerVirtualHost = 4_000_000
    /// How many bytes one compiled virtual host, table of domains or cluster may have; more than 4 GiB none can have.
    public var maximumBlockBytes = 1 << 30

    /// The defaults.
    public init() {
        plugins = PluginRegistry.builtIn
    }
}
