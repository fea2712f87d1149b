// Fairlead: tests of queries whose percent escapes are read
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

@Suite struct DecodedQueryTests {
    @Test(arguments: [
        ("/?k=v", "v"), ("/?K=v", nil), ("/?%6b=v", "v"), ("/?%6B=v&k=w", "v"), ("/?k", ""), ("/?k=", ""),
        ("/?a=b&&k=%41#k=z", "%41"), ("/k=v", nil), ("/?", nil), ("", nil), ("/?%=1&k%=2&k=3", "3"),
    ])
    func namesAreDecodedAndValuesAreNot(_ target: String, _ expected: String?) {
        Bytes.withBytes(of: target) { target in
            Bytes.withBytes(of: "k") { name in
                let value = DecodedQuery(target).encodedValue(of: name)
                #expect(value.isMissing == (expected == nil))
                #expect(value.string == expected ?? "")
            }
        }
    }
}
