// Fairlead: facts, laid out to be borrowed
// SPDX-License-Identifier: Apache-2.0

/// Keeps facts in the layout in which a `RequestView` borrows them.
@safe
final class FactMemory {
    private var facts: UnsafeMutablePointer<FactView>
    private let count: Int
    private var texts: [UnsafeMutablePointer<UInt8>]
    private var paths: [UnsafeMutablePointer<Bytes>]
    private var lists: [UnsafeMutablePointer<FactValueView>]

    /// Copies `owned`.
    init(_ owned: [OwnedFact]) {
        count = owned.count
        unsafe texts = []
        unsafe paths = []
        unsafe lists = []
        unsafe facts = UnsafeMutablePointer<FactView>.allocate(capacity: max(owned.count, 1))
        for (index, fact) in owned.enumerated() {
            let path = UnsafeMutablePointer<Bytes>.allocate(capacity: max(fact.path.count, 1))
            unsafe paths.append(path)
            for (step, name) in fact.path.enumerated() { unsafe (path + step).initialize(to: store(name)) }
            let view = unsafe FactView(
                fact.source, name: store(fact.name), path: path, depth: fact.path.count, value: store(fact.value))
            unsafe (facts + index).initialize(to: view)
        }
    }

    deinit {
        unsafe facts.deallocate()
        unsafe texts.forEach { unsafe $0.deallocate() }
        unsafe paths.forEach { unsafe $0.deallocate() }
        unsafe lists.forEach { unsafe $0.deallocate() }
    }

    /// The facts; readable as long as this object lives.
    var list: FactList { unsafe FactList(start: UnsafePointer(facts), count: count) }

    private func store(_ text: String) -> Bytes {
        let length = text.utf8.count
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(length, 1))
        unsafe texts.append(memory)
        var index = 0
        for byte in text.utf8 {
            unsafe memory[index] = byte
            index += 1
        }
        return unsafe Bytes(start: UnsafePointer(memory), count: length)
    }

    private func store(_ value: FactValue) -> FactValueView {
        switch value {
        case .null: return FactValueView(.null)
        case .bool(let flag): return FactValueView(.bool, flag: flag)
        case .number(let number): return FactValueView(.number, number: number)
        case .text(let text): return FactValueView(.text, text: store(text))
        case .address(let text): return FactValueView(.address, text: store(text))
        case .structure: return .structure
        case .list(let values):
            let memory = UnsafeMutablePointer<FactValueView>.allocate(capacity: max(values.count, 1))
            unsafe lists.append(memory)
            for (index, item) in values.enumerated() { unsafe (memory + index).initialize(to: store(item)) }
            return unsafe FactValueView(list: UnsafePointer(memory), count: values.count)
        }
    }
}
