// Fairlead: tests of name suggestions
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FairleadEnvoy

@Suite struct NearestNameTests {
    private let names = ["prefix", "path", "safe_regex", "case_sensitive", "headers", "query_parameters", "cluster"]

    private func suggestion(_ name: String) -> String? { NearestName.suggestion(for: name, among: names) }

    @Test(arguments: [
        ("prefx", "prefix"), ("header", "headers"), ("haeders", "headers"), ("querry_parameters", "query_parameters"),
        ("caseSensitve", "case_sensitive"), ("safe-regex", "safe_regex"), ("pth", "path"), ("Cluster", "cluster"),
        ("saferegex", "safe_regex"),
    ])
    func aSlipIsRecognised(_ written: String, _ meant: String) {
        #expect(suggestion(written) == meant)
    }

    @Test(arguments: ["", "x", "timeout", "totally_different", "__"])
    func nothingNearGivesNoSuggestion(_ written: String) {
        #expect(suggestion(written) == nil)
    }

    @Test func theFirstOfEquallyNearNamesIsTaken() {
        #expect(NearestName.suggestion(for: "cat", among: ["bat", "hat", "car"]) == "bat")
    }

    @Test func veryLongNamesGetNone() {
        let long = String(repeating: "a", count: 10_000)
        #expect(NearestName.suggestion(for: long, among: [long + "b"]) == nil)
    }
}
