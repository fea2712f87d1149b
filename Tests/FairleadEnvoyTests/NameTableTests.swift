// Fairlead: tests of the name table
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FairleadEnvoy

@Suite struct NameTableTests {
    private func find(_ name: String, in table: NameTable) -> Int? { table.find(Array(name.utf8).span) }

    @Test func everyNameIsFoundAndNoOther() {
        var table = NameTable()
        for index in 0..<1000 { table.insert("name\(index)", index) }
        for index in 0..<1000 { #expect(find("name\(index)", in: table) == index) }
        #expect(find("name1000", in: table) == nil)
        #expect(find("", in: table) == nil)
    }

    @Test func aNameKeepsItsFirstIndex() {
        var table = NameTable()
        table.insert("a", 1)
        table.insert("a", 2)
        #expect(find("a", in: table) == 1)
    }

    @Test func theEmptyNameIsANameToo() {
        var table = NameTable()
        table.insert("", 7)
        #expect(find("", in: table) == 7)
    }
}
