// Fairlead: a request of C's, as the engine sees it
// SPDX-License-Identifier: Apache-2.0

import CFairlead
import FairleadModel

/// Runs `body` with a request of C's, borrowed in place; answers an error when its size is not set.
@inline(__always)
func withRequest(_ request: UnsafePointer<fl_request>, _ body: (borrowing RequestView) -> Void) -> fl_status {
    let size = Int(unsafe request.pointee.struct_size)
    guard size >= RequestVersions.first else { return Status.structSize }
    let flags = unsafe request.pointee.flags
    let headers = unsafe headerList(request.pointee.headers, request.pointee.header_count)
    let hasRandom = flags & fl_request_flags(FL_REQUEST_HAS_RANDOM) != 0
    let owner = headers
    // Programs that were compiled before there were facts have none.
    let facts = size >= RequestVersions.withFacts ? unsafe factList(request) : .none
    let view = unsafe RequestView(
        borrowing: owner, method: Bytes(request.pointee.method), scheme: Bytes(request.pointee.scheme),
        authority: Bytes(request.pointee.authority), path: Bytes(request.pointee.path), headers: headers,
        source: Bytes(request.pointee.source), destination: Bytes(request.pointee.destination),
        // All flags but the one on the random bits are facts about the connection, with the same numbers.
        connection: ConnectionFacts(rawValue: flags & ~fl_request_flags(FL_REQUEST_HAS_RANDOM)),
        random: hasRandom ? request.pointee.random : nil, facts: facts)
    body(view)
    return Status.ok
}

/// Header lines of C's. They have the layout of `HeaderLine`; `MemoryLayouts` holds that against the headers.
@inline(__always)
func headerList(_ lines: UnsafePointer<fl_header>?, _ count: Int) -> HeaderList {
    let start = unsafe lines.map { unsafe UnsafeRawPointer($0).assumingMemoryBound(to: HeaderLine.self) }
    return unsafe HeaderList(start: start, count: count)
}

/// The sizes that `fl_request` has had.
enum RequestVersions {
    /// Up to `random`.
    static var first: Int { 128 }
    /// With `facts`.
    static var withFacts: Int { 144 }
}

/// The facts of a request of C's. They have the layout of `FactView`; `MemoryLayouts` holds that against the headers.
@inline(__always)
private func factList(_ request: UnsafePointer<fl_request>) -> FactList {
    let facts = unsafe request.pointee.facts.map {
        unsafe UnsafeRawPointer($0).assumingMemoryBound(to: FactView.self)
    }
    return unsafe FactList(start: facts, count: request.pointee.fact_count)
}
