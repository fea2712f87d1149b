// Fairlead: an engine's blocks, as bytes
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane

/// One block of an engine's current snapshot, as bytes: what the Fresh law compares.
public struct BlockImage: Hashable, Sendable {
    /// What the block is for: its kind and name, for example `cluster shop`.
    public var name: String
    /// The block's bytes.
    public var bytes: [UInt8]
    /// The names that its records call by number.
    public var references: [String]
}

extension Engine {
    /// All blocks of the current snapshot, sorted by name.
    ///
    /// Two engines with the same options that serve the same configuration have the same blocks, byte for byte,
    /// whatever updates brought them there (the Fresh law).
    public var blockImages: [BlockImage] {
        state.withLock { state in
            var images: [BlockImage] = []
            for name in state.clusters.keys.sorted() {
                guard let cluster = state.clusters[name] else { continue }
                images.append(BlockImage(name: "cluster " + name, bytes: cluster.block.bytes, references: []))
            }
            for name in state.routeTables.keys.sorted() {
                guard let table = state.routeTables[name] else { continue }
                images.append(
                    BlockImage(
                        name: "route table " + name, bytes: table.domains.bytes,
                        references: table.hosts.map { $0.host.name }))
                for (ordinal, host) in table.hosts.enumerated() {
                    images.append(
                        BlockImage(
                            name: "virtual host \(name) \(ordinal)", bytes: host.block.bytes,
                            references: host.clusterNames))
                }
            }
            return images
        }
    }
}
