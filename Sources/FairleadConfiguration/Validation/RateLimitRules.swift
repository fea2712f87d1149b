// Fairlead: rules for what a rate limit service is asked
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// A rule that makes a descriptor.
    mutating func check(_ limit: RateLimit) {
        if limit.stage > RateLimit.maximumStage {
            error(.invalidValue, at: "stage", "must not be more than \(RateLimit.maximumStage)")
        }
        if limit.actions.isEmpty { error(.invalidValue, at: "actions", "must hold at least one action") }
        each("actions", limit.actions) { $0.check($1) }
        guard let place = limit.limit else { return }
        within("limit") { walk in walk.within("dynamic_metadata") { $0.check(place) } }
    }

    private mutating func check(_ action: RateLimit.Action) {
        switch action {
        case .sourceCluster, .destinationCluster, .remoteAddress: break
        case .requestHeader(let name, let key, _):
            enter("request_headers")
            checkHeaderName(name, at: "header_name")
            requireText(key, at: "descriptor_key")
            leave()
        case .queryParameter(let name, let key, _):
            enter("query_parameters")
            requireText(name, at: "query_parameter_name")
            requireText(key, at: "descriptor_key")
            leave()
        case .maskedRemoteAddress(let version4, let version6):
            enter("masked_remote_address")
            if version4 > 32 { error(.invalidValue, at: "v4_prefix_mask_len", "must not be more than 32") }
            if version6 > 128 { error(.invalidValue, at: "v6_prefix_mask_len", "must not be more than 128") }
            leave()
        case .fixed(let key, let value):
            enter("generic_key")
            requireText(key, at: "descriptor_key")
            requireText(value, at: "descriptor_value")
            leave()
        case .headerMatch(let key, let value, _, let headers):
            enter("header_value_match")
            requireText(key, at: "descriptor_key")
            requireText(value, at: "descriptor_value")
            if headers.isEmpty { error(.invalidValue, at: "headers", "must hold at least one condition") }
            each("headers", headers) { $0.check($1) }
            leave()
        case .queryParameterMatch(let key, let value, _, let parameters):
            enter("query_parameter_value_match")
            requireText(key, at: "descriptor_key")
            requireText(value, at: "descriptor_value")
            if parameters.isEmpty { error(.invalidValue, at: "query_parameters", "must hold at least one condition") }
            each("query_parameters", parameters) { $0.check($1) }
            leave()
        case .metadata(let source):
            enter("metadata")
            requireText(source.key, at: "descriptor_key")
            check(source.place)
            leave()
        }
    }

    private mutating func check(_ place: RateLimit.MetadataPlace) {
        enter("metadata_key")
        requireText(place.filter, at: "key")
        if place.path.isEmpty { error(.invalidValue, at: "path", "must name at least one key") }
        each("path", place.path) { $0.requireText($1, at: "key") }
        leave()
    }
}
