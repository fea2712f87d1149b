// Fairlead: small values, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// A length of time.
    mutating func duration(_ proto: Google_Protobuf_Duration, at field: String) -> Duration {
        let isWell =
            abs(Int64(proto.nanos)) < 1_000_000_000 && proto.seconds.magnitude <= 315_576_000_000
            && (proto.seconds == 0 || proto.nanos == 0 || (proto.seconds < 0) == (proto.nanos < 0))
        guard isWell else {
            trail.error(.outOfRange, at: field, "is beyond what a duration holds")
            return .seconds(1)
        }
        return .seconds(proto.seconds) + .nanoseconds(Int64(proto.nanos))
    }

    /// A length of time where zero means for ever.
    mutating func limit(_ proto: Google_Protobuf_Duration, at field: String) -> Duration? {
        let value = duration(proto, at: field)
        return value == .zero ? nil : value
    }

    /// An enum's value, if the enum has it; a number that it does not have is reported.
    mutating func known<E: Enum & CaseIterable>(_ value: E, at field: String) -> Bool {
        if E.allCases.contains(value) { return true }
        trail.error(.unknownEnumValue, at: field, "\(value.rawValue) is none of its values")
        return false
    }

    /// A share of requests.
    mutating func fraction(_ proto: FractionalPercentProto) -> Fraction {
        guard known(proto.denominator, at: "denominator") else { return Fraction(100) }
        switch proto.denominator {
        case .tenThousand: return Fraction(proto.numerator, of: .tenThousand)
        case .million: return Fraction(proto.numerator, of: .million)
        default: return Fraction(proto.numerator, of: .hundred)
        }
    }

    /// A share of requests that can be changed while running.
    mutating func runtimeFraction(
        _ proto: RuntimeFractionalPercentProto, isActedOn: Bool = false
    ) -> RuntimeFraction {
        account(for: proto, .runtimeFractionalPercent)
        if !proto.hasDefaultValue { trail.error(.missingField, at: "default_value", "is missing") }
        if !proto.runtimeKey.isEmpty {
            if isActedOn { actedRuntimeKeys.insert(proto.runtimeKey) } else { runtimeKeys.insert(proto.runtimeKey) }
        }
        return RuntimeFraction(
            within("default_value") { $0.fraction(proto.defaultValue) }, runtimeKey: proto.runtimeKey)
    }

    /// Bytes that stand here or elsewhere.
    mutating func content(_ proto: DataSourceProto) -> [UInt8] {
        account(for: proto, .dataSource)
        switch proto.specifier {
        case .inlineString(let text)?: return Array(text.utf8)
        case .inlineBytes(let bytes)?: return Array(bytes)
        case .filename(let name)?:
            if let bytes = sources.file(name) { return bytes }
            trail.error(.unknownReference, at: "filename", "the file '\(name)' cannot be read")
        case .environmentVariable(let name)?:
            if let text = sources.environmentVariable(name) { return Array(text.utf8) }
            trail.error(.unknownReference, at: "environment_variable", "there is no environment variable '\(name)'")
        case nil: trail.error(.missingField, "must name a file, an environment variable or inline contents")
        }
        return []
    }

    /// A pattern's text.
    mutating func pattern(_ proto: RegexMatcherProto) -> String {
        account(for: proto, .regexMatcher)
        if proto.googleRe2.hasMaxProgramSize {
            trail.warning(
                .unsupported, at: "google_re2.max_program_size", "google_re2.max_program_size is not acted on yet")
        }
        return proto.regex
    }

    /// A pattern and what its matches become.
    mutating func substitution(_ proto: RegexMatchAndSubstituteProto) -> PatternSubstitution {
        account(for: proto, .regexMatchAndSubstitute)
        if !proto.hasPattern { trail.error(.missingField, at: "pattern", "is missing") }
        let pattern = proto.hasPattern ? within("pattern") { $0.pattern(proto.pattern) } : "."
        return PatternSubstitution(pattern: pattern, substitution: proto.substitution)
    }
}

extension FieldUse {
    static let runtimeFractionalPercent = FieldUse(
        RuntimeFractionalPercentProto.self, read: "default_value runtime_key")
    static let dataSource = FieldUse(
        DataSourceProto.self, read: "filename inline_bytes inline_string environment_variable")
    static let regexMatcher = FieldUse(RegexMatcherProto.self, read: "regex google_re2")
    static let regexMatchAndSubstitute = FieldUse(RegexMatchAndSubstituteProto.self, read: "pattern substitution")
}
