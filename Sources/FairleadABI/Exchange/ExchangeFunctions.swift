// Fairlead: exchanges, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// See exchange.h.
@c @implementation
public func fl_exchange_begin(
    _ exchange: UnsafeMutablePointer<fl_exchange>?, _ worker: OpaquePointer?, _ route_table: UInt32,
    _ request: UnsafePointer<fl_request>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let owner = unsafe WorkerMemory.at(worker),
        let request = unsafe request
    else { return Status.invalidArgument }
    guard unsafe memory.pointee.worker == nil else { return Status.exchangeOpen }
    return unsafe withRequest(request) { view in
        unsafe memory.pointee.worker = owner
        unsafe memory.pointee.attempts = nil
        unsafe owner.pointee.cell.begin(&memory.pointee.state, view, routeTable: Int(route_table))
    }
}

/// See exchange.h.
@c @implementation
public func fl_exchange_begin_cluster(
    _ exchange: UnsafeMutablePointer<fl_exchange>?, _ worker: OpaquePointer?, _ cluster: fl_bytes,
    _ hash: UnsafePointer<UInt64>?
) -> fl_status {
    let name = unsafe Bytes(cluster)
    guard let memory = unsafe ExchangeMemory.at(exchange), let owner = unsafe WorkerMemory.at(worker), !name.isMissing
    else { return Status.invalidArgument }
    guard unsafe memory.pointee.worker == nil else { return Status.exchangeOpen }
    unsafe memory.pointee.worker = owner
    unsafe memory.pointee.attempts = nil
    unsafe owner.pointee.cell.begin(&memory.pointee.state, cluster: name, hash: hash.map { unsafe $0.pointee })
    return Status.ok
}

/// See exchange.h.
@c @implementation
public func fl_exchange_disposition(_ exchange: UnsafePointer<fl_exchange>?) -> fl_disposition {
    guard let memory = unsafe ExchangeMemory.at(exchange), unsafe memory.pointee.worker != nil else {
        return fl_disposition(FL_DISPOSITION_NO_ROUTE)
    }
    return fl_disposition(unsafe memory.pointee.state.disposition.rawValue)
}

/// See exchange.h.
@c @implementation
public func fl_exchange_attempts(_ exchange: UnsafePointer<fl_exchange>?) -> UInt32 {
    guard let memory = unsafe ExchangeMemory.at(exchange), unsafe memory.pointee.worker != nil else { return 0 }
    return unsafe memory.pointee.state.attempts
}

/// See exchange.h.
@c @implementation
public func fl_exchange_extend_tried(
    _ exchange: UnsafeMutablePointer<fl_exchange>?, _ array: UnsafeMutablePointer<UInt>?, _ capacity: Int
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let array = unsafe array, capacity >= 0 else {
        return Status.invalidArgument
    }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    unsafe memory.pointee.state.extendTried(array, capacity: capacity)
    return Status.ok
}

/// See exchange.h.
@c @implementation
public func fl_exchange_end(_ exchange: UnsafeMutablePointer<fl_exchange>?) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange) else { return Status.invalidArgument }
    guard let worker = unsafe memory.pointee.worker else { return Status.ok }
    while let attempt = unsafe memory.pointee.attempts {
        unsafe attempt.unlink()
        if unsafe attempt.pointee.isDetached == 1 { continue }
        unsafe attempt.pointee.worker = nil
        _ = unsafe worker.pointee.cell.report(
            &attempt.pointee.state, Outcome(.cancelled), &memory.pointee.state, mayRetry: false)
    }
    unsafe worker.pointee.cell.end(&memory.pointee.state)
    unsafe memory.pointee.worker = nil
    return Status.ok
}
