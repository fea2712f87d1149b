// Fairlead: rules for conditions on cookies and on what filters know
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// The deepest that conditions on values may be nested.
    private static let maximumNesting = 32

    /// The conditions of a match on cookies, dynamic metadata and filter state.
    mutating func checkConditions(of match: RouteMatch) {
        each("cookies", match.cookies) { walk, cookie in
            walk.requireText(cookie.name, at: "name")
            walk.within("string_match") { $0.check(cookie.value) }
        }
        each("dynamic_metadata", match.dynamicMetadata) { walk, metadata in
            walk.requireText(metadata.filter, at: "filter")
            if metadata.path.isEmpty { walk.error(.invalidValue, at: "path", "must name at least one key") }
            walk.each("path", metadata.path) { $0.requireText($1, at: "key") }
            walk.within("value") { $0.check(metadata.value) }
        }
        each("filter_state", match.filterState) { walk, state in
            walk.requireText(state.key, at: "key")
            switch state.rule {
            case .text(let matcher): walk.within("string_match") { $0.check(matcher) }
            case .address(let ranges, _):
                walk.within("address_match") { walk in walk.each("ranges", ranges) { $0.check($1) } }
            }
        }
    }

    /// A range of addresses.
    mutating func check(_ range: AddressRange) {
        requireText(range.address, at: "address_prefix")
        if !range.address.isEmpty, Bytes.withBytes(of: range.address, { IPAddress($0) }) == nil {
            error(.invalidValue, at: "address_prefix", "malformed IP address: \(range.address)")
        }
        if range.length > 128 { error(.invalidValue, at: "prefix_len", "must not be more than 128") }
    }

    private mutating func check(_ matcher: ValueMatcher, depth: Int = 0) {
        guard depth < ProblemTrail.maximumNesting else {
            return error(.limitExceeded, "nested deeper than \(ProblemTrail.maximumNesting)")
        }
        switch matcher {
        case .null, .bool, .number, .range, .present: break
        case .text(let matcher): within("string_match") { $0.check(matcher) }
        case .oneOf(let inner):
            within("list_match") { walk in walk.within("one_of") { $0.check(inner, depth: depth + 1) } }
        case .any(let matchers):
            within("or_match") { walk in
                if matchers.count < 2 {
                    walk.error(.invalidValue, at: "value_matchers", "must hold at least two conditions")
                }
                walk.each("value_matchers", matchers) { $0.check($1, depth: depth + 1) }
            }
        }
    }
}
