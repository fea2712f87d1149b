// Fairlead: URI templates, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// The URI template that a path is matched with: the only extension for matching paths that there is.
    mutating func pathTemplate(_ proto: TypedExtensionConfigProto) -> RouteMatch.Path {
        trail.enter("path_match_policy")
        defer { trail.leave() }
        return .template(extensionConfig(proto, as: UriTemplateMatchProto.self)?.pathTemplate ?? "/")
    }

    /// The URI template that a path is put together from.
    mutating func templateRewrite(_ proto: TypedExtensionConfigProto) -> ForwardAction.PathRewrite? {
        trail.enter("path_rewrite_policy")
        defer { trail.leave() }
        return extensionConfig(proto, as: UriTemplateRewriteProto.self).map { .template($0.pathTemplateRewrite) }
    }

    /// The configuration of an extension, which has to be of type `M`; anything else is reported.
    private mutating func extensionConfig<M: Message>(_ proto: TypedExtensionConfigProto, as type: M.Type) -> M? {
        if !proto.hasTypedConfig {
            trail.error(.missingField, at: "typed_config", "is missing")
            return nil
        }
        trail.enter("typed_config")
        defer { trail.leave() }
        guard proto.typedConfig.isA(type) else {
            trail.error(
                .unknownExtension,
                "Didn't find a registered implementation for '\(proto.name)' with type URL: '\(proto.typedConfig.typeName)'"
            )
            return nil
        }
        return unpack(proto.typedConfig, as: type)
    }
}

extension TypedExtensionConfigProto {
    /// The extension that matches paths with the URI template `template`.
    init(matching template: String) {
        self.init()
        var config = UriTemplateMatchProto()
        config.pathTemplate = template
        name = "envoy.path.match.uri_template.uri_template_matcher"
        typedConfig = Google_Protobuf_Any(config)
    }

    /// The extension that puts paths together from the URI template `template`.
    init(rewriting template: String) {
        self.init()
        var config = UriTemplateRewriteProto()
        config.pathTemplateRewrite = template
        name = "envoy.path.rewrite.uri_template.uri_template_rewriter"
        typedConfig = Google_Protobuf_Any(config)
    }
}
