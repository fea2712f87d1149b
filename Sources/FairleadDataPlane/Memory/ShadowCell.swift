// Fairlead: a worker's memory, doubled for a question
// SPDX-License-Identifier: Apache-2.0

extension WorkerCell {
    /// Memory of its own that begins where this worker stands: the same snapshot and the same random state, but nothing
    /// open and nothing counted. What is decided in it leaves no trace in the worker.
    ///
    /// It lives for the length of a call of the worker's own thread: meanwhile the worker's hazard keeps the snapshot.
    /// Give it back with `deallocate`.
    func makeShadow() -> WorkerCell {
        let size = Self.countersOffset + WorkerCounters.count * 8
        let memory = UnsafeMutableRawPointer.allocate(byteCount: (size + 127) & ~127, alignment: 128)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        let double = unsafe memory.bindMemory(to: State.self, capacity: 1)
        unsafe double.initialize(to: state.pointee)
        unsafe double.pointee.pins = 0
        unsafe double.pointee.openExchanges = 0
        return unsafe WorkerCell(state: double)
    }
}
