// Fairlead: whether a proxy takes requests
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Whether a proxy takes requests, with the words of Envoy's administration interface.
public enum ProxyState: UInt8, Sendable {
    /// No configuration was applied yet.
    case initializing
    /// It takes requests.
    case live
    /// It finishes what it has and takes nothing more.
    case draining

    /// The word for it.
    public var name: String {
        switch self {
        case .initializing: "PRE_INITIALIZING"
        case .live: "LIVE"
        case .draining: "DRAINING"
        }
    }
}

/// The state, for all threads to read.
final class SharedState: Sendable {
    // Relaxed throughout: it is told to people and load balancers, and orders nothing.
    private let raw = Atomic<UInt8>(ProxyState.initializing.rawValue)

    var value: ProxyState {
        get { ProxyState(rawValue: raw.load(ordering: .relaxed)) ?? .initializing }
        set { raw.store(newValue.rawValue, ordering: .relaxed) }
    }
}
