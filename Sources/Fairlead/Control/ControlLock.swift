// Fairlead: the lock of the control side
// SPDX-License-Identifier: Apache-2.0

import CMutex

/// A value behind a mutex: the whole state of an engine's control side. No worker ever takes it.
@safe
final class ControlLock<Value>: @unchecked Sendable {
    // SAFETY of @unchecked: the value is only reached through `withLock`.
    private let mutex: OpaquePointer?
    private var value: Value

    init(_ value: Value) {
        unsafe mutex = fl_mutex_create()
        self.value = value
    }

    deinit {
        if let mutex = unsafe mutex { unsafe fl_mutex_destroy(mutex) }
    }

    /// Runs `body` with the value, one caller at a time.
    func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
        // Without memory for a mutex at creation there is nothing to lock; the process is lost anyway.
        guard let mutex = unsafe mutex else { return try body(&value) }
        unsafe fl_mutex_lock(mutex)
        defer { unsafe fl_mutex_unlock(mutex) }
        return try body(&value)
    }
}
