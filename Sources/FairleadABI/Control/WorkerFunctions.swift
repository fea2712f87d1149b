// Fairlead: workers, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// See worker.h.
@c @implementation
public func fl_worker_create(
    _ engine: OpaquePointer?, _ out_worker: UnsafeMutablePointer<OpaquePointer?>?
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), let out = unsafe out_worker else {
        return Status.invalidArgument
    }
    do throws(WorkerLimitReached) {
        let worker = try engine.makeWorker()
        let memory = UnsafeMutablePointer<WorkerMemory>.allocate(capacity: 1)
        unsafe memory.initialize(to: WorkerMemory(cell: worker.cell, worker: Unmanaged.passRetained(worker)))
        unsafe out.pointee = OpaquePointer(memory)
        return Status.ok
    } catch {
        return Status.tooManyWorkers
    }
}

/// See worker.h.
@c @implementation
public func fl_worker_refresh(_ worker: OpaquePointer?) -> UInt64 {
    guard let memory = unsafe WorkerMemory.at(worker) else { return 0 }
    let cell = unsafe memory.pointee.cell
    if cell.refresh() { cell.counters.add(.adoptions) }
    return cell.snapshot.generation
}

/// See worker.h.
@c @implementation
public func fl_worker_generation(_ worker: OpaquePointer?) -> UInt64 {
    guard let memory = unsafe WorkerMemory.at(worker) else { return 0 }
    return unsafe memory.pointee.cell.snapshot.generation
}

/// See worker.h.
@c @implementation
public func fl_worker_open(_ worker: OpaquePointer?) -> UInt64 {
    guard let memory = unsafe WorkerMemory.at(worker) else { return 0 }
    return unsafe memory.pointee.cell.openExchanges + UInt64(memory.pointee.detached)
}

/// See worker.h.
@c @implementation
public func fl_worker_destroy(_ worker: OpaquePointer?) -> fl_status {
    guard let memory = unsafe WorkerMemory.at(worker) else { return Status.ok }
    guard unsafe memory.pointee.cell.openExchanges == 0, unsafe memory.pointee.detached == 0 else {
        return Status.busy
    }
    unsafe memory.pointee.worker.release()
    unsafe memory.deallocate()
    return Status.ok
}
