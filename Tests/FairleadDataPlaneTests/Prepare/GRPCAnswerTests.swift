// Fairlead: tests of answers to gRPC requests: all are those of Envoy 1.40
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

@Suite struct GRPCAnswerTests {
    @Test func aStatusIsMappedAsGRPCMapsIt() {
        let known: [UInt16: UInt8] = [400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14]
        for status in UInt16(200)..<600 { #expect(GRPCAnswer.status(http: status) == known[status] ?? 2) }
    }

    @Test func aMessageIsEscaped() {
        let text = OutputBuffer.text { output in
            Bytes.withBytes(of: "a b%é\n~") { GRPCAnswer.writeMessage($0, into: &output) }
        }
        #expect(text == "a b%25%C3%A9%0A%7E")
    }
}
