// Fairlead: rules for URI templates
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    private static let matcherName = "envoy.path.match.uri_template.uri_template_matcher"
    private static let rewriterName = "envoy.path.rewrite.uri_template.uri_template_rewriter"

    /// A URI template that a path is matched with.
    mutating func checkTemplate(_ text: String) {
        within("path_match_policy.typed_config") { walk in
            guard walk.checkTemplateLength(text, at: "path_template") else { return }
            do throws(PathTemplate.Fault) {
                _ = try PathTemplate(text)
            } catch {
                walk.error(
                    error.isDeparture ? .unsupported : .invalidValue, at: "path_template",
                    "path_match_policy.path_template \(text) is invalid: \(error.message)")
            }
        }
    }

    /// What has to fit together in a route that matches by a template, or rewrites by one.
    mutating func checkTemplates(of route: Route) {
        var matched: String?
        if case .template(let text) = route.match.path { matched = text }
        switch route.action {
        case .forward(let action): checkRewrite(action.pathRewrite, matched)
        case .redirect(let redirect):
            if matched != nil, case .prefix(let text)? = redirect.path, !text.isEmpty {
                within("redirect") {
                    $0.error(
                        .invalidValue, at: "prefix_rewrite", "Cannot use redirect.prefix_rewrite with path_match_policy"
                    )
                }
            }
        case .directResponse, .nonForwarding: break
        }
    }

    private mutating func checkRewrite(_ rewrite: ForwardAction.PathRewrite?, _ matched: String?) {
        enter("route")
        defer { leave() }
        switch rewrite {
        case .prefix(let text)? where matched != nil && !text.isEmpty:
            error(.invalidValue, at: "prefix_rewrite", "Cannot use prefix_rewrite with matcher extension")
        case .template(let text)?: within("path_rewrite_policy") { $0.checkRewrite(text, of: matched) }
        default: break
        }
    }

    private mutating func checkRewrite(_ text: String, of matched: String?) {
        guard let matched else {
            return error(
                .invalidValue,
                "unable to use \(ProblemTrail.rewriterName) extension without \(ProblemTrail.matcherName) extension")
        }
        guard checkTemplateLength(text, at: "typed_config.path_template_rewrite") else { return }
        guard let rewrite = PathTemplateRewrite(text) else {
            return error(
                .invalidValue, at: "typed_config.path_template_rewrite",
                "path_rewrite_policy.path_template_rewrite \(text) is invalid")
        }
        // What is wrong with the template itself is told there.
        guard let template = try? PathTemplate(matched) else { return }
        if !rewrite.variables.allSatisfy(template.variables.contains) {
            error(
                .invalidValue, at: "typed_config.path_template_rewrite",
                "mismatch between variables in path_match_policy \(matched) and path_rewrite_policy \(text)")
        }
    }

    private mutating func checkTemplateLength(_ text: String, at field: String) -> Bool {
        let isWell = (1...PathTemplate.maximumLength).contains(text.utf8.count)
        if !isWell {
            error(
                .invalidValue, at: field,
                "value must have between 1 and \(PathTemplate.maximumLength) characters inclusive")
        }
        return isWell
    }
}
