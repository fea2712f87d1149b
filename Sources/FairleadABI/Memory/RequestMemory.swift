// Fairlead: a request of C's, as the engine sees it
// SPDX-License-Identifier: Apache-2.0

import CFairlead
import FairleadModel

/// Runs `body` with a request of C's, borrowed in place; answers an error when its size is not set.
@inline(__always)
func withRequest(_ request: UnsafePointer<fl_request>, _ body: (borrowing RequestView) -> Void) -> fl_status {
    guard unsafe isSized(request) else { return Status.structSize }
    let flags = unsafe request.pointee.flags
    // The lines have the layout of `HeaderLine`; `MemoryLayouts` holds that against the headers.
    let lines = unsafe request.pointee.headers.map {
        unsafe UnsafeRawPointer($0).assumingMemoryBound(to: HeaderLine.self)
    }
    let headers = unsafe HeaderList(start: lines, count: request.pointee.header_count)
    let hasRandom = flags & fl_request_flags(FL_REQUEST_HAS_RANDOM) != 0
    let owner = headers
    let view = unsafe RequestView(
        borrowing: owner, method: Bytes(request.pointee.method), scheme: Bytes(request.pointee.scheme),
        authority: Bytes(request.pointee.authority), path: Bytes(request.pointee.path), headers: headers,
        source: Bytes(request.pointee.source), destination: Bytes(request.pointee.destination),
        // The flags that C has besides the connection's are above these.
        connection: ConnectionFacts(rawValue: flags & 7), random: hasRandom ? request.pointee.random : nil)
    body(view)
    return Status.ok
}
