// Fairlead: redirects that are followed, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    private static let redirectStatuses: Set<UInt32> = [301, 302, 303, 307, 308]
    private static let predicatePackage = "envoy.extensions.internal_redirect."
    fileprivate static let previousRoutes = predicatePackage + "previous_routes.v3.PreviousRoutesConfig"
    fileprivate static let safeCrossScheme = predicatePackage + "safe_cross_scheme.v3.SafeCrossSchemeConfig"

    /// Which redirects are followed: by the policy, or else by the fields that came before it.
    mutating func internalRedirects(_ proto: RouteActionProto) -> InternalRedirects? {
        if proto.hasInternalRedirectPolicy {
            return within("internal_redirect_policy") { $0.internalRedirects(proto.internalRedirectPolicy) }
        }
        guard proto.internalRedirectAction == .handleInternalRedirect else { return nil }
        var redirects = InternalRedirects()
        if proto.hasMaxInternalRedirects { redirects.maximum = proto.maxInternalRedirects.value }
        return redirects
    }

    private mutating func internalRedirects(_ proto: InternalRedirectPolicyProto) -> InternalRedirects {
        account(for: proto, .internalRedirectPolicy)
        var redirects = InternalRedirects()
        if proto.hasMaxInternalRedirects { redirects.maximum = proto.maxInternalRedirects.value }
        if !proto.redirectResponseCodes.isEmpty {
            redirects.statuses = []
            for (index, code) in proto.redirectResponseCodes.enumerated() {
                if Lowering.redirectStatuses.contains(code) {
                    redirects.statuses.append(UInt16(code))
                } else {
                    trail.warning(
                        .invalidValue, at: "redirect_response_codes", index: index, "\(code) is no redirect's status")
                }
            }
        }
        // Where none of the codes is one, nothing is followed.
        if redirects.statuses.isEmpty { (redirects.statuses, redirects.maximum) = ([302], 0) }
        redirects.allowsOtherScheme = proto.allowCrossSchemeRedirect
        redirects.copiedHeaders = proto.responseHeadersToCopy
        each("predicates", proto.predicates) { lowering, predicate in
            lowering.within("typed_config") { $0.take(predicate.typedConfig, &redirects) }
        }
        return redirects
    }

    private mutating func take(_ predicate: Google_Protobuf_Any, _ redirects: inout InternalRedirects) {
        switch predicate.typeName {
        // Neither of them has a field.
        case Lowering.previousRoutes:
            redirects.refusesVisitedRoutes = true
            understood.insert(trail.path)
        case Lowering.safeCrossScheme:
            redirects.refusesHTTPSFromHTTP = true
            understood.insert(trail.path)
        case AllowListedRoutesProto.protoMessageName:
            guard let proto = unpack(predicate, as: AllowListedRoutesProto.self) else { return }
            for (index, name) in proto.allowedRouteNames.enumerated() where name.isEmpty {
                trail.error(.invalidValue, at: "allowed_route_names", index: index, "must not be empty")
            }
            let names = proto.allowedRouteNames.filter { !$0.isEmpty }
            // Every predicate has to agree.
            redirects.allowedRoutes = redirects.allowedRoutes.map { $0.filter(names.contains) } ?? names
        case "": trail.error(.missingField, "is missing")
        case let type: trail.error(.unknownExtension, "there is no predicate for redirects of type \(type)")
        }
    }
}

extension InternalRedirectPolicyProto {
    /// The message that lowers to `redirects`.
    init(_ redirects: InternalRedirects) {
        self.init()
        maxInternalRedirects = Google_Protobuf_UInt32Value(redirects.maximum)
        redirectResponseCodes = redirects.statuses.map { UInt32($0) }
        allowCrossSchemeRedirect = redirects.allowsOtherScheme
        responseHeadersToCopy = redirects.copiedHeaders
        func add(_ config: Google_Protobuf_Any) {
            var predicate = TypedExtensionConfigProto()
            predicate.name = config.typeName
            predicate.typedConfig = config
            predicates.append(predicate)
        }
        func addEmpty(_ type: String) { add(Google_Protobuf_Any.with { $0.typeURL = "type.googleapis.com/" + type }) }
        if let names = redirects.allowedRoutes {
            var allowed = AllowListedRoutesProto()
            allowed.allowedRouteNames = names
            add(Google_Protobuf_Any(allowed))
        }
        if redirects.refusesVisitedRoutes { addEmpty(Lowering.previousRoutes) }
        if redirects.refusesHTTPSFromHTTP { addEmpty(Lowering.safeCrossScheme) }
    }
}

extension FieldUse {
    static let internalRedirectPolicy = FieldUse(
        InternalRedirectPolicyProto.self,
        read: """
            max_internal_redirects redirect_response_codes predicates allow_cross_scheme_redirect \
            response_headers_to_copy
            """)
}
