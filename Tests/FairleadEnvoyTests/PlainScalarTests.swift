// Fairlead: tests of plain YAML scalars
// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct PlainScalarTests {
    private func meaning(_ text: String, isTagged: Bool = false) -> PlainScalar.Meaning {
        PlainScalar.meaning(of: Array(text.utf8), isTagged: isTagged)
    }

    /// What Envoy 1.40 made of each scalar as a `google.protobuf.Value` in `node.metadata`.
    @Test func envoyReadsEveryScalarTheSameWay() throws {
        let vectors = try vectors("plain-scalars")
        #expect(vectors.count > 50)
        for vector in vectors {
            let written = vector["scalar"].stringValue
            let node: Envoy_Config_Core_V3_Node = try decode("metadata: {x: \(written)}")
            #expect(node.metadata.fields["x"] == vector["value"], "\(written)")
        }
    }

    @Test func integersBeyondThirtyTwoBitsAreText() {
        #expect(meaning("2147483647") == .init(.number))
        #expect(meaning("2147483648") == .init(.text))
        #expect(meaning("-2147483648") == .init(.number, "-2147483648"))
        #expect(meaning("-2147483649") == .init(.text, "-2147483649"))
        #expect(meaning("0xFFFFFFFFFF") == .init(.text, "1099511627775"))
        #expect(meaning("9223372036854775808") == .init(.text))
    }

    @Test func aTagKeepsAScalarFromBeingNull() {
        #expect(meaning("") == .init(.null))
        #expect(meaning("", isTagged: true) == .init(.text))
        #expect(meaning("~", isTagged: true) == .init(.text))
        #expect(meaning("null", isTagged: true) == .init(.text))
    }
}
