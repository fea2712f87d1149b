// Fairlead: tests of the JSON reader
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct JSONReaderTests {
    private func outline(_ text: String) throws -> String {
        try JSONReader.read(Array(text.utf8), limits: .standard).outline
    }

    private func fault(_ text: String) -> String? { fault(Array(text.utf8)) }

    private func fault(_ bytes: [UInt8]) -> String? {
        do {
            _ = try JSONReader.read(bytes, limits: .standard)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func everyKindOfValueIsRead() throws {
        #expect(
            try outline(#" {"a" : [1, -2.5e+10, true, false, null, "s"], "b": {}, "c": []} "#)
                == #"{"a": [1, -2.5e+10, yes, no, null, "s"], "b": {}, "c": []}"#)
        #expect(try outline("0") == "0")
        #expect(try outline(#""""#) == #""""#)
        #expect(try outline("[[],[[]],{}]") == "[[], [[]], {}]")
    }

    @Test func escapesAreUndone() throws {
        #expect(try outline(#""\"\\\/\b\f\n\r\t""#) == "\"\"\\/\u{8}\u{C}\n\r\t\"")
        #expect(try outline(#""\u0041\u00e9\u20AC\ud83d\uDE00\u0000x""#) == "\"Aé€😀\0x\"")
        #expect(try outline(#""a\u0062c""#) == #""abc""#)
    }

    @Test func everyNodeKnowsWhereItBegins() throws {
        let tree = try JSONReader.read(Array("{\r\n \"é\": \"ü\", \"x\":\r [1]\n}".utf8), limits: .standard)
        #expect(tree.nodes.map { "\($0.line):\($0.column)" } == ["1:1", "2:2", "2:7", "2:12", "3:2", "3:3"])
    }

    @Test func aByteOrderMarkIsPassedOver() throws {
        let tree = try JSONReader.read(Array("\u{FEFF}[1]".utf8), limits: .standard)
        #expect(tree.outline == "[1]")
        #expect(tree.nodes[0].column == 1)
    }

    @Test(arguments: [
        ("", "1:1: error: the text ends where a value should be [syntax]"),
        ("  \n ", "2:2: error: the text ends where a value should be [syntax]"),
        ("{", "1:2: error: the text ends where a key in double quotes should be [syntax]"),
        ("[1", "1:3: error: the text ends where ',' or ']' should be [syntax]"),
        ("[1,]", "1:4: error: ']' where a value should be [syntax]"),
        (#"{"a":1,}"#, "1:8: error: '}' where a key in double quotes should be [syntax]"),
        (#"{"a" 1}"#, "1:6: error: '1' where ':' should be [syntax]"),
        (#"{"a":1 "b":2}"#, "1:8: error: '\"' where ',' or '}' should be [syntax]"),
        ("{a:1}", "1:2: error: 'a' where a key in double quotes should be [syntax]"),
        ("{'a':1}", "1:2: error: ''' where a key in double quotes should be [syntax]"),
        ("[1}", "1:3: error: '}' where ',' or ']' should be [syntax]"),
        ("1 2", "1:3: error: '2' where the end should be [syntax]"),
        ("{}\n// c", "2:1: error: '/' where the end should be [syntax]"),
        ("tru", "1:1: error: 't' where a value should be [syntax]"),
        ("nul", "1:1: error: 'n' where a value should be [syntax]"),
        ("True", "1:1: error: 'T' where a value should be [syntax]"),
        ("NaN", "1:1: error: 'N' where a value should be [syntax]"),
        ("01", "1:2: error: '1' where the end should be [syntax]"),
        ("-", "1:2: error: the text ends where a digit should be [syntax]"),
        ("+1", "1:1: error: '+' where a value should be [syntax]"),
        (".5", "1:1: error: '.' where a value should be [syntax]"),
        ("5.", "1:3: error: the text ends where a digit should be [syntax]"),
        ("1e", "1:3: error: the text ends where a digit should be [syntax]"),
        (#""abc"#, "1:5: error: the text ends where '\"' should be [syntax]"),
        (#""ab\"#, "1:5: error: the text ends where an escape should be [syntax]"),
        (#""é\x""#, "1:3: error: there is no such escape [syntax]"),
        (#""\u12g4""#, "1:2: error: '\\u' needs four hexadecimal digits [syntax]"),
        (#""\ud800""#, "1:2: error: half of a surrogate pair [syntax]"),
        (#""\ud800\u0041""#, "1:2: error: half of a surrogate pair [syntax]"),
        (#""\udc00""#, "1:2: error: half of a surrogate pair [syntax]"),
        ("\"a\tb\"", "1:3: error: a control character in a string has to be escaped [syntax]"),
        ("[\u{1}]", "1:2: error: a character where a value should be [syntax]"),
    ])
    func whatIsNoJSONIsRefusedAtItsPlace(_ text: String, _ expected: String) {
        #expect(fault(text) == expected)
    }

    @Test func bytesThatAreNotUTF8HaveTheirPlace() {
        #expect(fault(Array("[\n\"é".utf8) + [0xC3, 0x28]) == "2:3: error: not UTF-8 [syntax]")
        #expect(fault([0x22, 0xED, 0xA0, 0x80, 0x22]) == "1:2: error: not UTF-8 [syntax]")
    }

    @Test func nestingIsLimited() {
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(fault(deep) == nil)
        #expect(fault("[" + deep + "]") == "1:101: error: nested deeper than 100 levels [limit-exceeded]")
        #expect(fault(String(repeating: "{\"a\":", count: 100_000))?.hasSuffix("[limit-exceeded]") == true)
    }
}
