// Fairlead: permits, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

extension UnsafeMutablePointer<fl_permit> {
    /// What lies inside of `fl_permit`. Zero bytes are no permit.
    fileprivate var state: UnsafeMutablePointer<PermitState> {
        unsafe UnsafeMutableRawPointer(self).assumingMemoryBound(to: PermitState.self)
    }
}

/// See permit.h.
@c @implementation
public func fl_attempt_take_permit(
    _ attempt: UnsafePointer<fl_attempt>?, _ kind: fl_permit_kind, _ flags: fl_permit_flags,
    _ permit: UnsafeMutablePointer<fl_permit>?, _ out_taken: UnsafeMutablePointer<UInt32>?
) -> fl_status {
    guard let memory = unsafe AttemptMemory.at(attempt), let permit = unsafe permit, let out = unsafe out_taken else {
        return Status.invalidArgument
    }
    guard let work = CountedWork(rawValue: UInt8(clamping: kind)), work != .retries,
        unsafe !permit.state.pointee.isHeld
    else { return Status.invalidArgument }
    guard let worker = unsafe memory.pointee.worker else { return Status.attemptNotOpen }
    guard unsafe memory.pointee.isDetached == 0 else { return Status.attemptDetached }
    let taken = unsafe worker.pointee.cell.takePermit(
        work, for: memory.pointee.state, isForced: flags & fl_permit_flags(FL_PERMIT_FORCED) != 0)
    unsafe permit.state.pointee = taken
    unsafe out.pointee = taken.isHeld ? 1 : 0
    return Status.ok
}

/// See permit.h.
@c @implementation
public func fl_permit_give_back(_ permit: UnsafeMutablePointer<fl_permit>?) -> fl_status {
    guard let permit = unsafe permit else { return Status.invalidArgument }
    unsafe permit.state.pointee.giveBack()
    return Status.ok
}

/// See permit.h.
@c @implementation
public func fl_engine_breakers(
    _ engine: OpaquePointer?, _ cluster: fl_bytes, _ priority: UInt32,
    _ out_breakers: UnsafeMutablePointer<fl_breakers>?
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), let out = unsafe out_breakers, priority < 2 else {
        return Status.invalidArgument
    }
    let size = unsafe out.pointee.struct_size
    guard unsafe isSized(out) else { return Status.structSize }
    let name = unsafe Bytes(cluster).string
    guard let (breakers, counts) = engine.breakers(ofCluster: name) else { return Status.notFound }
    let breaker = breakers[Int(priority)]
    unsafe out.pointee = fl_breakers(
        struct_size: size, flags: breaker.tracksRemaining ? fl_breakers_flags(FL_BREAKERS_TRACK_REMAINING) : 0,
        requests: fl_gauge(breaker.requests), connections: fl_gauge(breaker.connections),
        pending_requests: fl_gauge(breaker.pendingRequests), connection_pools: fl_gauge(breaker.connectionPools),
        retries: fl_gauge(breaker.retries), request_overflow: counts(.requestOverflow),
        connection_overflow: counts(.connectionOverflow), pending_overflow: counts(.pendingOverflow),
        pool_overflow: counts(.poolOverflow), retry_overflow: counts(.retryOverflow))
    return Status.ok
}

extension fl_gauge {
    fileprivate init(_ gauge: BreakerStatistics.Gauge) { self.init(active: gauge.active, limit: gauge.limit) }
}
