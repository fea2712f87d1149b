// Fairlead: extensions that choose clusters, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

typealias ClusterSpecifierPluginProto = Envoy_Config_Route_V3_ClusterSpecifierPlugin
typealias ClusterActionProto = Envoy_Extensions_Router_ClusterSpecifiers_Matcher_V3_ClusterAction
typealias MatcherClusterSpecifierProto = Envoy_Extensions_Router_ClusterSpecifiers_Matcher_V3_MatcherClusterSpecifier

/// What an extension that chooses clusters comes to.
enum ClusterSpecifier {
    /// The tree that leads to them.
    case tree(MatchTree)
    /// Nobody knows it, which is allowed: routes that need it take no requests.
    case optional
    /// It was refused.
    case refused
}

extension Lowering {
    /// Extensions that run code: Envoy knows them, so that being optional is no way round them.
    private static let codes = [
        "envoy.extensions.router.cluster_specifiers.lua.v3.LuaConfig",
        "envoy.extensions.router.cluster_specifiers.golang.v3alpha.Config",
    ]

    /// Reads the extensions of a table. Of several with one name, the first counts, as in Envoy.
    mutating func readClusterSpecifiers(_ protos: [ClusterSpecifierPluginProto]) {
        clusterSpecifiers = [:]
        each("cluster_specifier_plugins", protos) { lowering, proto in
            let specifier = lowering.clusterSpecifier(proto)
            let name = proto.extension.name
            if lowering.clusterSpecifiers[name] == nil { lowering.clusterSpecifiers[name] = specifier }
        }
    }

    /// The extension that stands in a route itself.
    mutating func inlineClusterSpecifier(_ proto: ClusterSpecifierPluginProto) -> ClusterSpecifier {
        within("inline_cluster_specifier_plugin") { $0.clusterSpecifier(proto) }
    }

    /// The extension of the table that a route names.
    mutating func namedClusterSpecifier(_ name: String) -> ClusterSpecifier {
        if let known = clusterSpecifiers[name] { return known }
        trail.error(
            .unknownReference, at: "cluster_specifier_plugin",
            "Unknown cluster specifier plugin name: \(name) is used in the route")
        return .refused
    }

    private mutating func clusterSpecifier(_ proto: ClusterSpecifierPluginProto) -> ClusterSpecifier {
        guard proto.hasExtension else {
            trail.error(.missingField, at: "extension", "is missing")
            return .refused
        }
        return within("extension") { lowering in
            lowering.within("typed_config") { $0.clusterSpecifier(proto.extension, isOptional: proto.isOptional) }
        }
    }

    private mutating func clusterSpecifier(_ proto: TypedExtensionConfigProto, isOptional: Bool) -> ClusterSpecifier {
        let type = proto.typedConfig.typeName
        if let matcher = unpack(proto.typedConfig, as: MatcherClusterSpecifierProto.self) {
            guard matcher.hasClusterMatcher else {
                trail.error(.missingField, at: "cluster_matcher", "is missing")
                return .refused
            }
            choosesClusters = true
            defer { choosesClusters = false }
            return .tree(within("cluster_matcher") { $0.matchTree(matcher.clusterMatcher) })
        }
        if type == MatcherClusterSpecifierProto.protoMessageName { return .refused }
        if Lowering.codes.contains(type) {
            refuse("", "a cluster specifier of type \(type)")
            return .refused
        }
        guard isOptional else {
            trail.error(
                .unknownExtension,
                "Didn't find a registered implementation for '\(proto.name)' with type URL: '\(type)'")
            return .refused
        }
        understood.insert(trail.path)
        trail.warning(
            .unknownExtension, "'\(type)' is not known, and optional: routes that need it take no requests")
        return .optional
    }
}

extension ClusterSpecifierPluginProto {
    /// The message that lowers to `tree`.
    init(_ tree: MatchTree) {
        self.init()
        var specifier = MatcherClusterSpecifierProto()
        specifier.clusterMatcher = MatcherProto(tree)
        `extension`.name = "matcher"
        `extension`.typedConfig = Google_Protobuf_Any(specifier)
    }
}
