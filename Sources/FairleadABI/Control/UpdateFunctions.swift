// Fairlead: updates, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead
import FairleadEnvoy

extension PendingUpdate {
    /// The update at `pointer`.
    static func at(_ pointer: OpaquePointer?) -> PendingUpdate? {
        unsafe pointer.map { unsafe Unmanaged<PendingUpdate>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
    }

    /// Reads a document of C's.
    fileprivate func add(_ document: UnsafePointer<fl_document>, as kind: EnvoyLoader.Kind) -> fl_status {
        let given = unsafe document.pointee
        guard unsafe isSized(document) else { return Status.structSize }
        let content = unsafe Bytes(given.content)
        guard let format = format(unsafe given.format), !content.isMissing else { return Status.invalidArgument }
        let file = unsafe Bytes(given.file)
        let isStrict = unsafe given.flags & fl_document_flags(FL_DOCUMENT_STRICT) != 0
        let isValid = add(
            content.array, as: kind, format: format, file: file.isMissing ? nil : file.string, isStrict: isStrict)
        return isValid ? Status.ok : Status.configuration
    }

    /// Applies it, and tells C the generation and the problems.
    fileprivate func apply(
        _ out_generation: UnsafeMutablePointer<UInt64>?, _ out_errors: UnsafeMutablePointer<OpaquePointer?>?
    ) -> fl_status {
        do throws(ProblemList) {
            let (generation, warnings) = try apply()
            if let out = unsafe out_generation { unsafe out.pointee = generation }
            if let out = unsafe out_errors { unsafe out.pointee = ErrorListMemory.make(warnings) }
            return Status.ok
        } catch {
            if let out = unsafe out_errors { unsafe out.pointee = ErrorListMemory.make(error.problems) }
            return Status.configuration
        }
    }
}

/// See engine.h.
@c @implementation
public func fl_engine_load(
    _ engine: OpaquePointer?, _ document: UnsafePointer<fl_document>?,
    _ out_generation: UnsafeMutablePointer<UInt64>?, _ out_errors: UnsafeMutablePointer<OpaquePointer?>?
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), let document = unsafe document else {
        return Status.invalidArgument
    }
    let update = PendingUpdate(engine)
    let status = unsafe update.add(document, as: .bootstrap)
    // A document with errors goes on to the engine, which may know of more.
    guard status == Status.ok || status == Status.configuration else { return status }
    return unsafe update.apply(out_generation, out_errors)
}

/// See engine.h.
@c @implementation
public func fl_engine_apply(
    _ engine: OpaquePointer?, _ update: OpaquePointer?, _ out_generation: UnsafeMutablePointer<UInt64>?,
    _ out_errors: UnsafeMutablePointer<OpaquePointer?>?
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), let update = unsafe PendingUpdate.at(update),
        update.engine === engine
    else { return Status.invalidArgument }
    return unsafe update.apply(out_generation, out_errors)
}

/// See engine.h.
@c @implementation
public func fl_engine_check(
    _ engine: OpaquePointer?, _ update: OpaquePointer?, _ out_errors: UnsafeMutablePointer<OpaquePointer?>?
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), let update = unsafe PendingUpdate.at(update),
        update.engine === engine
    else { return Status.invalidArgument }
    let problems = update.check()
    if let out = unsafe out_errors { unsafe out.pointee = ErrorListMemory.make(problems) }
    return problems.contains { $0.severity == .error } ? Status.configuration : Status.ok
}

/// See update.h.
@c @implementation
public func fl_update_create(
    _ engine: OpaquePointer?, _ out_update: UnsafeMutablePointer<OpaquePointer?>?
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), let out = unsafe out_update else {
        return Status.invalidArgument
    }
    unsafe out.pointee = OpaquePointer(Unmanaged.passRetained(PendingUpdate(engine)).toOpaque())
    return Status.ok
}

/// See update.h.
@c @implementation
public func fl_update_add(
    _ update: OpaquePointer?, _ resource: fl_resource, _ document: UnsafePointer<fl_document>?
) -> fl_status {
    guard let update = unsafe PendingUpdate.at(update), let document = unsafe document else {
        return Status.invalidArgument
    }
    guard let kind = EnvoyLoader.Kind(resource) else { return Status.unknownResourceType }
    return unsafe update.add(document, as: kind)
}

/// See update.h.
@c @implementation
public func fl_update_remove(_ update: OpaquePointer?, _ resource: fl_resource, _ name: fl_bytes) -> fl_status {
    let name = unsafe Bytes(name)
    guard let update = unsafe PendingUpdate.at(update), !name.isMissing else { return Status.invalidArgument }
    guard let kind = EnvoyLoader.Kind(resource) else { return Status.unknownResourceType }
    update.remove(kind, name.string)
    return Status.ok
}

/// See update.h.
@c @implementation
public func fl_update_remove_everything(_ update: OpaquePointer?) -> fl_status {
    guard let update = unsafe PendingUpdate.at(update) else { return Status.invalidArgument }
    update.removeEverything()
    return Status.ok
}

/// See update.h.
@c @implementation
public func fl_update_destroy(_ update: OpaquePointer?) {
    if let update = unsafe update { unsafe Unmanaged<PendingUpdate>.fromOpaque(UnsafeRawPointer(update)).release() }
}
