// Fairlead: calling what hangs beside a block
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
import FairleadPlugin

extension BlockView {
    /// Whether `text` as a whole matches the pattern `index` (from 1) of the block.
    @inline(__always)
    func matches(pattern index: UInt32, _ text: Bytes) -> Bool {
        guard index != 0, let pointer = unsafe patternPointer(index) else { return false }
        return unsafe Unmanaged<CompiledPattern>.fromOpaque(pointer)._withUnsafeGuaranteedRef { $0.matches(text) }
    }

    /// Which patterns of the set `index` match `text` as a whole.
    func matches(patternSet index: UInt32, _ text: Bytes) -> PatternSetAnswer {
        guard let table = unsafe side(SideIndex.patternSets) else { return .unknown }
        let word = unsafe table.load(fromByteOffset: Int(index) &* 8, as: UInt.self)
        guard let pointer = unsafe UnsafeRawPointer(bitPattern: word) else { return .unknown }
        return unsafe Unmanaged<CompiledPatternSet>.fromOpaque(pointer)._withUnsafeGuaranteedRef { $0.matches(text) }
    }

    /// Writes `text` with every match of the pattern `index` (from 1) replaced by `substitution`.
    func replaceAll(pattern index: UInt32, in text: Bytes, with substitution: Bytes, into output: inout OutputBuffer) {
        guard index != 0, let pointer = unsafe patternPointer(index) else { return output.append(text) }
        unsafe Unmanaged<CompiledPattern>.fromOpaque(pointer)._withUnsafeGuaranteedRef {
            $0.replaceAll(in: text, with: substitution, into: &output)
        }
    }

    @inline(__always)
    private func patternPointer(_ index: UInt32) -> UnsafeRawPointer? {
        guard let table = unsafe side(SideIndex.patterns) else { return nil }
        let word = unsafe table.load(fromByteOffset: (Int(index) &- 1) &* 8, as: UInt.self)
        return unsafe UnsafeRawPointer(bitPattern: word)
    }

    /// The id of the cluster that the block's records call `index`.
    @inline(__always)
    func clusterID(_ index: UInt32) -> UInt32 {
        guard let table = unsafe side(SideIndex.clusterIDs) else { return .max }
        return UInt32(truncatingIfNeeded: unsafe table.load(fromByteOffset: Int(index) &* 8, as: UInt.self))
    }
}

/// A cluster's block together with what hangs beside it.
@safe
public struct ClusterView {
    /// The block.
    public let block: BlockView
    /// Its header.
    public let header: ClusterHeader

    /// The cluster whose block is `block`.
    @inline(__always)
    public init(_ block: BlockView) {
        self.block = block
        header = block.load(0)
    }

    /// The slot of the endpoint at `ordinal`.
    @inline(__always)
    public func slot(_ ordinal: Int) -> EndpointSlot {
        let slots = unsafe block.side(SideIndex.endpointSlots).unsafelyUnwrapped
        return unsafe slots.load(fromByteOffset: ordinal &* 8, as: EndpointSlot.self)
    }

    /// The cluster's own slot.
    @inline(__always)
    public var clusterSlot: ClusterSlot {
        unsafe ClusterSlot(base: block.side(SideIndex.clusterSlot).unsafelyUnwrapped)
    }

    /// The circuit breakers for requests of the given priority, 0 or 1.
    @inline(__always)
    public func breaker(_ priority: Int) -> BreakerRecord { block[header.breakers, priority] }

    /// How many retries there may be at once; a budget asks how many requests are under way, which takes O(workers).
    func retryLimit(_ priority: Int) -> UInt64 {
        let breaker = breaker(priority)
        if breaker.hasBudget == 0 { return UInt64(breaker.retries) }
        return breaker.retries(besides: clusterSlot.requestPermits(priority).active)
    }

    /// Counts one on the page of the worker `index`.
    @inline(__always)
    func count(_ counter: ClusterCounter, worker index: Int) {
        guard let page = unsafe page(SideIndex.counterPages, index) else { return }
        unsafe PageWord(page + (RequestPermits.pageWords &+ counter.rawValue)).add()
    }

    /// The words from `first` on that the policy keeps for the worker `index`.
    @inline(__always)
    func words(_ first: UInt32, _ count: UInt32, worker index: Int) -> WorkerWords {
        guard count != 0, let page = unsafe page(SideIndex.policyPages, index) else {
            return unsafe WorkerWords(start: nil, count: 0)
        }
        return unsafe WorkerWords(start: page + Int(first), count: Int(count))
    }

    @inline(__always)
    private func page(_ side: Int, _ worker: Int) -> UnsafeMutablePointer<UInt64>? {
        guard let pages = unsafe block.side(side) else { return nil }
        return unsafe pages.load(fromByteOffset: worker &* 8, as: UnsafeMutablePointer<UInt64>?.self)
    }

    /// The hosts of `list`, as a picker sees their load.
    @inline(__always)
    func loads(_ list: HostListEntry) -> HostLoads {
        let slots = unsafe block.side(SideIndex.endpointSlots).map {
            unsafe $0.assumingMemoryBound(to: EndpointSlot.self)
        }
        return unsafe HostLoads(
            slots: slots.map { unsafe UnsafePointer($0) }, ordinals: block.ordinals(list.ordinals),
            first: Int(list.first),
            count: Int(list.count))
    }

    /// Asks the policy's picker.
    @inline(__always)
    func pick(_ list: HostListEntry, _ context: inout PickContext) -> Int {
        guard let picker = unsafe block.side(SideIndex.picker) else { return -1 }
        let table = block.table(list.table)
        return unsafe Unmanaged<PickerSlot>.fromOpaque(picker)._withUnsafeGuaranteedRef { $0.pick(table, &context) }
    }
}

extension Block {
    /// Hangs a cluster's companions beside its block; before publication only.
    public func attach(
        slots: [EndpointSlot], clusterSlot: ClusterSlotOwner, counterPages: WorkerPages, policyPages: WorkerPages
    ) {
        let table = SideTable(words: slots.count)
        for (index, slot) in slots.enumerated() { table[index] = slot.identity }
        attach(table, at: SideIndex.endpointSlots)
        unsafe setSide(SideIndex.clusterSlot, to: clusterSlot.slot.base)
        unsafe setSide(SideIndex.counterPages, to: counterPages.base)
        unsafe setSide(SideIndex.policyPages, to: policyPages.base)
    }
}
