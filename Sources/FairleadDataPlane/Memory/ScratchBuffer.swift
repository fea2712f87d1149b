// Fairlead: a buffer on the stack
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// A buffer on the stack for texts that are composed only to be hashed or looked at: at most 16 KiB, what is beyond
/// that is cut off. A decision allocates nothing.
enum ScratchBuffer {
    private static var capacity: Int { 16_384 }

    static func with<Result>(_ body: (inout OutputBuffer) -> Result) -> Result {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { memory in
            var output = unsafe OutputBuffer(start: memory.baseAddress, capacity: capacity)
            return body(&output)
        }
    }
}
