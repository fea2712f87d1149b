// Fairlead: conditions on cookies, on the connection and on what filters know, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import SwiftProtobuf

extension RouteMatchProto {
    /// Sets what lowers to the conditions of `match` beyond path, headers and query.
    mutating func raiseConditions(of match: RouteMatch) {
        cookies = match.cookies.map { matcher in
            var message = CookieMatcherProto()
            message.name = matcher.name
            message.stringMatch = StringMatcherProto(matcher.value)
            message.invertMatch = matcher.isInverted
            return message
        }
        if let isPresented = match.tlsContext.isPresented {
            tlsContext.presented = Google_Protobuf_BoolValue(isPresented)
        }
        if let isValidated = match.tlsContext.isValidated {
            tlsContext.validated = Google_Protobuf_BoolValue(isValidated)
        }
        dynamicMetadata = match.dynamicMetadata.map { matcher in
            var message = MetadataMatcherProto()
            message.filter = matcher.filter
            message.path = matcher.path.map { key in
                var segment = MetadataMatcherProto.PathSegment()
                segment.key = key
                return segment
            }
            message.value = ValueMatcherProto(matcher.value)
            message.invert = matcher.isInverted
            return message
        }
        filterState = match.filterState.map { FilterStateMatcherProto($0) }
    }
}

extension FilterStateMatcherProto {
    /// The message that lowers to `matcher`.
    init(_ matcher: FilterStateMatcher) {
        self.init()
        key = matcher.key
        switch matcher.rule {
        case .text(let condition): stringMatch = StringMatcherProto(condition)
        case .address(let ranges, let isInverted):
            addressMatch.ranges = ranges.map { CidrRangeProto($0) }
            addressMatch.invertMatch = isInverted
        }
    }
}

extension ValueMatcherProto {
    /// The message that lowers to `matcher`.
    init(_ matcher: ValueMatcher) {
        self.init()
        switch matcher {
        case .null: nullMatch = NullMatch()
        case .bool(let value): boolMatch = value
        case .number(let number): doubleMatch.exact = number
        case .range(let start, let end):
            doubleMatch.range.start = start
            doubleMatch.range.end = end
        case .text(let condition): stringMatch = StringMatcherProto(condition)
        case .present(let value): presentMatch = value
        case .oneOf(let inner): listMatch.oneOf = ValueMatcherProto(inner)
        case .any(let matchers): orMatch.valueMatchers = matchers.map { ValueMatcherProto($0) }
        }
    }
}

extension CidrRangeProto {
    /// The message that lowers to `range`.
    init(_ range: AddressRange) {
        self.init()
        addressPrefix = range.address
        prefixLen = Google_Protobuf_UInt32Value(range.length)
    }
}
