// Fairlead: from Envoy's messages to configuration values
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

/// Turns decoded messages into configuration values, and reports by path all that cannot be turned.
///
/// It never stops at a fault: what is wrong is reported and replaced by something harmless, so that lists keep their
/// indices and the validation that follows can speak of the same places. Rules that the values themselves can break
/// are not checked here but there. One file for each noun; `account(for:_:)` sees to it that no field is forgotten.
struct Lowering {
    /// Where the walk is, and what was found.
    var trail = ProblemTrail()
    /// Where each value came from.
    var origins = PathOrigins()
    /// What came out so far.
    var configuration = Configuration()
    /// Where the administration interface should listen.
    var administration: Address?
    /// Where the engine stands, if the document says so.
    var locality: Locality?
    /// The name of the cluster that the engine belongs to; empty for none.
    var localCluster = ""
    /// The route tables that stand inside of listeners, before their names are settled.
    var inlineTables: [InlineTable] = []
    /// Every runtime key that a value refers to which runtime values do not change yet.
    var runtimeKeys: Set<String> = []
    /// Every runtime key whose value is acted on.
    var actedRuntimeKeys: Set<String> = []
    /// Where a type stands that the schema does not have and lowering takes all the same.
    var understood: Set<String> = []
    /// What the extensions of the table come to that choose clusters, by their names.
    var clusterSpecifiers: [String: ClusterSpecifier] = [:]
    /// Whether the route that is read takes no requests, because nobody knows an extension that it needs.
    var isRouteIdle = false
    /// Whether the tree that is read leads to clusters, and not to routes.
    var choosesClusters = false
    /// Where the cluster that is read will stand among the configuration values.
    var balancingPath = ""
    /// How contents that stand elsewhere are read.
    let sources: ContentSources
    /// The names of load-balancing policies that can be taken.
    let policies: Set<String>

    init(sources: ContentSources, policies: Set<String>) {
        self.sources = sources
        self.policies = policies
    }

    /// Lowers inside of `field`.
    mutating func within<Result>(
        _ field: String, index: Int = -1, _ body: (inout Lowering) -> Result
    ) -> Result {
        trail.enter(field, index: index)
        defer { trail.leave() }
        return body(&self)
    }

    /// Lowers each of `items`, inside of the item of `field` that has its index.
    @discardableResult
    mutating func each<Item, Result>(
        _ field: String, _ items: [Item], _ body: (inout Lowering, Item) -> Result
    ) -> [Result] {
        var results: [Result] = []
        results.reserveCapacity(items.count)
        for index in items.indices {
            trail.enter(field, index: index)
            results.append(body(&self, items[index]))
            trail.leave()
        }
        return results
    }

    /// The message inside of `any`, if it is of type `M` and well formed; a fault of its bytes is reported.
    mutating func unpack<M: Message>(_ any: Google_Protobuf_Any, as type: M.Type = M.self) -> M? {
        guard any.isA(type) else { return nil }
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = WireWalker.maximumDepth
        if let message = try? M(unpackingAny: any, options: options) { return message }
        trail.error(.malformed, "not a message of type \(type.protoMessageName)")
        return nil
    }
}

extension Google_Protobuf_Any {
    /// The full name of the type, without the URL before it.
    var typeName: String {
        String(typeURL[(typeURL.lastIndex(of: "/").map(typeURL.index(after:)) ?? typeURL.startIndex)...])
    }
}

/// How contents that a configuration only names are read. The loader itself reads no files.
struct ContentSources: Sendable {
    /// The bytes of the file of that name, `nil` when it cannot be read.
    var file: @Sendable (String) -> [UInt8]?
    /// The value of the environment variable of that name, `nil` when there is none.
    var environmentVariable: @Sendable (String) -> String?
}
