// Fairlead: copies of requests, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// See mirror.h.
@c @implementation
public func fl_exchange_mirror_count(_ exchange: UnsafePointer<fl_exchange>?) -> UInt32 {
    guard let memory = unsafe ExchangeMemory.at(exchange), unsafe memory.pointee.worker != nil else { return 0 }
    return UInt32(truncatingIfNeeded: unsafe RouteView(memory.pointee.state).mirrorCount)
}

/// See mirror.h.
@c @implementation
public func fl_exchange_begin_mirror(
    _ mirror: UnsafeMutablePointer<fl_exchange>?, _ exchange: UnsafePointer<fl_exchange>?, _ index: UInt32,
    _ request: UnsafePointer<fl_request>?
) -> fl_status {
    guard let copy = unsafe ExchangeMemory.at(mirror), let memory = unsafe ExchangeMemory.at(exchange),
        let request = unsafe request
    else { return Status.invalidArgument }
    guard let worker = unsafe memory.pointee.worker else { return Status.exchangeNotOpen }
    guard unsafe copy.pointee.worker == nil else { return Status.exchangeOpen }
    var isMade = false
    let status = unsafe withRequest(request) { view in
        isMade = unsafe worker.pointee.cell.beginMirror(
            &copy.pointee.state, Int(index), of: memory.pointee.state, view)
    }
    guard status == Status.ok else { return status }
    guard isMade else { return Status.done }
    unsafe copy.pointee.worker = worker
    unsafe copy.pointee.attempts = nil
    return Status.ok
}

/// See mirror.h.
@c @implementation
public func fl_exchange_copy_mirror_authority(
    _ exchange: UnsafePointer<fl_exchange>?, _ index: UInt32, _ authority: fl_bytes,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> fl_status {
    let authority = unsafe Bytes(authority)
    return unsafe compose(exchange, buffer, capacity, out_length) { route, output in
        route.writeMirrorAuthority(Int(index), of: authority, into: &output)
        return Status.ok
    }
}

/// See mirror.h.
@c @implementation
public func fl_exchange_next_mirror_mutation(
    _ exchange: UnsafePointer<fl_exchange>?, _ index: UInt32, _ cursor: UnsafeMutablePointer<fl_header_cursor>?,
    _ out_mutation: UnsafeMutablePointer<fl_header_mutation>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let cursor = unsafe cursor, let out = unsafe out_mutation
    else { return Status.invalidArgument }
    let size = unsafe out.pointee.struct_size
    guard unsafe isSized(out) else { return Status.structSize }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    let position = Int(truncatingIfNeeded: unsafe cursor.pointee)
    let route = unsafe RouteView(memory.pointee.state)
    guard let change = route.mirrorHeaderChange(Int(index), position) else { return Status.done }
    let level = RouteView.mutationLevelCount + Int(index)
    var mutation = unsafe fl_header_mutation()
    unsafe mutation.struct_size = size
    unsafe mutation.level = UInt32(level)
    switch change {
    case .remove(let name):
        unsafe mutation.action = fl_header_action(FL_HEADER_REMOVE)
        unsafe mutation.name = fl_bytes(name)
    case .add(let addition):
        unsafe mutation.fill(addition, Composed(level: level, toResponse: false, index: position))
    }
    unsafe out.pointee = mutation
    unsafe cursor.pointee += 1
    return Status.ok
}
