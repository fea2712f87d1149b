// Fairlead: the engine, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead
import FairleadRE2

/// What `fl_engine *` points to: the engine itself, counted once for the caller.
enum EngineHandle {
    /// The engine at `pointer`.
    static func at(_ pointer: OpaquePointer?) -> Engine? {
        unsafe pointer.map { unsafe Unmanaged<Engine>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
    }
}

extension EngineOptions {
    /// The options of C's caller over the defaults of this library.
    fileprivate init(_ options: UnsafePointer<fl_engine_options>) {
        self.init()
        let given = unsafe options.pointee
        seed = unsafe given.seed
        if unsafe given.maximum_workers != 0 { maximumWorkers = unsafe Int(given.maximum_workers) }
        if unsafe given.maximum_endpoints_per_cluster != 0 {
            maximumEndpointsPerCluster = unsafe Int(clamping: given.maximum_endpoints_per_cluster)
        }
        if unsafe given.maximum_routes_per_virtual_host != 0 {
            maximumRoutesPerVirtualHost = unsafe Int(clamping: given.maximum_routes_per_virtual_host)
        }
        let place = unsafe Locality(
            region: Bytes(given.region).string, zone: Bytes(given.zone).string, subZone: Bytes(given.sub_zone).string)
        if place != Locality() { locality = place }
        localCluster = unsafe Bytes(given.local_cluster).string
    }
}

/// See engine.h.
@c @implementation
public func fl_engine_create(
    _ options: UnsafePointer<fl_engine_options>?, _ out_engine: UnsafeMutablePointer<OpaquePointer?>?
) -> fl_status {
    guard let out = unsafe out_engine else { return Status.invalidArgument }
    guard MemoryLayouts.agree else { return Status.abiVersion }
    var known = EngineOptions()
    if let options = unsafe options {
        guard unsafe isSized(options) else { return Status.structSize }
        let version = unsafe options.pointee.abi_version
        guard version == 0 || version == UInt32(FL_ABI_VERSION) else { return Status.abiVersion }
        unsafe known = EngineOptions(options)
        guard known.maximumWorkers <= 4096 else { return Status.invalidArgument }
    }
    known.plugins.patternEngine = RE2PatternEngine()
    unsafe out.pointee = OpaquePointer(Unmanaged.passRetained(Engine(options: known)).toOpaque())
    return Status.ok
}

/// See engine.h.
@c @implementation
public func fl_engine_destroy(_ engine: OpaquePointer?) {
    if let engine = unsafe engine { unsafe Unmanaged<Engine>.fromOpaque(UnsafeRawPointer(engine)).release() }
}

/// See engine.h.
@c @implementation
public func fl_engine_poll(
    _ engine: OpaquePointer?, _ now_ns: UInt64, _ out_next_ns: UnsafeMutablePointer<UInt64>?
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine) else { return Status.invalidArgument }
    let next = engine.poll(now: Instant(nanoseconds: now_ns))
    if let out = unsafe out_next_ns { unsafe out.pointee = next?.nanoseconds ?? .max }
    return Status.ok
}

/// See engine.h.
@c @implementation
public func fl_engine_route_table(
    _ engine: OpaquePointer?, _ name: fl_bytes, _ out_route_table: UnsafeMutablePointer<UInt32>?
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), let out = unsafe out_route_table else {
        return Status.invalidArgument
    }
    guard let id = unsafe engine.routeTableID(Bytes(name).string) else { return Status.notFound }
    unsafe out.pointee = UInt32(truncatingIfNeeded: id)
    return Status.ok
}

/// See engine.h.
@c @implementation
public func fl_engine_after_fork(_ engine: OpaquePointer?, _ survivor: OpaquePointer?) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine) else { return Status.invalidArgument }
    guard let memory = unsafe WorkerMemory.at(survivor) else {
        engine.afterFork(keeping: nil)
        return Status.ok
    }
    let worker = unsafe memory.pointee.worker.takeUnretainedValue()
    guard worker.engine === engine else { return Status.invalidArgument }
    engine.afterFork(keeping: worker)
    return Status.ok
}
