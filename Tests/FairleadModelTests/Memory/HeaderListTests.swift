// Fairlead: tests of header lists
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct HeaderListTests {
    static func lookUp<Result>(_ lines: [(String, String)], _ name: String, _ body: (HeaderList, Bytes) -> Result)
        -> Result
    {
        let request = Request(authority: "a", path: "/", headers: lines)
        return Bytes.withBytes(of: name) { body(request.view.headers, $0) }
    }

    @Test func namesAreFoundWhateverTheirCase() {
        for name in ["x-forwarded-proto", "X-FORWARDED-PROTO", "X-Forwarded-Proto"] {
            Self.lookUp([("a", "1"), (name, "https")], "x-forwarded-proto") { headers, wanted in
                #expect(headers.firstIndex(of: wanted) == 1)
                #expect(headers.first(wanted).string == "https")
            }
        }
    }

    @Test func repeatedHeadersAreFoundOneAfterTheOther() {
        Self.lookUp([("x", "1"), ("y", "2"), ("X", "3"), ("x", "4")], "x") { headers, wanted in
            var values: [String] = []
            var index = headers.firstIndex(of: wanted)
            while let line = index {
                values.append(headers[line].value.string)
                index = headers.firstIndex(of: wanted, from: line + 1)
            }
            #expect(values == ["1", "3", "4"])
            #expect(headers.first(wanted).string == "1")
        }
    }

    @Test func aHeaderThatIsNotThereIsMissingAndAnEmptyOneIsNot() {
        Self.lookUp([("x", "")], "x") { headers, wanted in
            #expect(!headers.first(wanted).isMissing)
            #expect(headers.first(wanted).isEmpty)
        }
        Self.lookUp([("xx", "1"), ("", "2")], "x") { headers, wanted in
            #expect(headers.first(wanted).isMissing)
            #expect(headers.firstIndex(of: wanted) == nil)
        }
    }

    @Test func searchFromBeyondEitherEndIsHarmless() {
        Self.lookUp([("x", "1")], "x") { headers, wanted in
            #expect(headers.firstIndex(of: wanted, from: 1) == nil)
            #expect(headers.firstIndex(of: wanted, from: 99) == nil)
            #expect(headers.firstIndex(of: wanted, from: -3) == 0)
        }
    }

    @Test func aListWithoutAddressIsEmpty() {
        let headers = HeaderList(start: nil, count: 3)
        #expect(headers.count == 0)
        Bytes.withBytes(of: "x") { #expect(headers.first($0).isMissing) }
    }
}
