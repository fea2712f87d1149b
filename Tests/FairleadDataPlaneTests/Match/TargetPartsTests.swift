// Fairlead: tests of cutting a request's target
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

@Suite struct TargetPartsTests {
    static let targets: [(String, path: String, query: String?)] = [
        ("/", "/", nil), ("", "", nil), ("/a/b", "/a/b", nil), ("/a?b=c", "/a", "b=c"), ("/a?", "/a", ""),
        ("/a#f", "/a", nil), ("/a?b#f", "/a", "b"), ("/a?b#f?g", "/a", "b"), ("/a#f?b", "/a", nil), ("?b", "", "b"),
        ("#", "", nil), ("/a?b?c", "/a", "b?c"), ("/a;p=1?b", "/a;p=1", "b"), ("*", "*", nil),
    ]

    @Test(arguments: targets)
    func theTargetIsCutAtQueryAndFragment(target: String, path: String, query: String?) {
        Bytes.withBytes(of: target) { target in
            let parts = TargetParts(target)
            #expect(parts.path.string == path)
            #expect(!parts.path.isMissing)
            #expect(parts.query.isMissing == (query == nil))
            #expect(parts.query.string == query ?? "")
        }
    }

    @Test func aMissingTargetHasNoPath() {
        let parts = TargetParts(.missing)
        #expect(parts.path.isMissing)
        #expect(parts.query.isMissing)
        #expect(!parts.hasParameters)
    }

    static let pathsWithParameters = [
        ("/a;b/c", "/a/c"), ("/a", "/a"), (";", ""), ("/a?b;c", "/a"), ("/a/;x;y", "/a/"), ("/a;x/b;y=1;z/c", "/a/b/c"),
        (";x/y", "/y"), ("/a;/b", "/a/b"), ("", ""),
    ]

    @Test(arguments: pathsWithParameters)
    func parametersCanBeLeftOutOfEachSegment(target: String, path: String) {
        Bytes.withBytes(of: target) { target in
            let parts = TargetParts(target)
            #expect(parts.withoutParameters { $0.isMissing ? "-" : $0.string } == path)
            #expect(parts.hasParameters == (parts.path.string != path))
        }
    }

    @Test func longPathsWithParametersAreCutToo() {
        let segments = (0..<500).map { "/segment\($0)" }
        Bytes.withBytes(of: segments.map { $0 + ";parameter=1" }.joined()) { target in
            let path = TargetParts(target).withoutParameters { $0.string }
            #expect(path == segments.joined())
        }
    }

    static let parameters: [(String, name: String, value: String?)] = [
        ("/?k=v", "k", "v"), ("/?k=v", "v", nil), ("/?k", "k", ""), ("/?k=", "k", ""), ("/", "k", nil),
        ("/?", "k", nil),
        ("/?a&k=1&k=2", "k", "1"), ("/?kk=1&k=2", "k", "2"), ("/?k=a=b", "k", "a=b"), ("/?K=1", "k", nil),
        ("/?%6b=v", "k", nil), ("/?k=%76", "k", "%76"), ("/?a=b#&k=1", "k", nil), ("/?&&k=1&", "k", "1"),
        ("/?k=1#x", "k", "1"), ("/?=v", "", "v"), ("/?a?k=1", "k", nil), ("/?a;k=1", "k", nil), ("/?k+l=1", "k l", nil),
    ]

    @Test(arguments: parameters)
    func theFirstValueOfAParameterIsFoundUndecoded(target: String, name: String, value: String?) {
        Bytes.withBytes(of: target) { target in
            Bytes.withBytes(of: name) { name in
                let found = TargetParts(target).parameter(name)
                #expect(found.isMissing == (value == nil))
                #expect(found.string == value ?? "")
            }
        }
    }
}
