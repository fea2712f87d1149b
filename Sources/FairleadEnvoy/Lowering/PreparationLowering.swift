// Fairlead: what a connection manager does before routing, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// What is done to requests before they are routed.
    mutating func preparation(_ proto: HttpConnectionManagerProto) -> PreparationRules {
        var rules = PreparationRules()
        rules.normalizesPath = proto.normalizePath.value
        rules.mergesSlashes = proto.mergeSlashes
        if known(proto.pathWithEscapedSlashesAction, at: "path_with_escaped_slashes_action") {
            switch proto.pathWithEscapedSlashesAction {
            case .rejectRequest: rules.escapedSlashes = .refuse
            case .unescapeAndRedirect: rules.escapedSlashes = .unescapeAndRedirect
            case .unescapeAndForward: rules.escapedSlashes = .unescape
            default: break
            }
        }
        rules.stripsTrailingHostDot = proto.stripTrailingHostDot
        rules.stripsAnyHostPort = proto.stripAnyHostPort
        rules.stripsMatchingHostPort = proto.stripMatchingHostPort
        if proto.stripAnyHostPort, proto.stripMatchingHostPort {
            trail.error(
                .oneofConflict, at: "strip_any_host_port",
                "Error: Only one of `strip_matching_host_port` or `strip_any_host_port` can be set.")
        }
        rules.usesRemoteAddress = proto.useRemoteAddress.value
        rules.skipsForwardedFor = proto.skipXffAppend
        rules.trustedHops = proto.xffNumTrustedHops
        if proto.hasSchemeHeaderTransformation {
            within("scheme_header_transformation") { lowering in
                rules.scheme = lowering.scheme(proto.schemeHeaderTransformation)
            }
        }
        if proto.hasInternalAddressConfig {
            rules.internalAddresses = within("internal_address_config") { $0.inside(proto.internalAddressConfig) }
        }
        return rules
    }

    private mutating func scheme(_ proto: SchemeHeaderTransformationProto) -> PreparationRules.Scheme? {
        account(for: proto, .schemeHeaderTransformation)
        guard case .schemeToOverwrite(let name)? = proto.transformation else { return nil }
        switch name {
        case "http": return .http
        case "https": return .https
        default:
            trail.error(
                .invalidValue, at: "scheme_to_overwrite", "value must be in list [http https], and it is '\(name)'")
            return nil
        }
    }

    private mutating func inside(_ proto: HttpConnectionManagerProto.InternalAddressConfig) -> InternalAddresses {
        let ranges = each("cidr_ranges", proto.cidrRanges) { $0.range($1) }
        return InternalAddresses(ranges: ranges.compactMap { $0 }, includesUnixSockets: proto.unixSockets)
    }

    /// A range of addresses; `nil`, and reported, when there is none such.
    mutating func range(_ proto: CoreCidrRangeProto) -> IPRange? {
        guard let address = IPAddress(proto.addressPrefix) else {
            trail.error(.invalidValue, at: "address_prefix", "malformed IP address: \(proto.addressPrefix)")
            return nil
        }
        let length = Int(proto.prefixLen.value)
        guard length <= 128 else {
            trail.error(.outOfRange, at: "prefix_len", "value must be less than or equal to 128")
            return nil
        }
        return IPRange(address, length: length)
    }
}

extension HttpConnectionManagerProto {
    /// Says in `self` what `rules` say.
    mutating func set(_ rules: PreparationRules) {
        if rules.normalizesPath { normalizePath = Google_Protobuf_BoolValue(true) }
        mergeSlashes = rules.mergesSlashes
        pathWithEscapedSlashesAction =
            switch rules.escapedSlashes {
            case .keep: .implementationSpecificDefault
            case .refuse: .rejectRequest
            case .unescapeAndRedirect: .unescapeAndRedirect
            case .unescape: .unescapeAndForward
            }
        stripTrailingHostDot = rules.stripsTrailingHostDot
        if rules.stripsAnyHostPort { stripAnyHostPort = true }
        stripMatchingHostPort = rules.stripsMatchingHostPort
        if rules.usesRemoteAddress { useRemoteAddress = Google_Protobuf_BoolValue(true) }
        skipXffAppend = rules.skipsForwardedFor
        xffNumTrustedHops = rules.trustedHops
        if let scheme = rules.scheme {
            schemeHeaderTransformation.schemeToOverwrite = scheme == .https ? "https" : "http"
        }
        if let inside = rules.internalAddresses {
            internalAddressConfig.unixSockets = inside.includesUnixSockets
            internalAddressConfig.cidrRanges = inside.ranges.map { CoreCidrRangeProto($0) }
        }
    }
}

extension CoreCidrRangeProto {
    /// The message that lowers to `range`.
    init(_ range: IPRange) {
        self.init()
        addressPrefix = range.first.text
        prefixLen = Google_Protobuf_UInt32Value(UInt32(range.length))
    }
}

extension FieldUse {
    static let schemeHeaderTransformation = FieldUse(
        SchemeHeaderTransformationProto.self, read: "scheme_to_overwrite")
}
