// Fairlead: tests of the normal form of paths: all answers are those of Envoy 1.40
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

@Suite struct PathNormalFormTests {
    /// What `step` makes of a path, with room enough.
    static func result(_ path: String, _ step: (Bytes, inout OutputBuffer) -> Bytes?) -> String? {
        var result: String?
        _ = OutputBuffer.text { output in
            Bytes.withBytes(of: path) { bytes in result = step(bytes, &output)?.string }
        }
        return result
    }

    @Test(arguments: [
        ("/", "/"), ("//", "//"), ("/a//b", "/a//b"), ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/a/..", "/"),
        ("/a/.", "/a/"), ("/..", "/"), ("/../..", "/"), ("/../a", "/a"), ("/a/b/../../c", "/c"), ("/a//../b", "/a/b"),
        ("/a/%2e%2e/b", "/b"), ("/a/%2e/b", "/a/b"), ("/a/.%2E/b", "/b"), ("/a/%2e.", "/"), ("/a/..b", "/a/..b"),
        ("/a/...", "/a/..."), ("/.", "/"), ("/a\\b", "/a/b"), ("/a\\..\\b", "/b"), ("/a/..\\b", "/b"), ("/%2e", "/"),
        ("/a%2fb", "/a%2fb"), ("/a?x/../b", "/a?x/../b"), ("/a/..?q", "/?q"), ("/a%", "/a%"), ("/a%2", "/a%2"),
        ("/a%zz", "/a%zz"), ("/a%25%32%66b", "/a%252fb"), ("/%41%5a%7e%2D", "/AZ~-"), ("///..", "//"),
        ("/a///../b", "/a//b"), ("/a/b/c/./../../g", "/a/g"), ("/a[b]^c|{d}`e\"<>", "/a[b]%5Ec%7C%7Bd%7D%60e%22%3C%3E"),
        ("/a/%2e%2e%2fb", "/a/..%2fb"), ("/a/..;/b", "/b"), ("/a/..;x/b", "/b"), ("/a/.;x=1/b", "/a/b"),
        ("/a/..;", "/"), ("/a/.;x", "/a/"), ("/a/%2e%2e;x/b", "/a/..;x/b"), ("/a/...;/b", "/a/...;/b"),
        ("/a/..%3b/b", "/a/..%3b/b"), ("/a/;/b", "/a/;/b"), ("/a/..;x\\b", "/"), ("/a/..;%2f/b", "/b"),
        ("/a;x/..;y/b", "/b"), ("/a/..a;/b", "/a/..a;/b"), ("/a/%2e;/b", "/a/.;/b"), ("/a/..;x?q", "/?q"),
        ("/%6%31x", "/%2561x"), ("/%%361a", "/%2561a"), ("/%%36z", "/%6z"), ("/%%36", "/%6"), ("/%%%36%31", "/%%2561"),
        ("/%a%41", "/%25aA"), ("/%g%41", "/%gA"), ("/%6%31%6%31", "/%2561%2561"), ("/%2%46..", "/%252F.."),
        ("/%%32f", "/%252f"), ("/%6%2e", "/%6."), ("/%%36%2f", "/%6%2f"), ("/%%36?1", "/%6?1"),
        ("/a%c3%a9", "/a%c3%a9"), ("/a%", "/a%"), ("/\\\\a", "///a"),
    ])
    func dotsAndEscapesAreResolved(path: String, expected: String) {
        #expect(Self.result(path) { PathNormalForm.normalized($0, &$1) } == expected)
    }

    @Test func anEscapedNULIsRefused() {
        #expect(Self.result("/a%00b") { PathNormalForm.normalized($0, &$1) } == nil)
        #expect(Self.result("/a?b%00") { PathNormalForm.normalized($0, &$1) } == "/a?b%00")
    }

    @Test(arguments: [
        ("/", "/"), ("//", "//"), ("///", "//"), ("/a//b", "/a/b"), ("/a//", "/a/"), ("//a", "/a"), ("//a//", "/a/"),
        ("/a//?//", "/a/?//"), ("/a?b//c", "/a?b//c"), ("/a..//", "/a../"), ("/a", "/a"), ("//?", "//?"),
    ])
    func slashesAreMerged(path: String, expected: String) {
        #expect(Self.result(path) { PathNormalForm.mergingSlashes($0, &$1) } == expected)
    }

    @Test(arguments: [
        ("/a%2fb", "/a/b"), ("/a%2Fb%5c%5C", "/a/b\\\\"), ("/a%2f?%2f", "/a/?%2f"), ("/a%2%2f", "/a%2/"),
        ("/%2f", "//"),
        ("/a", nil), ("/a?%2f", nil), ("/a%2", nil), ("/a%252f", nil), ("/a%2?f", nil), ("/a%5", nil),
    ])
    func slashesAreUnescaped(path: String, expected: String?) {
        #expect(Self.result(path) { PathNormalForm.unescapingSlashes($0, &$1) } == expected)
    }

    /// A path whose form needs far more room than there is tells so and touches nothing else.
    @Test func withoutRoomItOnlyTellsWhatItNeeds() {
        var memory = [UInt8](repeating: 7, count: 4)
        OutputBuffer.collect(into: &memory) { output in
            Bytes.withBytes(of: "/a/../" + String(repeating: "|", count: 400)) { bytes in
                _ = PathNormalForm.normalized(bytes, &output)
                #expect(output.fits == (output.capacity >= bytes.count * 3))
            }
        }
    }
}
