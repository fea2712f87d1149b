// Fairlead: texts that are compared byte by byte
// SPDX-License-Identifier: Apache-2.0

/// A text that equals only one with the same bytes.
///
/// `String` takes two texts for equal that mean the same to a reader (é as one scalar or as two). A router compares
/// bytes: paths, domains and patterns that only look alike are different ones, and must not share a place in a table.
package struct ExactText: Hashable, Sendable {
    /// The text.
    package let text: String

    /// `text`, to be compared by its bytes.
    package init(_ text: String) { self.text = text }

    /// Whether both have the same bytes.
    package static func == (left: ExactText, right: ExactText) -> Bool {
        Bytes.withBytes(of: left.text) { first in
            Bytes.withBytes(of: right.text) { second in first.elementsEqual(second) }
        }
    }

    /// Feeds the bytes into `hasher`.
    package func hash(into hasher: inout Hasher) {
        Bytes.withBytes(of: text) { bytes in
            unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        }
    }
}
