// Fairlead: tests of whole documents
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct EnvoyDocumentTests {
    @Test func everyFormatGivesTheSameMessage() throws {
        let yaml = Array("node: {id: a}\n".utf8)
        let json = Array(#"{"node": {"id": "a"}}"#.utf8)
        let binary = EnvoyDocument.read(yaml, as: bootstrap).bytes
        let messages = try [
            (yaml, "a.yaml"), (json, "b.JSON"), (binary, "c.pb"), (yaml, nil), (json, nil), (binary, nil),
        ].map {
            try EnvoyDocument.read($0, as: bootstrap, file: $1).decode(as: Envoy_Config_Bootstrap_V3_Bootstrap.self)
        }
        #expect(Set(messages).count == 1)
        #expect(messages.first?.node.id == "a")
    }

    @Test func problemsNameTheFile() {
        let problem =
            "f.yaml:1:7: error: node: a mapping, envoy.config.core.v3.Node, is expected, found \"x\" [wrong-type]"
        let document = EnvoyDocument.read(Array("node: x".utf8), as: bootstrap, file: "f.yaml")
        #expect(document.problems.map(\.description) == [problem])
        #expect(!document.isValid)
        let broken = EnvoyDocument.read(Array("{".utf8), as: bootstrap, file: "f.json")
        #expect(broken.problems.first?.description.hasPrefix("f.json:1:2: error: ") == true)
        #expect(broken.bytes.isEmpty)
    }

    @Test func decodingAnInvalidDocumentThrowsEveryProblem() {
        let document = read("node: {id: 1, cluster: 2}")
        let thrown = #expect(throws: ProblemList.self) {
            try document.decode(as: Envoy_Config_Bootstrap_V3_Bootstrap.self)
        }
        #expect(thrown?.problems.count == 2)
    }

    @Test func laterProblemsAreLocatedByPath() {
        let document = EnvoyDocument.read(Array("\nnode: {id: a}".utf8), as: bootstrap, file: "f.yaml")
        let problem = document.locate(Problem(.invalidValue, at: "node.id", "no"))
        #expect(problem.description == "f.yaml:2:12: error: node.id: no [invalid-value]")
        let binary = EnvoyDocument.read(document.bytes, as: bootstrap, file: "f.pb")
        #expect(
            binary.locate(Problem(.invalidValue, at: "node.id", "no")).description
                == "f.pb: error: node.id: no [invalid-value]")
    }

    @Test func anUnknownRootIsAProblem() {
        #expect(
            faults("{}", as: "foo.Bar") == ["error: the schema has no message foo.Bar [unknown-reference]"])
    }

    @Test func theLargestInputIsLimited() {
        let limits = TextLimits(maximumBytes: 3)
        #expect(read("{}", limits: limits).isValid)
        #expect(read("{   }", limits: limits).problems.map(\.code) == [.limitExceeded])
    }

    @Test func aliasesThatGrowWithoutEndAreRefused() {
        var text = "node:\n  metadata:\n    l0: &l0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...20 {
            let alias = "*l\(level - 1)"
            text += "    l\(level): &l\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
        }
        let problems = read(text).problems
        #expect(problems.count == 1)
        #expect(problems.first?.code == .limitExceeded)
        #expect(problems.first?.message == "too much text when aliases are followed")
        #expect(problems.first?.path.hasPrefix("node.metadata[\"l") == true)
    }

    @Test func longTextsReadThroughAliasesCount() {
        let long = String(repeating: "x", count: 1000)
        let text =
            "node: {id: &a \(long), client_features: [\(Array(repeating: "*a", count: 50).joined(separator: ", "))]}"
        #expect(read(text, limits: TextLimits(maximumAliasExpansion: 50_050)).isValid)
        let problems = read(text, limits: TextLimits(maximumAliasExpansion: 50_049)).problems
        #expect(problems.map(\.path) == ["node.client_features[49]"])
    }

    @Test func aliasesDoNotNestBeyondTheLimit() {
        var text = "node:\n  metadata:\n    l0: &l0 [a]\n"
        for level in 1...150 { text += "    l\(level): &l\(level) [*l\(level - 1)]\n" }
        let problems = read(text).problems
        #expect(!problems.isEmpty)
        #expect(problems.allSatisfy { $0.code == .limitExceeded && $0.message == "nested deeper than 100 levels" })
    }

    @Test func theDeepestTextDecodes() throws {
        let depth = 98
        let value = String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
        let document = read("{\"node\":{\"metadata\":\(value)}}", as: bootstrap, .json)
        let message: Envoy_Config_Bootstrap_V3_Bootstrap = try document.decode()
        #expect(message.node.metadata.fields.count == 1)
        #expect(EnvoyDocument.read(document.bytes, as: bootstrap, format: .binary).isValid)
    }

    @Test(arguments: [DocumentFormat.yaml, .json])
    func anyTextAtAllIsReadWithoutATrap(_ format: DocumentFormat) throws {
        let good = """
            {"node": {"id": "a\\u00e9", "metadata": {"a": [1, -2.5e3, null, true, {"b": "c"}]}, "locality": null},
             "static_resources": {"clusters": [{"name": "c", "connect_timeout": "1.5s", "lb_policy": "MAGLEV",
              "transport_socket": {"typed_config": {"@type": "a/google.protobuf.Empty"}}}]}}
            """.utf8
        let letters = Array("{}[]\",:\\&*!|>'%@#?- \n\t0a~é".utf8) + [0, 0xFF]
        var generator = SplitMix(seed: 11)
        var decoded = 0
        for _ in 0..<10_000 {
            var bytes = Array(good)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                bytes[index] = letters.randomElement(using: &generator) ?? 0
            }
            let document = EnvoyDocument.read(bytes, as: bootstrap, format: format)
            guard document.isValid else { continue }
            _ = try document.decode(as: Envoy_Config_Bootstrap_V3_Bootstrap.self)
            decoded += 1
        }
        #expect(decoded > 100)
    }

    @Test func theListOfProblemsIsLimited() {
        let text = "node: {" + (0..<100).map { "x\($0): 1" }.joined(separator: ", ") + ", id: 1, cluster: 2}"
        let problems = read(text, limits: TextLimits(maximumProblems: 10)).problems
        #expect(problems.count == 11)
        #expect(
            problems.last?.description == "error: 2 more errors and 90 more warnings are not listed [limit-exceeded]")
        let warnings = read("{a: 1, b: 2, c: 3}", limits: TextLimits(maximumProblems: 1))
        #expect(warnings.problems.count == 2)
        #expect(warnings.isValid)
    }
}

@Suite struct DocumentFormatTests {
    private func format(_ bytes: [UInt8], file: String? = nil) -> DocumentFormat {
        DocumentFormat.detect(file: file, bytes: bytes)
    }

    @Test func theNameDecidesIfItCan() {
        let brace = Array("{}".utf8)
        #expect(format(brace, file: "a.yaml") == .yaml)
        #expect(format(brace, file: "x/a.YML") == .yaml)
        #expect(format([], file: "a.json") == .json)
        #expect(format([], file: "a.pb") == .binary)
        #expect(format([], file: "a.binpb") == .binary)
        #expect(format(brace, file: "a.conf") == .json)
        #expect(format(brace, file: "yaml") == .json)
    }

    @Test func otherwiseTheFirstBytesDo() {
        #expect(format([]) == .yaml)
        #expect(format(Array("\u{FEFF} \n{}".utf8)) == .json)
        #expect(format(Array("# {\nnode: {}".utf8)) == .yaml)
        #expect(format([0xFF, 0xFE, 0x61, 0]) == .yaml)
        #expect(format([0x0A, 0x03, 0x0A, 0x01, 0x61]) == .binary)
    }
}
