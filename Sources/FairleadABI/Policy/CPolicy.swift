// Fairlead: a load-balancing policy written in C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// A load-balancing policy written in C, behind the same protocol as all others.
///
/// Its table is flat, so its bytes alone are what the Fresh law compares: it needs no digest.
@safe
final class CPolicy: LoadBalancingPolicy, @unchecked Sendable {
    // SAFETY of @unchecked: immutable; what `user_data` points to is the plugin's, which promises the same.
    private let functions: fl_policy_v1

    let name: String

    /// The policy that `functions` describes, which has been judged with `fault`.
    init(_ functions: fl_policy_v1) {
        unsafe self.functions = functions
        name = unsafe Bytes(functions.name).string
    }

    deinit { unsafe functions.destroy?(functions.user_data) }

    /// What keeps a description from being used; `nil` when nothing does.
    static func fault(_ functions: UnsafePointer<fl_policy_v1>) -> fl_status? {
        guard unsafe isSized(functions) else { return Status.structSize }
        guard unsafe functions.pointee.abi_version == UInt32(FL_POLICY_ABI_VERSION) else { return Status.abiVersion }
        guard unsafe functions.pointee.build != nil, unsafe functions.pointee.pick != nil,
            unsafe functions.pointee.worker_words <= 8, unsafe !Bytes(functions.pointee.name).isEmpty
        else { return Status.invalidArgument }
        return nil
    }

    func traits(for parameters: PolicyParameters) -> PolicyTraits {
        func has(_ flag: Int) -> Bool { unsafe functions.flags & fl_policy_flags(flag) != 0 }
        return unsafe PolicyTraits(
            scope: has(Int(FL_POLICY_PER_PRIORITY)) ? .priority : .hostList,
            needsHashKeys: has(Int(FL_POLICY_NEEDS_HASH_KEYS)),
            prefersHostnames: has(Int(FL_POLICY_PREFERS_HOSTNAMES)), workerWords: Int(functions.worker_words))
    }

    func check(_ parameters: PolicyParameters) -> [Problem] {
        guard unsafe functions.check != nil else { return [] }
        return unsafe parameters.lend { unsafe judge(nil, $0) }
    }

    func check(_ hosts: HostList, _ parameters: PolicyParameters) -> [Problem] {
        guard unsafe functions.check != nil else { return [] }
        return unsafe hosts.lend { hosts in unsafe parameters.lend { unsafe judge(hosts, $0) } }
    }

    private func judge(
        _ hosts: UnsafePointer<fl_policy_hosts>?, _ parameters: UnsafePointer<fl_policy_parameters>
    ) -> [Problem] {
        var problems: [Problem] = []
        unsafe withUnsafeMutablePointer(to: &problems) { list in
            var reporter = unsafe fl_policy_reporter(
                struct_size: UInt32(MemoryLayout<fl_policy_reporter>.size), reserved: 0, context: list
            ) { context, severity, path, message in
                let isError = severity != fl_severity(FL_SEVERITY_WARNING)
                let problem = unsafe Problem(
                    isError ? .error : .warning, .invalidValue, at: Bytes(path).string, Bytes(message).string)
                unsafe context?.assumingMemoryBound(to: [Problem].self).pointee.append(problem)
            }
            unsafe functions.check?(functions.user_data, hosts, parameters, &reporter)
        }
        return problems
    }

    func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {
        var bytes: [UInt8] = []
        unsafe withUnsafeMutablePointer(to: &bytes) { list in
            var writer = unsafe fl_table_writer(
                struct_size: UInt32(MemoryLayout<fl_table_writer>.size), reserved: 0, context: list
            ) { context, bytes, count in
                let source = unsafe UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : max(count, 0))
                unsafe context?.assumingMemoryBound(to: [UInt8].self).pointee.append(contentsOf: source)
            }
            unsafe hosts.lend { hosts in
                unsafe parameters.lend { parameters in
                    unsafe functions.build(functions.user_data, hosts, parameters, &writer)
                }
            }
        }
        bytes += [UInt8](repeating: 0, count: -bytes.count & 7)
        let words = stride(from: 0, to: bytes.count, by: 8).map { start in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        }
        table.append(contentsOf: words)
    }

    func makePicker(_ parameters: PolicyParameters) -> PickerSlot { unsafe CPickerSlot(self, functions) }
}

/// See engine.h.
@c @implementation
public func fl_engine_register_policy(_ engine: OpaquePointer?, _ policy: UnsafePointer<fl_policy_v1>?) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), let functions = unsafe policy else {
        return Status.invalidArgument
    }
    if let fault = unsafe CPolicy.fault(functions) { return fault }
    // A refused policy must not be destroyed: whether the name is free is asked before there is an object.
    let name = unsafe Bytes(functions.pointee.name).string
    let taken = engine.register([name]) { _ in unsafe CPolicy(functions.pointee) }
    return taken == nil ? Status.ok : Status.nameTaken
}
