// Fairlead: tests of problems
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct ProblemTests {
    static let lines: [(Problem, String)] = [
        (Problem(.invalidValue, "is wrong"), "error: is wrong [invalid-value]"),
        (
            Problem(.warning, .unknownField, at: "clusters[0].lb", "is not known"),
            "warning: clusters[0].lb: is not known [unknown-field]"
        ),
        (
            Problem(.error, .duplicate, at: "a.b", "twice", place: Problem.Place(line: 3, column: 7)),
            "3:7: error: a.b: twice [duplicate]"
        ),
        (
            Problem(.error, .missingField, "is required", place: Problem.Place(line: 1, column: 1), file: "e.yaml"),
            "e.yaml:1:1: error: is required [missing-field]"
        ),
        (Problem(.error, .unsupported, "no", file: "e.json"), "e.json: error: no [unsupported]"),
        (Problem(Problem.Code("mine"), at: "x", ""), "error: x:  [mine]"),
    ]

    @Test(arguments: lines)
    func oneLineTellsWhatIsKnown(problem: Problem, text: String) {
        #expect(problem.description == text)
    }

    @Test func aListHasOneLineAProblem() {
        let list = ProblemList([Problem(.duplicate, at: "a", "one"), Problem(.warning, .unsupported, at: "b", "two")])
        #expect(list.description == "error: a: one [duplicate]\nwarning: b: two [unsupported]")
        #expect(ProblemList([]).description == "")
    }

    @Test func theSpellingsOfCodesAreFixed() {
        let codes: [(Problem.Code, String)] = [
            (.invalidValue, "invalid-value"), (.missingField, "missing-field"), (.duplicate, "duplicate"),
            (.unknownReference, "unknown-reference"), (.unknownField, "unknown-field"), (.unsupported, "unsupported"),
            (.unknownExtension, "unknown-extension"), (.invalidPattern, "invalid-pattern"),
            (.limitExceeded, "limit-exceeded"),
        ]
        for (code, name) in codes { #expect(code.name == name) }
        #expect(Problem.Code("duplicate") == .duplicate)
    }

    @Test func problemsThatDifferInAnyPartAreDifferent() {
        let problem = Problem(.error, .duplicate, at: "a", "m", place: Problem.Place(line: 1, column: 2), file: "f")
        #expect(problem == problem)
        for change: (inout Problem) -> Void in [
            { $0.severity = .warning }, { $0.code = .unsupported }, { $0.path = "b" }, { $0.message = "n" },
            { $0.place = nil }, { $0.file = nil },
        ] {
            var other = problem
            change(&other)
            #expect(other != problem)
        }
    }
}
