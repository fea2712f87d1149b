// Fairlead: redirects that are followed, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

extension UnsafeMutablePointer<fl_redirect_chain> {
    /// The chain that lies inside.
    fileprivate var chain: UnsafeMutablePointer<RedirectChain> {
        unsafe UnsafeMutableRawPointer(self).assumingMemoryBound(to: RedirectChain.self)
    }
}

/// See redirect.h.
@c @implementation
public func fl_exchange_redirect_target(
    _ exchange: UnsafePointer<fl_exchange>?, _ request: UnsafePointer<fl_request>?, _ status: UInt32,
    _ location: fl_bytes, _ chain: UnsafeMutablePointer<fl_redirect_chain>?,
    _ out_target: UnsafeMutablePointer<fl_redirect_target>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let request = unsafe request, let chain = unsafe chain,
        let out = unsafe out_target
    else { return Status.invalidArgument }
    let size = unsafe out.pointee.struct_size
    guard unsafe isSized(out) else { return Status.structSize }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    let route = unsafe RouteView(memory.pointee.state)
    var target: RedirectTarget?
    let result = unsafe withRequest(request) { view in
        target = unsafe route.redirectTarget(
            view, status: UInt16(clamping: status), location: Bytes(location), after: chain.chain.pointee)
    }
    guard result == Status.ok else { return result }
    guard let target else { return Status.done }
    unsafe out.pointee = fl_redirect_target(
        struct_size: size, becomes_get: target.becomesGet ? 1 : 0, scheme: fl_bytes(target.scheme),
        authority: fl_bytes(target.authority), path: fl_bytes(target.path))
    return Status.ok
}

/// See redirect.h.
@c @implementation
public func fl_exchange_accept_redirect(
    _ exchange: UnsafePointer<fl_exchange>?, _ next: UnsafePointer<fl_exchange>?,
    _ request: UnsafePointer<fl_request>?, _ target: UnsafePointer<fl_redirect_target>?,
    _ chain: UnsafeMutablePointer<fl_redirect_chain>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let following = unsafe ExchangeMemory.at(next),
        let request = unsafe request, let target = unsafe target, let chain = unsafe chain
    else { return Status.invalidArgument }
    guard unsafe isSized(target) else { return Status.structSize }
    guard unsafe memory.pointee.worker != nil, unsafe following.pointee.worker != nil else {
        return Status.exchangeNotOpen
    }
    let route = unsafe RouteView(memory.pointee.state)
    let followed = unsafe RouteView(following.pointee.state)
    let place = unsafe RedirectTarget(
        scheme: Bytes(target.pointee.scheme), authority: Bytes(target.pointee.authority),
        path: Bytes(target.pointee.path), becomesGet: target.pointee.becomes_get == 1)
    var accepts = false
    let result = unsafe withRequest(request) { view in
        accepts = unsafe route.accepts(redirectTo: followed, view, place, &chain.chain.pointee)
    }
    guard result == Status.ok else { return result }
    return accepts ? Status.ok : Status.done
}

/// See redirect.h.
@c @implementation
public func fl_exchange_redirect_header(
    _ exchange: UnsafePointer<fl_exchange>?, _ index: UInt32, _ out_name: UnsafeMutablePointer<fl_bytes>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let out = unsafe out_name else {
        return Status.invalidArgument
    }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    let route = unsafe RouteView(memory.pointee.state)
    guard Int(index) < route.copiedHeaderCount else { return Status.done }
    unsafe out.pointee = fl_bytes(route.copiedHeader(Int(index)))
    return Status.ok
}
