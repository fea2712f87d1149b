// Fairlead: rules for single values
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// The rules that hold for a text or a length of time wherever it stands.
extension ProblemTrail {
    /// The most bytes of a header's name or value in a configuration.
    private static let maximumHeaderBytes = 16_384

    /// A text that has to hold something.
    mutating func requireText(_ text: String, at field: String, index: Int = -1) {
        if text.isEmpty { error(.invalidValue, at: field, index: index, "must not be empty") }
    }

    /// A header's name where a request is only looked at.
    mutating func checkHeaderName(_ name: String, at field: String, index: Int = -1, allowsEmpty: Bool = false) {
        if !allowsEmpty { requireText(name, at: field, index: index) }
        checkHeaderBytes(name, at: field, index: index, what: "header name")
    }

    /// A text that ends up as a header's value.
    mutating func checkHeaderValue(_ value: String, at field: String, index: Int = -1) {
        checkHeaderBytes(value, at: field, index: index, what: "header value")
    }

    private mutating func checkHeaderBytes(_ text: String, at field: String, index: Int, what: String) {
        if text.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) {
            error(.invalidValue, at: field, index: index, "a \(what) must not hold NUL, CR or LF")
        }
        if text.utf8.count > ProblemTrail.maximumHeaderBytes {
            error(
                .invalidValue, at: field, index: index,
                "a \(what) of \(text.utf8.count) bytes; at most \(ProblemTrail.maximumHeaderBytes) are allowed")
        }
    }

    /// A length of time that must not be negative; zero has a meaning of its own.
    mutating func checkNotNegative(_ duration: Duration?, at field: String) {
        guard let duration else { return }
        if duration < .zero {
            error(.invalidValue, at: field, "must not be negative")
        } else if duration.wholeNanoseconds > UInt64(Int64.max) {
            error(.invalidValue, at: field, "is longer than 292 years")
        }
    }

    /// A length of time that has to be longer than zero.
    mutating func checkPositive(_ duration: Duration?, at field: String) {
        guard let duration else { return }
        if duration <= .zero {
            error(.invalidValue, at: field, "must be greater than zero")
        } else {
            checkNotNegative(duration, at: field)
        }
    }

    /// A pattern; whether the pattern engine can read it is for the engine to say.
    mutating func checkPattern(_ pattern: String, at field: String) {
        enter(field)
        requireText(pattern, at: "regex")
        leave()
    }

    /// A pattern with what its matches become.
    mutating func check(_ substitution: PatternSubstitution, at field: String) {
        enter(field)
        checkPattern(substitution.pattern, at: "pattern")
        checkHeaderValue(substitution.substitution, at: "substitution")
        leave()
    }

    /// Metadata: every filter has a name.
    mutating func check(_ metadata: Metadata, at field: String) {
        for filter in metadata.filters where filter.name.isEmpty {
            enter(field)
            error(.invalidValue, at: "filter_metadata", "a filter's name must not be empty")
            leave()
        }
    }
}
