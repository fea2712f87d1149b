// Fairlead: attempts, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// See attempt.h.
@c @implementation
public func fl_exchange_pick(
    _ exchange: UnsafeMutablePointer<fl_exchange>?, _ attempt: UnsafeMutablePointer<fl_attempt>?,
    _ out_pick: UnsafeMutablePointer<fl_pick>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let opened = unsafe AttemptMemory.at(attempt),
        let out = unsafe out_pick
    else { return Status.invalidArgument }
    guard let worker = unsafe memory.pointee.worker else { return Status.exchangeNotOpen }
    guard unsafe opened.pointee.worker == nil else { return Status.attemptOpen }
    let result = unsafe worker.pointee.cell.pick(&memory.pointee.state, &opened.pointee.state)
    unsafe out.pointee = fl_pick(result.rawValue)
    guard result == .endpoint else { return Status.ok }
    unsafe opened.pointee.worker = worker
    unsafe opened.pointee.isDetached = 0
    unsafe opened.link(memory)
    return Status.ok
}

/// See attempt.h.
@c @implementation
public func fl_attempt_endpoint(
    _ attempt: UnsafePointer<fl_attempt>?, _ out_endpoint: UnsafeMutablePointer<fl_endpoint>?
) -> fl_status {
    guard let memory = unsafe AttemptMemory.at(attempt), let out = unsafe out_endpoint else {
        return Status.invalidArgument
    }
    let size = unsafe out.pointee.struct_size
    guard unsafe isSized(out) else { return Status.structSize }
    guard unsafe memory.pointee.worker != nil, let slot = unsafe memory.pointee.state.slot else {
        return Status.attemptNotOpen
    }
    guard let endpoint = unsafe EndpointView(memory.pointee.state) else { return Status.attemptDetached }
    let place = endpoint.locality
    let isPanic = unsafe memory.pointee.state.isPanic == 1
    unsafe out.pointee = fl_endpoint(
        struct_size: size, flags: isPanic ? fl_endpoint_flags(FL_ENDPOINT_PANIC) : 0,
        id: UInt64(slot.incarnation) << 32 | UInt64(slot.index), address: fl_bytes(endpoint.address),
        host: fl_bytes(endpoint.host), hostname: fl_bytes(endpoint.hostname), region: fl_bytes(place.region),
        zone: fl_bytes(place.zone), sub_zone: fl_bytes(place.subZone), cluster: fl_bytes(endpoint.clusterName),
        port: UInt32(endpoint.port), weight: endpoint.weight, priority: UInt32(truncatingIfNeeded: endpoint.priority),
        health: fl_health(endpoint.health.rawValue), connect_timeout_ns: endpoint.connectTimeout,
        attempt_number: memory.pointee.state.number,
        active_requests: UInt32(truncatingIfNeeded: slot.activeRequests))
    return Status.ok
}

/// See attempt.h.
@c @implementation
public func fl_attempt_report(
    _ attempt: UnsafeMutablePointer<fl_attempt>?, _ outcome: UnsafePointer<fl_outcome>?,
    _ out_verdict: UnsafeMutablePointer<fl_verdict>?
) -> fl_status {
    guard let memory = unsafe AttemptMemory.at(attempt), let outcome = unsafe outcome else {
        return Status.invalidArgument
    }
    guard unsafe isSized(outcome) else { return Status.structSize }
    if let out = unsafe out_verdict, unsafe !isSized(out) {
        return Status.structSize
    }
    guard let kind = Outcome.Kind(rawValue: UInt8(clamping: unsafe outcome.pointee.kind)) else {
        return Status.invalidArgument
    }
    if let request = unsafe outcome.pointee.request,
        Int(unsafe request.pointee.struct_size) < RequestVersions.first
    {
        return Status.structSize
    }
    guard let worker = unsafe memory.pointee.worker else { return Status.attemptNotOpen }
    let flags = unsafe outcome.pointee.flags
    let told = Outcome(
        kind, status: UInt16(clamping: unsafe outcome.pointee.status),
        requestWasSent: flags & fl_outcome_flags(FL_OUTCOME_REQUEST_SENT) != 0)
    let verdict = unsafe close(
        memory, told, worker, mayRetry: flags & fl_outcome_flags(FL_OUTCOME_MAY_RETRY) != 0, RetryFacts(outcome))
    if let out = unsafe out_verdict {
        unsafe out.pointee.retry = verdict.retries ? 1 : 0
        unsafe out.pointee.delay_ns = verdict.delayMilliseconds &* 1_000_000
    }
    return Status.ok
}

/// Reports an open attempt and takes it from its exchange.
@inline(__always)
private func close(
    _ attempt: UnsafeMutablePointer<AttemptMemory>, _ outcome: Outcome, _ worker: UnsafeMutablePointer<WorkerMemory>,
    mayRetry: Bool, _ facts: RetryFacts
) -> Verdict {
    unsafe attempt.pointee.worker = nil
    if unsafe attempt.pointee.isDetached == 1 { unsafe worker.pointee.detached -= 1 }
    guard let exchange = unsafe attempt.pointee.exchange else {
        // The exchange has ended before: an idle one stands in for it, which retries nothing.
        var ended = ExchangeState.idle
        return unsafe worker.pointee.cell.report(&attempt.pointee.state, outcome, &ended, mayRetry: false)
    }
    unsafe attempt.unlink()
    return unsafe worker.pointee.cell.report(
        &attempt.pointee.state, outcome, &exchange.pointee.state, mayRetry: mayRetry, facts)
}

extension RetryFacts {
    /// Borrows what C lends.
    @inline(__always)
    fileprivate init(_ outcome: UnsafePointer<fl_outcome>) {
        self.init(
            response: unsafe headerList(outcome.pointee.headers, outcome.pointee.header_count),
            unixSeconds: unsafe outcome.pointee.unix_seconds)
        guard let request = unsafe outcome.pointee.request else { return }
        self.request = unsafe headerList(request.pointee.headers, request.pointee.header_count)
    }
}

/// See attempt.h.
@c @implementation
public func fl_attempt_detach(_ attempt: UnsafeMutablePointer<fl_attempt>?) -> fl_status {
    guard let memory = unsafe AttemptMemory.at(attempt) else { return Status.invalidArgument }
    guard let worker = unsafe memory.pointee.worker else { return Status.attemptNotOpen }
    guard unsafe memory.pointee.isDetached == 0 else { return Status.ok }
    unsafe memory.pointee.isDetached = 1
    unsafe worker.pointee.detached += 1
    unsafe worker.pointee.cell.detach(&memory.pointee.state)
    return Status.ok
}
