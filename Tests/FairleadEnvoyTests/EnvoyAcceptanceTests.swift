// Fairlead: tests that Envoy and Fairlead take and refuse the same texts
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

/// Each vector is a bootstrap and whether Envoy 1.40 could read it; `departure` says why Fairlead answers the opposite.
@Suite struct EnvoyAcceptanceTests {
    @Test func everyTextIsTakenOrRefusedAsByEnvoy() throws {
        let vectors = try vectors("acceptance")
        #expect(vectors.count > 300)
        for vector in vectors {
            let format: DocumentFormat = vector["format"].stringValue == "json" ? .json : .yaml
            let document = read(vector["text"].stringValue, as: bootstrap, format, isStrict: true)
            let expected = vector["accepted"].boolValue == vector["departure"].stringValue.isEmpty
            #expect(
                document.isValid == expected, "\(vector["text"].stringValue) \(document.problems.map(\.description))")
        }
    }
}
