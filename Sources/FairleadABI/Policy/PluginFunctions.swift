// Fairlead: plugins in shared objects, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead
import Glibc

/// A shared object that was loaded, and what it brings.
@unsafe
private struct LoadedPlugin {
    let policies: [UnsafePointer<fl_policy_v1>]

    /// Loads the object at `path`; says why when there is no plugin there.
    init(at path: String) throws(PluginFault) {
        // Bound at once, so that what is missing is told now and not in the middle of a pick. It is never closed: tables
        // and pickers of policies live as long as the last snapshot does.
        guard let object = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw PluginFault(unsafe dlerror().map { unsafe String(cString: $0) } ?? "cannot be loaded")
        }
        guard let symbol = unsafe dlsym(object, FL_PLUGIN_ENTRY) else {
            throw PluginFault("is no plugin: it has no function \(FL_PLUGIN_ENTRY)")
        }
        let entry = unsafe unsafeBitCast(symbol, to: fl_plugin_entry_fn.self)
        guard let plugin = unsafe entry() else { throw PluginFault("\(FL_PLUGIN_ENTRY) answered NULL") }
        guard unsafe isSized(plugin) else { throw PluginFault("the struct_size of its fl_plugin_v1 is not set") }
        let version = unsafe plugin.pointee.abi_version
        guard version == UInt32(FL_PLUGIN_ABI_VERSION) else {
            throw PluginFault("it was compiled for version \(version) of plugins, this is \(FL_PLUGIN_ABI_VERSION)")
        }
        var policies: [UnsafePointer<fl_policy_v1>] = unsafe []
        let list = unsafe plugin.pointee.policies
        let count = unsafe list == nil ? 0 : plugin.pointee.policy_count
        for index in 0..<max(count, 0) {
            guard let policy = unsafe list?[index] else {
                throw PluginFault("its policy \(index) is NULL")
            }
            if let fault = unsafe CPolicy.fault(policy) {
                throw PluginFault("its policy \(index) is refused: \(Status.text(fault))")
            }
            unsafe policies.append(policy)
        }
        unsafe self.policies = policies
    }
}

/// Why a shared object is no plugin, or none that can be used.
private struct PluginFault: Error {
    let message: String

    init(_ message: String) { self.message = message }
}

/// See plugin.h.
@c @implementation
public func fl_engine_load_plugin(
    _ engine: OpaquePointer?, _ path: fl_bytes, _ out_errors: UnsafeMutablePointer<OpaquePointer?>?
) -> fl_status {
    if let out = unsafe out_errors { unsafe out.pointee = nil }
    guard let engine = unsafe EngineHandle.at(engine), case let path = unsafe Bytes(path), !path.isEmpty else {
        return Status.invalidArgument
    }
    do throws(PluginFault) {
        let plugin = try unsafe LoadedPlugin(at: path.string)
        let names = unsafe plugin.policies.map { unsafe Bytes($0.pointee.name).string }
        let taken = engine.register(names) { index in unsafe CPolicy(plugin.policies[index].pointee) }
        if let taken { throw PluginFault("another policy is called '\(taken)' already") }
        return Status.ok
    } catch {
        var problem = Problem(.error, .invalidPlugin, at: "", error.message)
        problem.file = path.string
        if let out = unsafe out_errors { unsafe out.pointee = ErrorListMemory.make([problem]) }
        return Status.plugin
    }
}
