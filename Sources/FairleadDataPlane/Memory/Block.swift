// Fairlead: a block and what hangs beside it
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
public import FairleadPlugin

/// Something that snapshots point to and that is freed when no live generation can reach it.
///
/// It lives for an interval of generations: from the one that it was born into up to, and without, the one that it was
/// retired from. The ledger of the control side keeps it until no live generation lies inside.
open class SnapshotPart {
    /// The first generation that pointed to it.
    public internal(set) var born: UInt64

    /// A part that generation `born` is the first to point to; by default it is not pointed to yet.
    public init(born: UInt64 = .max) { self.born = born }

    /// Notes that generation `generation` is the first to point to it.
    public func publish(in generation: UInt64) { born = min(born, generation) }

    /// Whether it can go once no snapshot points to it. Asked again and again until it can.
    open var isUnused: Bool { true }
}

/// A compiled block as the control side holds it: its memory, and the owner of what hangs beside it.
@safe
public final class Block: SnapshotPart {
    private let allocation: UnsafeMutableRawPointer
    private var companions: [SideTable] = []
    private var patterns: [CompiledPattern] = []
    private var patternSets: [CompiledPatternSet] = []
    private var picker: PickerSlot?

    /// The block, to be read in place.
    public let view: BlockView
    /// The size of its bytes, side pointers left out.
    public let byteCount: Int

    init(_ bytes: [UInt8]) {
        let front = BlockView.sideWords * 8
        let memory = UnsafeMutableRawPointer.allocate(byteCount: front + bytes.count, alignment: 64)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: front)
        unsafe bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress else { return }
            unsafe (memory + front).copyMemory(from: from, byteCount: source.count)
        }
        byteCount = bytes.count
        unsafe allocation = memory
        view = unsafe BlockView(base: UnsafeRawPointer(memory + front))
        super.init()
    }

    deinit { unsafe allocation.deallocate() }

    /// A copy of its bytes, for tests and dumps.
    public var bytes: [UInt8] {
        unsafe [UInt8](UnsafeRawBufferPointer(start: view.base, count: byteCount))
    }

    /// Whether both have the same bytes.
    public func hasSameBytes(as other: Block) -> Bool {
        guard byteCount == other.byteCount else { return false }
        let mine = unsafe Bytes(start: view.base.assumingMemoryBound(to: UInt8.self), count: byteCount)
        let theirs = unsafe Bytes(start: other.view.base.assumingMemoryBound(to: UInt8.self), count: byteCount)
        return mine.elementsEqual(theirs)
    }

    /// Hangs `table` beside the block at side pointer `index`; before publication only.
    func attach(_ table: SideTable, at index: Int) {
        companions.append(table)
        unsafe setSide(index, to: table.base)
    }

    /// Hangs compiled patterns beside the block; records name them by their index here. Before publication only.
    public func attach(patterns: [CompiledPattern]) {
        guard !patterns.isEmpty else { return }
        self.patterns = patterns
        let table = SideTable(words: patterns.count)
        for (index, pattern) in patterns.enumerated() {
            table[index] = unsafe UInt(bitPattern: Unmanaged.passUnretained(pattern).toOpaque())
        }
        attach(table, at: SideIndex.patterns)
    }

    /// Hangs sets of patterns beside the block; records name them by their index here. Before publication only.
    public func attach(patternSets: [CompiledPatternSet]) {
        guard !patternSets.isEmpty else { return }
        self.patternSets = patternSets
        let table = SideTable(words: patternSets.count)
        for (index, set) in patternSets.enumerated() {
            table[index] = unsafe UInt(bitPattern: Unmanaged.passUnretained(set).toOpaque())
        }
        attach(table, at: SideIndex.patternSets)
    }

    /// Hangs a policy's picker beside the block; before publication only.
    public func attach(picker: PickerSlot) {
        self.picker = picker
        unsafe setSide(SideIndex.picker, to: Unmanaged.passUnretained(picker).toOpaque())
    }

    /// Hangs beside the block the ids of the clusters that its records name by index. Before publication only.
    public func attach(clusterIDs: [UInt32]) {
        guard !clusterIDs.isEmpty else { return }
        let table = SideTable(words: clusterIDs.count)
        for (index, id) in clusterIDs.enumerated() { table[index] = UInt(id) }
        attach(table, at: SideIndex.clusterIDs)
    }

    func setSide(_ index: Int, to pointer: UnsafeMutableRawPointer?) {
        unsafe allocation.storeBytes(of: pointer, toByteOffset: index * 8, as: UnsafeMutableRawPointer?.self)
    }
}

/// What the side pointers in front of a block are for.
enum SideIndex {
    /// Virtual hosts and route tables: compiled patterns.
    static var patterns: Int { 0 }
    /// Virtual hosts: the ids of the clusters that they name.
    static var clusterIDs: Int { 1 }
    /// Clusters: the slot of each endpoint, by ordinal.
    static var endpointSlots: Int { 2 }
    /// Clusters: the cluster's own slot.
    static var clusterSlot: Int { 3 }
    /// Clusters: the workers' pages of counters.
    static var counterPages: Int { 4 }
    /// Clusters: the workers' pages of words that the policy keeps.
    static var policyPages: Int { 5 }
    /// Clusters: the policy's picker.
    static var picker: Int { 6 }
    /// Virtual hosts: sets of patterns.
    static var patternSets: Int { 7 }
}

/// A small table of words that hangs beside a block and is freed with it.
@safe
public final class SideTable: SnapshotPart {
    let base: UnsafeMutableRawPointer
    let count: Int

    init(words: Int) {
        count = words
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: max(words, 1) * 8, alignment: 64)
        unsafe base.initializeMemory(as: UInt.self, repeating: 0, count: max(words, 1))
    }

    deinit { unsafe base.deallocate() }

    subscript(index: Int) -> UInt {
        get { unsafe base.load(fromByteOffset: index * 8, as: UInt.self) }
        set { unsafe base.storeBytes(of: newValue, toByteOffset: index * 8, as: UInt.self) }
    }
}
