// Fairlead: what routes say to tracing, statistics, upgrades and balancing, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// See notes.h.
@c @implementation
public func fl_exchange_notes(
    _ exchange: UnsafePointer<fl_exchange>?, _ out_notes: UnsafeMutablePointer<fl_route_notes>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let out = unsafe out_notes else {
        return Status.invalidArgument
    }
    let size = unsafe out.pointee.struct_size
    guard unsafe isSized(out) else { return Status.structSize }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    let route = unsafe RouteView(memory.pointee.state)
    unsafe out.pointee = fl_route_notes(
        struct_size: size, propagates_operation: route.propagatesDecorator ? 1 : 0,
        operation: fl_bytes(route.decoratorOperation), stat_prefix: fl_bytes(route.statPrefix),
        tracing: fl_bytes(route.tracing), body_limit: route.bodyLimit)
    return Status.ok
}

/// See notes.h.
@c @implementation
public func fl_exchange_allows_upgrade(_ exchange: UnsafePointer<fl_exchange>?, _ type: fl_bytes) -> Int32 {
    guard let memory = unsafe ExchangeMemory.at(exchange), unsafe memory.pointee.worker != nil else { return -1 }
    guard let allows = unsafe RouteView(memory.pointee.state).allowsUpgrade(to: Bytes(type)) else { return -1 }
    return allows ? 1 : 0
}

/// See notes.h.
@c @implementation
public func fl_exchange_metadata_match(
    _ exchange: UnsafePointer<fl_exchange>?, _ index: UInt32, _ out_name: UnsafeMutablePointer<fl_bytes>?,
    _ out_text: UnsafeMutablePointer<fl_bytes>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let name = unsafe out_name, let text = unsafe out_text else {
        return Status.invalidArgument
    }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    guard let value = unsafe RouteView(memory.pointee.state).metadataMatch(Int(index)) else { return Status.done }
    unsafe name.pointee = fl_bytes(value.name)
    unsafe text.pointee = fl_bytes(value.text)
    return Status.ok
}
