// Fairlead: what routes say to tracing, statistics, upgrades and balancing
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension RouteView {
    /// How traces call the request; missing when the route does not say.
    public var decoratorOperation: Bytes { routeDetails.map { $0.block.bytes($0.record.operation) } ?? .missing }

    /// Whether that name is told to the endpoint and to the client.
    public var propagatesDecorator: Bool { routeDetails?.record.propagatesOperation == 1 }

    /// How the request is traced: an `envoy.config.route.v3.Tracing` message; missing when the route does not say.
    public var tracing: Bytes { routeDetails.map { $0.block.bytes($0.record.tracing) } ?? .missing }

    /// The most bytes of the request's body that may be kept, for retries and copies; `UInt64.max` when neither route nor
    /// virtual host says.
    public var bodyLimit: UInt64 {
        if let details = routeDetails, details.record.bodyLimit != .max { return details.record.bodyLimit }
        return virtualHostDetails?.record.bodyLimit ?? .max
    }

    /// What statistics of the route are called; missing when it does not say.
    public var statPrefix: Bytes { routeDetails.map { $0.block.bytes($0.record.statPrefix) } ?? .missing }

    /// Whether the request may change to the protocol `type`, whose case does not matter; `nil` when the route does not
    /// say, and the listener's word counts.
    public func allowsUpgrade(to type: Bytes) -> Bool? {
        guard let (extras, block) = extras else { return nil }
        for index in 0..<Int(extras.upgrades.count) {
            let upgrade = block[extras.upgrades, index]
            if type.foldedEquals(block.bytes(upgrade.type)) { return upgrade.isEnabled == 1 }
        }
        return nil
    }

    /// How many values of metadata the endpoints have to have, those of the weighted cluster included.
    public var metadataMatchCount: Int { metadataMatch.map { Int($0.nodes.count) } ?? 0 }

    /// The value at `index`, 0 ..< metadataMatchCount, in the order of their names: as a text, lists and structures as
    /// JSON; missing for null.
    public func metadataMatch(_ index: Int) -> (name: Bytes, text: Bytes)? {
        guard let (nodes, block) = metadataMatch, index >= 0, index < Int(nodes.count) else { return nil }
        let node = block[nodes, index]
        return (block.bytes(node.name), block.bytes(node.text))
    }

    private var metadataMatch: (nodes: BlockArray<MetadataNode>, block: BlockView)? {
        // Those of a weighted cluster are merged with the route's when they are compiled.
        if let details = weightedDetails, details.record.metadataMatch.count != 0 {
            return (details.record.metadataMatch, details.block)
        }
        return extras.map { ($0.extras.metadataMatch, $0.block) }
    }

    /// What few forward actions have, with the block.
    var extras: (extras: ForwardExtras, block: BlockView)? {
        guard let forward, forward.extras.exists, let (_, block) = compiled else { return nil }
        return (block[forward.extras], block)
    }
}
