// Fairlead: a buffer on the stack
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// A buffer for texts that are composed only to be hashed: on the stack up to a size that nearly all of them keep to,
/// and on the heap for the rare longer one (a header value of more than that which a pattern rewrites).
enum ScratchBuffer {
    /// Swift keeps temporary memory of up to this size on the stack.
    private static var stackCapacity: Int { 1024 }

    /// Runs `compose` and then `use` with what was composed; `compose` runs again when the stack was too small.
    static func with<Result>(_ compose: (inout OutputBuffer) -> Void, use: (Bytes) -> Result) -> Result {
        var needed = 0
        let result: Result? = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: stackCapacity) { memory in
            var output = unsafe OutputBuffer(start: memory.baseAddress, capacity: stackCapacity)
            compose(&output)
            needed = output.needed
            return output.fits ? use(output.written) : nil
        }
        if let result { return result }
        return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: needed) { memory in
            var output = unsafe OutputBuffer(start: memory.baseAddress, capacity: needed)
            compose(&output)
            return use(output.written)
        }
    }
}
