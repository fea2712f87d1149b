// Fairlead: tests of paths through messages
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FairleadEnvoy

@Suite struct ProtoPathTests {
    @Test(
        arguments: [
            ("", []), ("node", [.field("node")]), ("a.b_c.d", [.field("a"), .field("b_c"), .field("d")]),
            ("clusters[3].endpoints[0]", [.field("clusters"), .index(3), .field("endpoints"), .index(0)]),
            (#"m["a.b"].c"#, [.field("m"), .key("a.b"), .field("c")]),
            (#"m["a\"]\\"]["x"][1]"#, [.field("m"), .key(#"a"]\"#), .key("x"), .index(1)]),
            (#"m[""]"#, [.field("m"), .key("")]), (#"m["é😀"]"#, [.field("m"), .key("é😀")]), ("[0]", [.index(0)]),
        ] as [(String, [ProtoPath.Step])])
    func aPathIsWhatItSpells(_ text: String, _ steps: [ProtoPath.Step]) {
        #expect(ProtoPath(parsing: text) == ProtoPath(steps))
        #expect(ProtoPath(steps).description == text)
    }

    @Test(arguments: [
        ".", "a.", "a..b", ".a", "a[", "a[]", "a[x]", "a[-1]", "a[1", "a[1]b", "a[\"x]", "a[\"x\"", "a[\"x\"y]",
    ])
    func otherTextsAreNoPaths(_ text: String) {
        #expect(ProtoPath(parsing: text) == nil)
    }
}
