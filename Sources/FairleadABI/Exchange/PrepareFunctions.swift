// Fairlead: prepared requests, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// What `fl_preparer *` points to: it cannot be copied, so that a call reaches the rules without counting references.
private struct PreparerMemory: ~Copyable {
    let rules: PreparationRules

    /// Prepares a request by the rules.
    func prepare(
        _ request: borrowing RequestView, text: inout OutputBuffer, lines: inout HeaderOutput
    ) -> PreparedRequest {
        rules.prepare(request, text: &text, lines: &lines)
    }

    /// The memory at `pointer`.
    @inline(__always)
    static func at(_ pointer: OpaquePointer?) -> UnsafeMutablePointer<PreparerMemory>? {
        unsafe pointer.map { unsafe UnsafeMutablePointer($0) }
    }
}

/// See prepare.h.
@c @implementation
public func fl_preparer_create(
    _ engine: OpaquePointer?, _ listener: fl_bytes, _ out_preparer: UnsafeMutablePointer<OpaquePointer?>?
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), let out = unsafe out_preparer else {
        return Status.invalidArgument
    }
    let name = unsafe Bytes(listener)
    var rules = PreparationRules()
    if !name.isMissing {
        guard let known = engine.preparationRules(forListener: name.string) else { return Status.notFound }
        rules = known
    }
    let memory = UnsafeMutablePointer<PreparerMemory>.allocate(capacity: 1)
    unsafe memory.initialize(to: PreparerMemory(rules: rules))
    unsafe out.pointee = OpaquePointer(memory)
    return Status.ok
}

/// See prepare.h.
@c @implementation
public func fl_preparer_destroy(_ preparer: OpaquePointer?) {
    guard let memory = unsafe PreparerMemory.at(preparer) else { return }
    unsafe memory.deinitialize(count: 1)
    unsafe memory.deallocate()
}

/// See prepare.h.
@c @implementation
public func fl_request_prepare(
    _ preparer: OpaquePointer?, _ request: UnsafePointer<fl_request>?, _ buffer: UnsafeMutablePointer<CChar>?,
    _ capacity: Int, _ headers: UnsafeMutablePointer<fl_header>?, _ header_capacity: Int,
    _ out_preparation: UnsafeMutablePointer<fl_preparation>?
) -> fl_status {
    guard let request = unsafe request, let out = unsafe out_preparation,
        var text = unsafe OutputBuffer(buffer, capacity), header_capacity >= 0,
        unsafe headers != nil || header_capacity == 0
    else { return Status.invalidArgument }
    guard unsafe isSized(out) else { return Status.structSize }
    let size = unsafe out.pointee.struct_size
    // The lines have the layout of `HeaderLine`; `MemoryLayouts` holds that against the headers.
    let start = unsafe headers.map { unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: HeaderLine.self) }
    var lines = unsafe HeaderOutput(start: start, capacity: header_capacity)
    let memory = unsafe PreparerMemory.at(preparer)
    var room = (text: 0, lines: 0)
    var prepared: PreparedRequest?
    let status = unsafe withRequest(request) { view in
        let result =
            if let memory = unsafe memory {
                unsafe memory.pointee.prepare(view, text: &text, lines: &lines)
            } else {
                PreparationRules().prepare(view, text: &text, lines: &lines)
            }
        prepared = result
        if !text.fits || !lines.fits { room = PreparationRules().room(for: view) }
    }
    guard status == Status.ok, let prepared else { return status }
    let arrived = unsafe request.pointee
    unsafe out.pointee = fl_preparation(prepared, arrived, size)
    unsafe out.pointee.buffer_size = room.text
    unsafe out.pointee.header_count = room.lines
    return text.fits && lines.fits ? Status.ok : Status.bufferTooSmall
}

extension fl_preparation {
    /// What C is told of `prepared`, which `arrived` became.
    fileprivate init(_ prepared: PreparedRequest, _ arrived: fl_request, _ size: UInt32) {
        unsafe self.init()
        unsafe struct_size = size
        if prepared.isGRPC { unsafe flags |= fl_prepared_flags(FL_PREPARED_GRPC) }
        if prepared.asksForUpgrade { unsafe flags |= fl_prepared_flags(FL_PREPARED_UPGRADE) }
        unsafe status = UInt32(prepared.status)
        unsafe location = fl_bytes(prepared.location)
        unsafe details = fl_bytes(prepared.details)
        unsafe self.request = arrived
        unsafe self.request.flags =
            arrived.flags & fl_request_flags(FL_REQUEST_HAS_RANDOM) | prepared.connection.rawValue
        unsafe self.request.method = fl_bytes(prepared.method)
        unsafe self.request.scheme = fl_bytes(prepared.scheme)
        unsafe self.request.authority = fl_bytes(prepared.authority)
        unsafe self.request.path = fl_bytes(prepared.path)
        unsafe self.request.source = fl_bytes(prepared.source)
        unsafe self.request.header_count = prepared.headers.count
        unsafe self.request.headers = prepared.headers.withUnsafeLines { lines in
            unsafe lines.map { unsafe UnsafeRawPointer($0).assumingMemoryBound(to: fl_header.self) }
        }
    }
}

/// See prepare.h.
@c @implementation
public func fl_grpc_status(_ status: UInt32) -> UInt32 { UInt32(GRPCAnswer.status(http: UInt16(clamping: status))) }

/// See prepare.h.
@c @implementation
public func fl_grpc_copy_message(
    _ body: fl_bytes, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> fl_status {
    guard let length = unsafe out_length, var output = unsafe OutputBuffer(buffer, capacity) else {
        return Status.invalidArgument
    }
    GRPCAnswer.writeMessage(unsafe Bytes(body), into: &output)
    unsafe length.pointee = output.needed
    return output.fits ? Status.ok : Status.bufferTooSmall
}
