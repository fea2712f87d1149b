// Fairlead: what lies inside of C's workers, exchanges and attempts
// SPDX-License-Identifier: Apache-2.0

import CFairlead
import Fairlead

/// What `fl_worker *` points to: raw memory, so that a verb reaches the worker without counting references.
@unsafe
struct WorkerMemory {
    /// The worker's own memory.
    let cell: WorkerCell
    /// The worker, held until `fl_worker_destroy`.
    let worker: Unmanaged<Worker>
    /// Detached attempts that were not reported.
    var detached = 0

    /// The worker at `pointer`.
    @inline(__always)
    static func at(_ pointer: OpaquePointer?) -> UnsafeMutablePointer<WorkerMemory>? {
        unsafe pointer.map { unsafe UnsafeMutablePointer($0) }
    }
}

/// What lies inside of `fl_exchange`. Zero bytes are an exchange that was not begun.
@unsafe
struct ExchangeMemory {
    /// The worker that began it; `nil` when it is not open.
    var worker: UnsafeMutablePointer<WorkerMemory>?
    /// The first of its attempts that are not reported, detached ones included.
    var attempts: UnsafeMutablePointer<AttemptMemory>?
    /// What the data plane keeps.
    var state: ExchangeState

    /// The memory inside of `exchange`.
    @inline(__always)
    static func at(_ exchange: UnsafeMutablePointer<fl_exchange>?) -> UnsafeMutablePointer<ExchangeMemory>? {
        unsafe exchange.map { unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: ExchangeMemory.self) }
    }

    /// The memory inside of `exchange`, to be read.
    @inline(__always)
    static func at(_ exchange: UnsafePointer<fl_exchange>?) -> UnsafePointer<ExchangeMemory>? {
        unsafe exchange.map { unsafe UnsafeRawPointer($0).assumingMemoryBound(to: ExchangeMemory.self) }
    }
}

/// What lies inside of `fl_attempt`. Zero bytes are an attempt that was not picked.
@unsafe
struct AttemptMemory {
    /// The worker that picked it; `nil` when it is not open.
    var worker: UnsafeMutablePointer<WorkerMemory>?
    /// Its exchange; `nil` when that has ended.
    var exchange: UnsafeMutablePointer<ExchangeMemory>?
    /// The neighbours among the open attempts of its exchange.
    var next: UnsafeMutablePointer<AttemptMemory>?
    var previous: UnsafeMutablePointer<AttemptMemory>?
    /// What the data plane keeps.
    var state: AttemptState
    /// Whether it was detached (1) or not (0).
    var isDetached: UInt8

    /// The memory inside of `attempt`.
    @inline(__always)
    static func at(_ attempt: UnsafeMutablePointer<fl_attempt>?) -> UnsafeMutablePointer<AttemptMemory>? {
        unsafe attempt.map { unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: AttemptMemory.self) }
    }

    /// The memory inside of `attempt`, to be read.
    @inline(__always)
    static func at(_ attempt: UnsafePointer<fl_attempt>?) -> UnsafePointer<AttemptMemory>? {
        unsafe attempt.map { unsafe UnsafeRawPointer($0).assumingMemoryBound(to: AttemptMemory.self) }
    }
}

extension UnsafeMutablePointer<AttemptMemory> {
    /// Puts the attempt first among the open ones of `exchange`.
    @inline(__always)
    func link(_ exchange: UnsafeMutablePointer<ExchangeMemory>) {
        unsafe pointee.exchange = exchange
        unsafe pointee.previous = nil
        unsafe pointee.next = exchange.pointee.attempts
        unsafe exchange.pointee.attempts?.pointee.previous = self
        unsafe exchange.pointee.attempts = self
    }

    /// Takes the attempt out of the open ones of its exchange.
    @inline(__always)
    func unlink() {
        if let previous = unsafe pointee.previous {
            unsafe previous.pointee.next = pointee.next
        } else if let exchange = unsafe pointee.exchange {
            unsafe exchange.pointee.attempts = pointee.next
        }
        if let next = unsafe pointee.next { unsafe next.pointee.previous = pointee.previous }
        unsafe pointee.exchange = nil
        unsafe pointee.next = nil
        unsafe pointee.previous = nil
    }
}

/// The layouts that C and Swift have to agree on.
enum MemoryLayouts {
    /// Whether they do. It folds to a constant.
    static var agree: Bool {
        unsafe MemoryLayout<ExchangeMemory>.size <= MemoryLayout<fl_exchange>.size
            && MemoryLayout<AttemptMemory>.size <= MemoryLayout<fl_attempt>.size
            && MemoryLayout<ExchangeMemory>.alignment <= MemoryLayout<fl_exchange>.alignment
            && MemoryLayout<AttemptMemory>.alignment <= MemoryLayout<fl_attempt>.alignment
            && MemoryLayout<RedirectChain>.size <= MemoryLayout<fl_redirect_chain>.size
            && MemoryLayout<PermitState>.size <= MemoryLayout<fl_permit>.size
            && MemoryLayout<Bytes>.size == MemoryLayout<fl_bytes>.size
            && MemoryLayout<HeaderLine>.stride == MemoryLayout<fl_header>.stride
            && MemoryLayout<FactView>.stride == MemoryLayout<fl_fact>.stride
            && MemoryLayout<FactValueView>.stride == MemoryLayout<fl_value>.stride
    }
}
