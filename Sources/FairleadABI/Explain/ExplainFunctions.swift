// Fairlead: explanations, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// See explain.h.
@c @implementation
public func fl_worker_explain(
    _ worker: OpaquePointer?, _ route_table: UInt32, _ request: UnsafePointer<fl_request>?,
    _ options: UnsafePointer<fl_explain_options>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> fl_status {
    guard let memory = unsafe WorkerMemory.at(worker), let request = unsafe request, let length = unsafe out_length,
        var output = unsafe OutputBuffer(buffer, capacity)
    else { return Status.invalidArgument }
    var format = fl_explain_format(FL_EXPLAIN_TEXT)
    var maximumRoutes = 0
    if let options = unsafe options {
        guard unsafe isSized(options) else { return Status.structSize }
        unsafe format = options.pointee.format
        unsafe maximumRoutes = Int(clamping: options.pointee.maximum_routes)
    }
    let isJSON = format == fl_explain_format(FL_EXPLAIN_JSON)
    guard isJSON || format == fl_explain_format(FL_EXPLAIN_TEXT) else { return Status.invalidArgument }
    let worker = unsafe memory.pointee.worker.takeUnretainedValue()
    var text = ""
    let status = unsafe withRequest(request) { view in
        let explanation = worker.explain(
            view, routeTable: Int(route_table), maximumRoutes: maximumRoutes == 0 ? 100 : maximumRoutes)
        text = isJSON ? explanation.json : explanation.text
    }
    guard status == Status.ok else { return status }
    Bytes.withBytes(of: text) { output.append($0) }
    unsafe length.pointee = output.needed
    return output.fits ? Status.ok : Status.bufferTooSmall
}
