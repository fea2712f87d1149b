// Fairlead: the patterns of a block
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The patterns of one block: each compiled once, called by number from 1.
struct PatternTable {
    private let engine: (any PatternEngine)?
    private(set) var compiled: [CompiledPattern] = []
    private(set) var sets: [CompiledPatternSet] = []
    private var texts: [String] = []
    private var numbers: [ExactText: UInt32] = [:]

    init(_ engine: (any PatternEngine)?) { self.engine = engine }

    /// The number of `pattern`; 0, which never matches, when it does not compile (`Compiler.check` refuses those).
    mutating func number(_ pattern: String) -> UInt32 {
        let key = ExactText(pattern)
        if let known = numbers[key] { return known }
        guard let engine, let new = try? engine.compile(pattern) else { return 0 }
        compiled.append(new)
        texts.append(pattern)
        let number = UInt32(compiled.count)
        numbers[key] = number
        return number
    }

    /// The text that every match of the pattern begins with.
    func requiredPrefix(_ number: UInt32) -> String {
        guard number != 0 else { return "" }
        let prefix = compiled[Int(number) - 1].requiredPrefix
        // Texts in blocks are UTF-8; a beginning that is not is worth nothing to the index.
        return String(validating: prefix, as: UTF8.self) ?? ""
    }

    /// The text that every match of the pattern ends with.
    func requiredSuffix(_ number: UInt32) -> String {
        guard number != 0 else { return "" }
        return String(validating: compiled[Int(number) - 1].requiredSuffix, as: UTF8.self) ?? ""
    }

    /// The index of a new set of patterns, called by their numbers; `nil` when the engine makes none of them.
    mutating func set(_ numbers: [UInt32]) -> UInt32? {
        guard let engine, numbers.allSatisfy({ $0 != 0 }),
            let new = engine.compileSet(numbers.map { texts[Int($0) - 1] })
        else { return nil }
        sets.append(new)
        return UInt32(sets.count - 1)
    }
}
