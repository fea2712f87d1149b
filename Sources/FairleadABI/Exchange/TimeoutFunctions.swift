// Fairlead: how long one request may take, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// See route.h.
@c @implementation
public func fl_exchange_timeouts(
    _ exchange: UnsafePointer<fl_exchange>?, _ request: UnsafePointer<fl_request>?,
    _ out_timeouts: UnsafeMutablePointer<fl_timeouts>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let request = unsafe request, let out = unsafe out_timeouts
    else { return Status.invalidArgument }
    let size = unsafe out.pointee.struct_size
    guard unsafe isSized(out) else { return Status.structSize }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    let route = unsafe RouteView(memory.pointee.state)
    return unsafe withRequest(request) { view in
        let timeouts = route.timeouts(view)
        var flags = 0
        if timeouts.streamIsOver { flags |= Int(FL_TIMEOUTS_STREAM_IS_OVER) }
        if timeouts.rewritesGRPCTimeout { flags |= Int(FL_TIMEOUTS_REWRITES_GRPC_TIMEOUT) }
        unsafe out.pointee = fl_timeouts(
            struct_size: size, flags: fl_timeouts_flags(flags), route_ns: timeouts.route, attempt_ns: timeouts.attempt,
            stream_ns: timeouts.stream, idle_ns: timeouts.idle,
            attempt_idle_ns: timeouts.attemptIdle)
    }
}
