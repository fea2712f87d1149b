// Fairlead: what a rate limit service is asked, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

extension RateLimitQuery {
    /// What C asks for; `nil` when its size is not set, or it asks for what there is not.
    fileprivate init?(_ query: UnsafePointer<fl_rate_limit_query>?, _ status: inout fl_status) {
        self.init()
        guard let query = unsafe query else { return }
        guard unsafe isSized(query) else {
            status = Status.structSize
            return nil
        }
        guard let rules = unsafe VirtualHostRules(rawValue: query.pointee.host_rules) else {
            status = Status.invalidArgument
            return nil
        }
        virtualHostRules = rules
        stage = unsafe query.pointee.stage
        isStreamDone = unsafe query.pointee.stream_done != 0
        sourceCluster = unsafe Bytes(query.pointee.source_cluster)
    }
}

/// See rate_limit.h.
@c @implementation
public func fl_exchange_next_rate_limit(
    _ exchange: UnsafePointer<fl_exchange>?, _ request: UnsafePointer<fl_request>?,
    _ query: UnsafePointer<fl_rate_limit_query>?, _ cursor: UnsafeMutablePointer<fl_rate_limit_cursor>?,
    _ entries: UnsafeMutablePointer<fl_header>?, _ entry_capacity: Int, _ buffer: UnsafeMutablePointer<CChar>?,
    _ capacity: Int, _ out_rate_limit: UnsafeMutablePointer<fl_rate_limit>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let request = unsafe request, let cursor = unsafe cursor,
        let out = unsafe out_rate_limit, var text = unsafe OutputBuffer(buffer, capacity), entry_capacity >= 0,
        unsafe entries != nil || entry_capacity == 0
    else { return Status.invalidArgument }
    let size = unsafe out.pointee.struct_size
    guard unsafe isSized(out) else { return Status.structSize }
    var status = Status.ok
    guard let asked = unsafe RateLimitQuery(query, &status) else { return status }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    // The lines have the layout of `HeaderLine`; `MemoryLayouts` holds that against the headers.
    let start = unsafe entries.map { unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: HeaderLine.self) }
    var lines = unsafe HeaderOutput(start: start, capacity: entry_capacity)
    var place = RateLimitCursor()
    place.rule = unsafe cursor.pointee
    var made: RateLimitDescriptor?
    let route = unsafe RouteView(memory.pointee.state)
    status = unsafe withRequest(request) { view in
        made = route.nextRateLimit(view, asked, &place, entries: &lines, text: &text)
    }
    guard status == Status.ok else { return status }
    unsafe cursor.pointee = place.rule
    guard let made else { return Status.done }
    unsafe out.pointee = fl_rate_limit(
        struct_size: size, flags: made.limit == nil ? 0 : fl_rate_limit_flags(FL_RATE_LIMIT_HAS_LIMIT),
        requests_per_unit: made.limit?.requestsPerUnit ?? 0, unit: made.limit?.unit.rawValue ?? 0,
        entry_count: lines.needed, text_length: text.needed)
    return lines.fits && text.fits ? Status.ok : Status.bufferTooSmall
}
