// Fairlead: hash policies, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// What a request's hash is made of.
    mutating func hashPolicies(_ protos: [RouteActionProto.HashPolicy]) -> [HashPolicy] {
        var policies: [HashPolicy] = []
        for (index, proto) in protos.enumerated() {
            trail.enter("hash_policy", index: index)
            if let source = source(proto) {
                policies.append(HashPolicy(source, isTerminal: proto.terminal))
            } else if proto.terminal, let last = policies.indices.last {
                // What hashes nothing still ends the list, if anything before it hashed something.
                policies[last].isTerminal = true
            }
            trail.leave()
        }
        return policies
    }

    private mutating func source(_ proto: RouteActionProto.HashPolicy) -> HashPolicy.Source? {
        switch proto.policySpecifier {
        case .header(let header)?:
            let substitution = within("header") { lowering in
                header.hasRegexRewrite
                    ? lowering.within("regex_rewrite") { $0.substitution(header.regexRewrite) } : nil
            }
            return .header(header.headerName, substitution: substitution)
        case .cookie(let cookie)?: return .cookie(within("cookie") { $0.cookie(cookie) })
        case .connectionProperties(let properties)?:
            if properties.sourceIp { return .sourceIP }
            trail.warning(.invalidValue, at: "connection_properties.source_ip", "without source_ip, nothing is hashed")
        case .queryParameter(let parameter)?: return .queryParameter(parameter.name)
        case .filterState(let state)?: return .filterState(state.key)
        case nil:
            trail.error(
                .missingField, "must hold header, cookie, connection_properties, query_parameter or filter_state")
        }
        return nil
    }

    private mutating func cookie(_ proto: RouteActionProto.HashPolicy.Cookie) -> HashPolicy.Cookie {
        var cookie = HashPolicy.Cookie(
            name: proto.name, path: proto.path,
            attributes: proto.attributes.map { HashPolicy.Cookie.Attribute($0.name, $0.value) })
        if proto.hasTtl {
            // Envoy counts whole seconds.
            cookie.timeToLive = .seconds(duration(proto.ttl, at: "ttl").components.seconds)
        }
        return cookie
    }
}
