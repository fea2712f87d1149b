// Fairlead: redirects and direct responses, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// A redirect.
    mutating func redirect(_ proto: RedirectActionProto) -> RedirectAction {
        account(for: proto, .redirectAction)
        var redirect = RedirectAction()
        if !proto.hostRedirect.isEmpty { redirect.host = proto.hostRedirect }
        if let port = UInt16(exactly: proto.portRedirect) {
            redirect.port = port
        } else {
            trail.error(.invalidValue, at: "port_redirect", "\(proto.portRedirect) is not within 0 and 65535")
        }
        switch proto.schemeRewriteSpecifier {
        case nil: break
        case .httpsRedirect(let flag)?: redirect.scheme = flag ? .https : nil
        case .schemeRedirect(let scheme)?: redirect.scheme = scheme.isEmpty ? nil : .scheme(scheme)
        }
        redirect.path = path(proto)
        if known(proto.responseCode, at: "response_code") {
            switch proto.responseCode {
            case .found: redirect.status = .found
            case .seeOther: redirect.status = .seeOther
            case .temporaryRedirect: redirect.status = .temporaryRedirect
            case .permanentRedirect: redirect.status = .permanentRedirect
            default: redirect.status = .movedPermanently
            }
        }
        redirect.stripsQuery = proto.stripQuery
        return redirect
    }

    /// Empty texts are as good as none.
    private mutating func path(_ proto: RedirectActionProto) -> RedirectAction.PathRewrite? {
        switch proto.pathRewriteSpecifier {
        case nil: return nil
        case .pathRedirect(let path)?: return path.isEmpty ? nil : .path(path)
        case .prefixRewrite(let prefix)?: return prefix.isEmpty ? nil : .prefix(prefix)
        case .regexRewrite(let regex)?: return .pattern(within("regex_rewrite") { $0.substitution(regex) })
        case .pathRewrite(let text)?: return text.isEmpty ? nil : .format(format(text, at: "path_rewrite"))
        }
    }

    /// An answer without an endpoint.
    mutating func directResponse(_ proto: DirectResponseActionProto) -> DirectResponse {
        account(for: proto, .directResponseAction)
        let body = proto.hasBody ? within("body") { $0.content(proto.body) } : []
        var response = DirectResponse(status: 500, body: body)
        if let status = UInt16(exactly: proto.status) {
            response.status = status
        } else {
            trail.error(.invalidValue, at: "status", "\(proto.status) is not within 200 and 599")
        }
        if proto.hasBodyFormat { response.format = within("body_format") { $0.bodyFormat(proto.bodyFormat) } }
        return response
    }

    private mutating func bodyFormat(_ proto: SubstitutionFormatStringProto) -> DirectResponse.BodyFormat? {
        account(for: proto, .substitutionFormatString)
        var format: DirectResponse.BodyFormat
        switch proto.format {
        case .textFormat(let text)?: format = .init(self.format(text, at: "text_format"))
        case .textFormatSource(let source)?:
            let bytes = within("text_format_source") { $0.content(source) }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                refuse("text_format_source", "a body that is not UTF-8")
                return nil
            }
            format = .init(self.format(text, at: "text_format_source"))
        case .jsonFormat(let structure)?:
            guard case .structure(let fields) = self.format(Lowering.value(structure)) else { return nil }
            format = .init(json: fields)
        case nil:
            trail.error(.missingField, "must hold text_format_source")
            return nil
        }
        format.omitsMissing = proto.omitEmptyValues
        format.contentType = proto.contentType
        return format
    }

    /// A value of a JSON body: commands that stand for environment variables are replaced by what they are now.
    private func format(_ value: MetadataValue) -> MetadataValue {
        switch value {
        case .null, .bool, .number: value
        case .text(let text): .text(format(text, at: "json_format"))
        case .list(let values): .list(values.map { format($0) })
        case .structure(let fields): .structure(fields.map { .init($0.name, format($0.value)) })
        }
    }

    /// A text with substitution commands: those that stand for environment variables are replaced by what they are now.
    func format(_ text: String, at field: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        return EnvironmentCommands.replaced(in: text) { sources.environmentVariable($0) }
    }
}

extension FieldUse {
    static let redirectAction = FieldUse(
        RedirectActionProto.self,
        read: """
            host_redirect path_redirect prefix_rewrite regex_rewrite path_rewrite response_code https_redirect \
            scheme_redirect strip_query port_redirect
            """)
    static let directResponseAction = FieldUse(
        DirectResponseActionProto.self, read: "status body body_format")
    static let substitutionFormatString = FieldUse(
        SubstitutionFormatStringProto.self,
        read: "text_format json_format text_format_source omit_empty_values content_type", refused: "formatters")
}
