// Fairlead: tests of the YAML reader
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct YAMLReaderTests {
    private func outline(_ text: String) throws -> String {
        try YAMLReader.read(Array(text.utf8), limits: .standard).outline
    }

    private func fault(_ text: String) -> String? { fault(Array(text.utf8)) }

    private func fault(_ bytes: [UInt8], limits: TextLimits = .standard) -> String? {
        do {
            _ = try YAMLReader.read(bytes, limits: limits)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func sequencesMappingsAndScalarsBecomeATree() throws {
        #expect(try outline("a: [1, 'b', null]\nc:\n  - d: true\n") == #"{"a": [1, "b", null], "c": [{"d": yes}]}"#)
    }

    @Test func anEmptyStreamIsNull() throws {
        #expect(try outline("") == "null")
        #expect(try outline("# only a comment\n") == "null")
        #expect(try outline("---\n...\n") == "null")
    }

    @Test func aValueLeftOutIsNull() throws {
        #expect(try outline("a:\nb: ~\n") == #"{"a": null, "b": null}"#)
    }

    @Test func everyNodeKnowsWhereItBegins() throws {
        let tree = try YAMLReader.read(Array("a:\n  - é: b\n    c: 'd'\n".utf8), limits: .standard)
        let places = tree.nodes.map { "\($0.line):\($0.column)" }
        #expect(places == ["1:1", "1:1", "2:3", "2:5", "2:5", "2:8", "3:5", "3:8"])
    }

    @Test func quotedAndBlockScalarsAreText() throws {
        #expect(try outline("[\"1\", 'true', '']") == #"["1", "true", ""]"#)
        #expect(try outline("a: |\n  1\nb: >-\n  two\n  words\n") == "{\"a\": \"1\n\", \"b\": \"two words\"}")
        #expect(try outline(#"["\u00e9\n\x41\0"]"#) == "[\"é\nA\0\"]")
    }

    @Test func aTagOnAQuotedScalarMakesItPlain() throws {
        #expect(
            try outline(#"[!!int "5", !!bool "true", !!str 5, !foo 5, ! 5, !!null ""]"#) == #"[5, yes, 5, 5, "5", ""]"#)
    }

    @Test func keysAreTakenAsTheyAreWritten() throws {
        #expect(try outline("010: a\nyes: b\n1.50: c\n'x': d\n") == #"{"010": "a", "yes": "b", "1.50": "c", "x": "d"}"#)
    }

    @Test func anAliasStandsForItsAnchor() throws {
        #expect(try outline("a: &x {b: 1}\nc: *x\n") == #"{"a": {"b": 1}, "c": *{"b": 1}}"#)
        #expect(try outline("[&x a, *x, &x b, *x]") == #"["a", *"a", "b", *"b"]"#)
        #expect(try outline("[&k key, {*k : 1}]") == #"["key", {*"key": 1}]"#)
    }

    @Test func anchorsInsideAnIgnoredPairCanBeUsed() throws {
        #expect(try outline("!ignore defs: &d [1]\na: *d\n") == #"{!defs: [1], "a": *[1]}"#)
    }

    @Test func carriageReturnsAndByteOrderMarksAreNoContent() throws {
        #expect(try outline("a: 1\r\nb: 2\r\n") == #"{"a": 1, "b": 2}"#)
        #expect(try outline("\u{FEFF}a: 1\n") == #"{"a": 1}"#)
    }

    @Test func utf16IsRead() throws {
        let units = Array("a: é".utf16)
        let bytes: [UInt8] = [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(try YAMLReader.read(bytes, limits: .standard).outline == #"{"a": "é"}"#)
    }

    @Test func aSecondDocumentIsRefusedWhereItBegins() {
        #expect(
            fault("a: 1\n---\nb: 2\n") == "2:1: error: only one document is read, a second one begins here [syntax]")
        #expect(fault("--- \na: 1\n...\n") == nil)
    }

    @Test func syntaxFaultsHaveTheirPlace() {
        #expect(
            fault("a: [1, 2\nb: 3\n")
                == "2:2: error: did not find expected ',' or ']' while parsing a flow sequence that begins at "
                + "line 1 [syntax]"
        )
        #expect(
            fault("a:\n\tb: 1\n")
                == "2:1: error: found character that cannot start any token "
                + "while scanning for the next token that begins at line 2 [syntax]")
        #expect(fault("a: *b\n") == "1:4: error: no anchor 'b' before its alias [syntax]")
        #expect(fault("a: &a [*a]\n") == "1:8: error: the anchor 'a' would contain itself [syntax]")
    }

    @Test func bytesThatAreNoTextHaveTheirPlace() {
        #expect(
            fault(Array("a: é\nb: ".utf8) + [0xFF, 0x0A]) == "2:4: error: invalid leading UTF-8 octet [syntax]")
        #expect(fault(Array("é: \u{1}".utf8)) == "1:4: error: control characters are not allowed [syntax]")
    }

    @Test func containersAreNoKeys() {
        #expect(fault("? [a]\n: b\n") == "1:3: error: a key has to be a scalar [syntax]")
        #expect(fault("- &x [a]\n- *x : b\n") == "2:3: error: a key has to be a scalar [syntax]")
    }

    @Test func nestingIsLimited() {
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(fault(deep) == nil)
        #expect(fault("[" + deep + "]") == "1:101: error: nested deeper than 100 levels [limit-exceeded]")
        let blocks = (0...100).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(
            fault(blocks + String(repeating: " ", count: 101) + "b: 1")
                == "101:101: error: nested deeper than 100 levels [limit-exceeded]")
    }
}
