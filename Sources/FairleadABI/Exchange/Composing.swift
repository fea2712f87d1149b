// Fairlead: results with substitution commands, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

extension ExchangeFacts {
    /// Borrows what C lends; `nil` when its size is not set.
    @inline(__always)
    init?(_ facts: UnsafePointer<fl_exchange_facts>?) {
        self.init()
        guard let facts = unsafe facts else { return }
        guard unsafe isSized(facts) else { return nil }
        responseHeaders = unsafe headerList(facts.pointee.response_headers, facts.pointee.response_header_count)
        responseStatus = UInt16(clamping: unsafe facts.pointee.response_status)
        responseDetails = unsafe Bytes(facts.pointee.response_details)
        responseFlags = unsafe Bytes(facts.pointee.response_flags)
        protocolName = unsafe Bytes(facts.pointee.protocol_name)
        serverName = unsafe Bytes(facts.pointee.server_name)
        machineName = unsafe Bytes(facts.pointee.machine_name)
        let time = unsafe facts.pointee.start_time_ns
        startTime = time == 0 ? nil : time
        if let attempt = unsafe AttemptMemory.at(facts.pointee.attempt), unsafe attempt.pointee.worker != nil {
            endpoint = unsafe EndpointView(attempt.pointee.state)
        }
    }
}

/// See route.h.
@c @implementation
public func fl_exchange_copy_header_value(
    _ exchange: UnsafePointer<fl_exchange>?, _ request: UnsafePointer<fl_request>?,
    _ facts: UnsafePointer<fl_exchange_facts>?, _ mutation: UnsafePointer<fl_header_mutation>?,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> fl_status {
    guard let request = unsafe request, let mutation = unsafe mutation else { return Status.invalidArgument }
    guard unsafe isSized(mutation), let known = unsafe ExchangeFacts(facts) else { return Status.structSize }
    let format = unsafe mutation.pointee.format
    let value = unsafe Bytes(mutation.pointee.value)
    return unsafe compose(exchange, buffer, capacity, out_length) { route, output in
        if format == 0 {
            output.append(value)
            return Status.ok
        }
        var isNamed = false
        let status = unsafe withRequest(request) { view in
            isNamed = route.writeValue(format: format, view, known, into: &output)
        }
        return status == Status.ok && !isNamed ? Status.invalidArgument : status
    }
}

/// See route.h.
@c @implementation
public func fl_exchange_copy_body(
    _ exchange: UnsafePointer<fl_exchange>?, _ request: UnsafePointer<fl_request>?,
    _ facts: UnsafePointer<fl_exchange_facts>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> fl_status {
    guard let request = unsafe request else { return Status.invalidArgument }
    guard let known = unsafe ExchangeFacts(facts) else { return Status.structSize }
    return unsafe compose(exchange, buffer, capacity, out_length) { route, output in
        unsafe withRequest(request) { route.writeBody($0, known, into: &output) }
    }
}
