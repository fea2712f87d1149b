// Fairlead: statistics, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// See statistics.h.
@c @implementation
public func fl_engine_statistics(
    _ engine: OpaquePointer?, _ out_statistics: UnsafeMutablePointer<fl_statistics>?
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), let out = unsafe out_statistics else {
        return Status.invalidArgument
    }
    let size = unsafe out.pointee.struct_size
    guard unsafe isSized(out) else { return Status.structSize }
    let statistics = engine.statistics
    unsafe out.pointee = fl_statistics(
        struct_size: size, workers: UInt32(clamping: statistics.workers), generation: statistics.generation,
        live_snapshots: UInt64(statistics.liveSnapshots), blocks: UInt64(statistics.blocks),
        block_bytes: UInt64(statistics.blockBytes), root_bytes: UInt64(statistics.rootBytes),
        retired_parts: UInt64(statistics.retiredParts), endpoint_slots: UInt64(statistics.endpointSlots),
        slot_bytes: UInt64(statistics.slotBytes), clusters: UInt64(statistics.clusters),
        route_tables: UInt64(statistics.routeTables), virtual_hosts: UInt64(statistics.virtualHosts),
        exchanges: statistics[.exchanges], no_route: statistics[.noRoute], picks: statistics[.picks],
        no_endpoint: statistics[.noEndpoint], retries: statistics[.retries],
        retry_overflow: statistics[.retryOverflow], adoptions: statistics[.adoptions],
        policy_faults: statistics[.policyFaults])
    return Status.ok
}
