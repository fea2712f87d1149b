// Fairlead: what a route matches, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import SwiftProtobuf

extension RouteMatchProto {
    /// The message that lowers to `match`.
    init(_ match: RouteMatch) {
        self.init()
        switch match.path {
        case .prefix(let text): prefix = text
        case .exact(let text): path = text
        case .separatedPrefix(let text): pathSeparatedPrefix = text
        case .pattern(let pattern): safeRegex = RegexMatcherProto(pattern)
        case .connect: connectMatcher = ConnectMatcher()
        case .template(let template): pathMatchPolicy = TypedExtensionConfigProto(matching: template)
        }
        if !match.isCaseSensitive { caseSensitive = Google_Protobuf_BoolValue(false) }
        headers = match.headers.map { HeaderMatcherProto($0) }
        queryParameters = match.queryParameters.map { QueryParameterMatcherProto($0) }
        if let fraction = match.fraction { runtimeFraction = RuntimeFractionalPercentProto(fraction) }
        if match.matchesGRPCOnly { grpc = GrpcRouteMatchOptions() }
        raiseConditions(of: match)
    }
}

extension HeaderMatcherProto {
    /// The message that lowers to `matcher`.
    init(_ matcher: HeaderMatcher) {
        self.init()
        name = matcher.name
        switch matcher.rule {
        case .present(let isPresent): presentMatch = isPresent
        case .text(let condition): stringMatch = StringMatcherProto(condition)
        case .range(let start, let end):
            rangeMatch = Envoy_Type_V3_Int64Range()
            rangeMatch.start = start
            rangeMatch.end = end
        }
        invertMatch = matcher.isInverted
        treatMissingHeaderAsEmpty = matcher.treatsMissingAsEmpty
    }
}

extension QueryParameterMatcherProto {
    /// The message that lowers to `matcher`.
    init(_ matcher: QueryParameterMatcher) {
        self.init()
        name = matcher.name
        switch matcher.rule {
        case .present(let isPresent): presentMatch = isPresent
        case .text(let condition): stringMatch = StringMatcherProto(condition)
        }
    }
}

extension StringMatcherProto {
    /// The message that lowers to `matcher`.
    init(_ matcher: StringMatcher) {
        self.init()
        switch matcher.rule {
        case .exact(let text): exact = text
        case .prefix(let text): prefix = text
        case .suffix(let text): suffix = text
        case .contains(let text): contains = text
        case .pattern(let pattern): safeRegex = RegexMatcherProto(pattern)
        }
        ignoreCase = matcher.ignoresCase
    }
}
