// Fairlead: a value behind a lock, for tests
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A value that several threads may count in.
final class Locked<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result { mutex.withLock { body(&$0) } }
}
