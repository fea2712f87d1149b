// Fairlead: the data side of a policy written in C
// SPDX-License-Identifier: Apache-2.0

import CFairlead
import Fairlead

/// The data side of a policy written in C: one call through a function pointer.
@safe
final class CPickerSlot: PickerSlot, @unchecked Sendable {
    // SAFETY of @unchecked: immutable, and `pick` promises to be callable from many threads.
    /// Keeps `user_data` alive as long as a snapshot uses the picker.
    private let policy: CPolicy
    private let userData: UnsafeMutableRawPointer?
    private let function: fl_policy_pick_fn?

    init(_ policy: CPolicy, _ functions: fl_policy_v1) {
        self.policy = policy
        unsafe userData = functions.user_data
        unsafe function = functions.pick
        super.init()
    }

    override func pick(_ table: PickTable, _ context: inout PickContext) -> Int {
        unsafe withUnsafeMutablePointer(to: &context) { pointer in
            var lent = unsafe fl_pick_context(
                struct_size: UInt32(MemoryLayout<fl_pick_context>.size), attempt: pointer.pointee.attempt,
                hash: pointer.pointee.hash, has_hash: pointer.pointee.hasHash ? 1 : 0,
                host_count: UInt32(truncatingIfNeeded: pointer.pointee.loads.count),
                cluster_active_requests: Int64(pointer.pointee.clusterActiveRequests), worker_words: nil,
                worker_word_count: 0, context: pointer, random: CPickerSlot.random, active_requests: CPickerSlot.load)
            unsafe pointer.pointee.words.withUnsafeWords { words in
                unsafe lent.worker_words = words.baseAddress
                unsafe lent.worker_word_count = words.count
            }
            let bytes = unsafe table.withUnsafeBytes { buffer in
                unsafe fl_bytes(data: buffer.baseAddress?.assumingMemoryBound(to: CChar.self), size: buffer.count)
            }
            guard let function = unsafe function else { return -1 }
            return unsafe Int(function(userData, bytes, &lent))
        }
    }

    /// What C calls for random bits.
    private static let random: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { context in
        unsafe context?.assumingMemoryBound(to: PickContext.self).pointee.random.next() ?? 0
    }

    /// What C calls for the load of a host.
    private static let load: @convention(c) (UnsafeMutableRawPointer?, UInt32) -> UInt64 = { context, index in
        guard let pointer = unsafe context?.assumingMemoryBound(to: PickContext.self),
            unsafe Int(index) < pointer.pointee.loads.count
        else { return 0 }
        return unsafe UInt64(pointer.pointee.loads.activeRequests(Int(index)))
    }
}
