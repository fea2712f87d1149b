// Fairlead: candidates, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// What `fl_candidate *` points to: the candidate, and the texts that C has borrowed.
///
/// Used by one thread at a time, as its caller promises.
final class CandidateHandle {
    let candidate: UpdateCandidate
    let changes: [(change: ResourceChange, name: LentText, container: LentText?)]
    /// The texts of the comparison that was made last.
    var lent: [LentText] = []

    init(_ candidate: UpdateCandidate) {
        self.candidate = candidate
        changes = candidate.changes.map { change in
            let container = change.kind == .virtualHost ? LentText(Array(change.container.utf8)) : nil
            return (change, LentText(Array(change.name.utf8)), container)
        }
    }

    /// The candidate at `pointer`.
    static func at(_ pointer: OpaquePointer?) -> CandidateHandle? {
        unsafe pointer.map { unsafe Unmanaged<CandidateHandle>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
    }

    /// Keeps a text, and lends it to C.
    func lend(_ text: [UInt8]?) -> fl_bytes {
        guard let text else { return unsafe .missing }
        let kept = LentText(text)
        lent.append(kept)
        return unsafe kept.bytes
    }

    /// Lends what a destination says.
    func lend(_ destination: Destination?) -> fl_destination {
        guard let destination else {
            return unsafe fl_destination(
                disposition: fl_disposition(FL_DISPOSITION_NO_ROUTE), status: 404, virtual_host: .missing,
                route: .missing, cluster: .missing, path: .missing, authority: .missing, location: .missing,
                body: .missing)
        }
        func lend(_ text: String?) -> fl_bytes { unsafe self.lend(text.map { Array($0.utf8) }) }
        return unsafe fl_destination(
            disposition: fl_disposition(destination.disposition.rawValue), status: UInt32(destination.status),
            virtual_host: lend(destination.virtualHost), route: lend(destination.route),
            cluster: lend(destination.cluster), path: lend(destination.path), authority: lend(destination.authority),
            location: lend(destination.location),
            body: destination.disposition == .directResponse ? self.lend(destination.body) : .missing)
    }
}

/// A text that stays in its place until it is let go.
@safe
final class LentText {
    private let start: UnsafeMutablePointer<CChar>
    private let count: Int

    init(_ text: [UInt8]) {
        count = text.count
        unsafe start = UnsafeMutablePointer<CChar>.allocate(capacity: max(count, 1))
        for (index, byte) in text.enumerated() { unsafe (start + index).initialize(to: CChar(bitPattern: byte)) }
    }

    deinit { unsafe start.deallocate() }

    /// The text, borrowed.
    var bytes: fl_bytes { unsafe fl_bytes(data: start, size: count) }
}

extension ResourceChange {
    fileprivate var cKind: fl_change_kind {
        switch kind {
        case .listener: fl_change_kind(FL_CHANGE_LISTENER)
        case .routeConfiguration: fl_change_kind(FL_CHANGE_ROUTE_CONFIGURATION)
        case .virtualHost: fl_change_kind(FL_CHANGE_VIRTUAL_HOST)
        case .cluster: fl_change_kind(FL_CHANGE_CLUSTER)
        case .assignment: fl_change_kind(FL_CHANGE_ENDPOINTS)
        case .runtimeLayer: fl_change_kind(FL_CHANGE_RUNTIME)
        }
    }

    fileprivate var cEffect: fl_change_effect {
        switch effect {
        case .added: fl_change_effect(FL_CHANGE_ADDED)
        case .removed: fl_change_effect(FL_CHANGE_REMOVED)
        case .changed: fl_change_effect(FL_CHANGE_CHANGED)
        }
    }
}

/// See candidate.h.
@c @implementation
public func fl_engine_prepare(
    _ engine: OpaquePointer?, _ update: OpaquePointer?, _ out_candidate: UnsafeMutablePointer<OpaquePointer?>?,
    _ out_errors: UnsafeMutablePointer<OpaquePointer?>?
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), let update = unsafe PendingUpdate.at(update),
        update.engine === engine, let out = unsafe out_candidate
    else { return Status.invalidArgument }
    do throws(ProblemList) {
        let (candidate, warnings) = try update.prepare()
        unsafe out.pointee = OpaquePointer(Unmanaged.passRetained(CandidateHandle(candidate)).toOpaque())
        if let out = unsafe out_errors { unsafe out.pointee = ErrorListMemory.make(warnings) }
        return Status.ok
    } catch {
        if let out = unsafe out_errors { unsafe out.pointee = ErrorListMemory.make(error.problems) }
        return Status.configuration
    }
}

/// See candidate.h.
@c @implementation
public func fl_candidate_change(
    _ candidate: OpaquePointer?, _ index: Int, _ out_change: UnsafeMutablePointer<fl_change>?
) -> fl_status {
    guard let handle = unsafe CandidateHandle.at(candidate), let out = unsafe out_change else {
        return Status.invalidArgument
    }
    guard unsafe isSized(out) else { return Status.structSize }
    guard index >= 0, index < handle.changes.count else { return Status.done }
    let (change, name, container) = handle.changes[index]
    let size = unsafe out.pointee.struct_size
    unsafe out.pointee = fl_change(
        struct_size: size, kind: change.cKind, effect: change.cEffect, reserved: 0, name: name.bytes,
        container: container?.bytes ?? .missing)
    return Status.ok
}

/// See candidate.h.
@c @implementation
public func fl_candidate_compare(
    _ candidate: OpaquePointer?, _ route_table: fl_bytes, _ request: UnsafePointer<fl_request>?,
    _ out_comparison: UnsafeMutablePointer<fl_comparison>?
) -> fl_status {
    let name = unsafe Bytes(route_table)
    guard let handle = unsafe CandidateHandle.at(candidate), let request = unsafe request, !name.isMissing,
        let out = unsafe out_comparison
    else { return Status.invalidArgument }
    guard unsafe isSized(out) else { return Status.structSize }
    var found: (before: Destination?, after: Destination?)?
    var fault: CandidateFault?
    let status = unsafe withRequest(request) { view in
        do throws(CandidateFault) {
            found = try handle.candidate.compare(view, routeTable: name.string)
        } catch {
            fault = error
        }
    }
    guard status == Status.ok else { return status }
    guard fault == nil, let (before, after) = found else { return Status.published }
    guard before != nil || after != nil else { return Status.notFound }
    handle.lent = []
    let isElsewhere = before.map { former in after.map { !former.differences(to: $0).isEmpty } ?? true } ?? true
    let size = unsafe out.pointee.struct_size
    unsafe out.pointee = fl_comparison(
        struct_size: size, goes_elsewhere: isElsewhere ? 1 : 0, before: handle.lend(before), after: handle.lend(after))
    return Status.ok
}

/// See candidate.h.
@c @implementation
public func fl_candidate_publish(
    _ candidate: OpaquePointer?, _ out_generation: UnsafeMutablePointer<UInt64>?
) -> fl_status {
    guard let handle = unsafe CandidateHandle.at(candidate) else { return Status.invalidArgument }
    do throws(CandidateFault) {
        let generation = try handle.candidate.publish()
        if let out = unsafe out_generation { unsafe out.pointee = generation }
        return Status.ok
    } catch {
        return error == .stale ? Status.stale : Status.published
    }
}

/// See candidate.h.
@c @implementation
public func fl_candidate_destroy(_ candidate: OpaquePointer?) {
    if let candidate = unsafe candidate {
        unsafe Unmanaged<CandidateHandle>.fromOpaque(UnsafeRawPointer(candidate)).release()
    }
}
