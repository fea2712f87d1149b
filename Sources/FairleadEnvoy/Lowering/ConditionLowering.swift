// Fairlead: conditions on cookies, on the connection and on what filters know, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// The conditions of a match beyond path, headers and query.
    mutating func lowerConditions(of proto: RouteMatchProto, into match: inout RouteMatch) {
        let tls = proto.tlsContext
        match.tlsContext = TLSContextMatcher(
            isPresented: tls.hasPresented ? tls.presented.value : nil,
            isValidated: tls.hasValidated ? tls.validated.value : nil)
        match.cookies = each("cookies", proto.cookies) { lowering, cookie in
            if !cookie.hasStringMatch { lowering.trail.error(.missingField, at: "string_match", "is missing") }
            let value =
                cookie.hasStringMatch
                ? lowering.within("string_match") { $0.matcher(cookie.stringMatch) } : StringMatcher(.exact(""))
            return CookieMatcher(cookie.name, value, isInverted: cookie.invertMatch)
        }
        match.dynamicMetadata = each("dynamic_metadata", proto.dynamicMetadata) { $0.metadataMatcher($1) }
        match.filterState = each("filter_state", proto.filterState) { $0.filterStateMatcher($1) }
    }

    private mutating func metadataMatcher(_ proto: MetadataMatcherProto) -> MetadataMatcher {
        if !proto.hasValue { trail.error(.missingField, at: "value", "is missing") }
        let value = proto.hasValue ? within("value") { $0.valueMatcher(proto.value) } : .null
        return MetadataMatcher(proto.filter, path: proto.path.map { $0.key }, value, isInverted: proto.invert)
    }

    private mutating func valueMatcher(_ proto: ValueMatcherProto) -> ValueMatcher {
        switch proto.matchPattern {
        case .nullMatch?: return .null
        case .boolMatch(let value)?: return .bool(value)
        case .presentMatch(let value)?: return .present(value)
        case .doubleMatch(let matcher)?:
            switch matcher.matchPattern {
            case .exact(let number)?: return .number(number)
            case .range(let range)?: return .range(start: range.start, end: range.end)
            case nil: trail.error(.missingField, at: "double_match", "must hold range or exact")
            }
        case .stringMatch(let matcher)?: return .text(within("string_match") { $0.matcher(matcher) })
        case .listMatch(let list)?:
            if case .oneOf(let inner)? = list.matchPattern {
                return .oneOf(within("list_match") { $0.within("one_of") { $0.valueMatcher(inner) } })
            }
            trail.error(.missingField, at: "list_match", "must hold one_of")
        case .orMatch(let matchers)?:
            return .any(
                within("or_match") { $0.each("value_matchers", matchers.valueMatchers) { $0.valueMatcher($1) } })
        case nil: trail.error(.missingField, "must hold a condition")
        }
        return .null
    }

    private mutating func filterStateMatcher(_ proto: FilterStateMatcherProto) -> FilterStateMatcher {
        switch proto.matcher {
        case .stringMatch(let matcher)?:
            return FilterStateMatcher(proto.key, .text(within("string_match") { $0.matcher(matcher) }))
        case .addressMatch(let matcher)?:
            return FilterStateMatcher(
                proto.key, .address(matcher.ranges.map { AddressRange($0) }, isInverted: matcher.invertMatch))
        case nil:
            trail.error(.missingField, "must hold string_match or address_match")
            return FilterStateMatcher(proto.key, .text(StringMatcher(.exact(""))))
        }
    }
}

extension AddressRange {
    /// The range that `proto` describes; without a length it holds all addresses.
    init(_ proto: CidrRangeProto) {
        self.init(proto.addressPrefix, length: proto.hasPrefixLen ? proto.prefixLen.value : 0)
    }
}
