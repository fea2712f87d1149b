// Fairlead: what a route says, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

extension RouteView {
    fileprivate var flags: fl_route_flags {
        var flags = 0
        if takesHostFromEndpoint { flags |= Int(FL_ROUTE_HOST_FROM_ENDPOINT) }
        if appendsForwardedHost { flags |= Int(FL_ROUTE_APPENDS_FORWARDED_HOST) }
        if includesRequestAttemptCount { flags |= Int(FL_ROUTE_REQUEST_ATTEMPT_COUNT) }
        if includesResponseAttemptCount { flags |= Int(FL_ROUTE_RESPONSE_ATTEMPT_COUNT) }
        if hasRetryPolicy { flags |= Int(FL_ROUTE_HAS_RETRY_POLICY) }
        if followsRedirects { flags |= Int(FL_ROUTE_FOLLOWS_REDIRECTS) }
        if composesBody { flags |= Int(FL_ROUTE_COMPOSES_BODY) }
        return fl_route_flags(flags)
    }
}

/// See route.h.
@c @implementation
public func fl_exchange_route(
    _ exchange: UnsafePointer<fl_exchange>?, _ out_route: UnsafeMutablePointer<fl_route>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let out = unsafe out_route else {
        return Status.invalidArgument
    }
    let size = unsafe out.pointee.struct_size
    guard unsafe isSized(out) else { return Status.structSize }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    let route = unsafe RouteView(memory.pointee.state)
    unsafe out.pointee = fl_route(
        struct_size: size, disposition: fl_disposition(memory.pointee.state.disposition.rawValue), flags: route.flags,
        status: UInt32(route.status), cluster_not_found_status: UInt32(route.clusterNotFoundStatus),
        priority: UInt32(route.priority), table: fl_bytes(route.tableName),
        virtual_host: fl_bytes(route.virtualHostName), name: fl_bytes(route.name),
        cluster: fl_bytes(route.clusterName), body: fl_bytes(route.body), timeout_ns: route.timeout,
        idle_timeout_ns: route.idleTimeout, per_try_timeout_ns: route.perTryTimeout, hash: memory.pointee.state.hash,
        body_content_type: fl_bytes(route.bodyContentType))
    return Status.ok
}

/// Composes a result of an open exchange in a buffer of C's.
@inline(__always)
func compose(
    _ exchange: UnsafePointer<fl_exchange>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?, _ body: (RouteView, inout OutputBuffer) -> fl_status
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let length = unsafe out_length,
        var output = unsafe OutputBuffer(buffer, capacity)
    else { return Status.invalidArgument }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    let status = body(unsafe RouteView(memory.pointee.state), &output)
    guard status == Status.ok else { return status }
    unsafe length.pointee = output.needed
    return output.fits ? Status.ok : Status.bufferTooSmall
}

/// See route.h.
@c @implementation
public func fl_exchange_copy_path(
    _ exchange: UnsafePointer<fl_exchange>?, _ request: UnsafePointer<fl_request>?,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> fl_status {
    guard let request = unsafe request else { return Status.invalidArgument }
    return unsafe compose(exchange, buffer, capacity, out_length) { route, output in
        unsafe withRequest(request) { route.writePath($0, into: &output) }
    }
}

/// See route.h.
@c @implementation
public func fl_exchange_copy_authority(
    _ exchange: UnsafePointer<fl_exchange>?, _ request: UnsafePointer<fl_request>?,
    _ attempt: UnsafePointer<fl_attempt>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> fl_status {
    guard let request = unsafe request else { return Status.invalidArgument }
    var hostname = Bytes.missing
    if let picked = unsafe AttemptMemory.at(attempt), unsafe picked.pointee.worker != nil,
        let endpoint = unsafe EndpointView(picked.pointee.state)
    {
        hostname = endpoint.hostname
    }
    return unsafe compose(exchange, buffer, capacity, out_length) { route, output in
        unsafe withRequest(request) { route.writeAuthority($0, endpointHostname: hostname, into: &output) }
    }
}

/// See route.h.
@c @implementation
public func fl_exchange_copy_location(
    _ exchange: UnsafePointer<fl_exchange>?, _ request: UnsafePointer<fl_request>?,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> fl_status {
    guard let request = unsafe request else { return Status.invalidArgument }
    return unsafe compose(exchange, buffer, capacity, out_length) { route, output in
        unsafe withRequest(request) { route.writeLocation($0, into: &output) }
    }
}

/// See route.h.
@c @implementation
public func fl_exchange_copy_set_cookie(
    _ exchange: UnsafePointer<fl_exchange>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> fl_status {
    unsafe compose(exchange, buffer, capacity, out_length) { route, output in
        _ = route.writeGeneratedCookie(into: &output)
        return Status.ok
    }
}
