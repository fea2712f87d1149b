// Fairlead: how one listener treats its connections
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// How one listener treats its connections. Each event loop has its own list of them, by the listener's number; a reload
/// replaces the values, and a request goes by those of its beginning.
struct ListenerSettings: Sendable {
    /// The listener's name.
    var name: String
    /// What is done with its connections.
    var manager: ConnectionManager
    /// The engine's id of its route table.
    var routeTable: Int

    /// For how long a stream may be idle, in nanoseconds; 0 for ever. A route may say otherwise.
    var streamIdleTimeout: UInt64 { manager.streamIdleTimeout?.wholeNanoseconds ?? 0 }
}
