// Fairlead: what routes say to HTTP filters, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// See filter.h.
@c @implementation
public func fl_exchange_filter_config(
    _ exchange: UnsafePointer<fl_exchange>?, _ name: fl_bytes, _ level: fl_filter_level,
    _ out_config: UnsafeMutablePointer<fl_filter_config>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let out = unsafe out_config else {
        return Status.invalidArgument
    }
    let size = unsafe out.pointee.struct_size
    guard unsafe isSized(out) else { return Status.structSize }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    let route = unsafe RouteView(memory.pointee.state)
    let name = unsafe Bytes(name)
    let found: FilterConfigView?
    if level == fl_filter_level(FL_FILTER_MOST_SPECIFIC) {
        found = route.filterConfig(name)
    } else {
        guard let level = RouteView.FilterLevel(rawValue: Int(level)) else { return Status.invalidArgument }
        found = route.filterConfig(name, at: level)
    }
    guard let config = found else { return Status.notFound }
    unsafe out.pointee = fl_filter_config(
        struct_size: size,
        flags: (config.isDisabled ? fl_filter_flags(FL_FILTER_DISABLED) : 0)
            | (config.isOptional ? fl_filter_flags(FL_FILTER_OPTIONAL) : 0),
        type_url: fl_bytes(config.typeURL), value: fl_bytes(config.value))
    return Status.ok
}

/// See filter.h.
@c @implementation
public func fl_exchange_filter_disabled(_ exchange: UnsafePointer<fl_exchange>?, _ name: fl_bytes) -> Int32 {
    guard let memory = unsafe ExchangeMemory.at(exchange), unsafe memory.pointee.worker != nil else { return -1 }
    guard let isDisabled = unsafe RouteView(memory.pointee.state).isFilterDisabled(Bytes(name)) else { return -1 }
    return isDisabled ? 1 : 0
}
