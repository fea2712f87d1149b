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
