// Fairlead: rules for listeners
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// A listener, without what concerns its neighbours.
    mutating func check(_ listener: Listener) {
        requireText(listener.name, at: "name")
        within("address") { $0.check(listener.address, as: .literal) }
        withinManager { $0.check(listener.connectionManager) }
    }

    /// Walks `body` inside of a listener's connection manager: the only filter of its only filter chain.
    mutating func withinManager(_ body: (inout ProblemTrail) -> Void) {
        enter("filter_chains", index: 0)
        enter("filters", index: 0)
        enter("typed_config")
        body(&self)
        leave()
        leave()
        leave()
    }

    private mutating func check(_ manager: ConnectionManager) {
        requireText(manager.statisticsPrefix, at: "stat_prefix")
        checkHeaderValue(manager.serverName, at: "server_name")
        checkNotNegative(manager.streamIdleTimeout, at: "stream_idle_timeout")
        checkNotNegative(manager.requestTimeout, at: "request_timeout")
        within("common_http_protocol_options") { $0.checkNotNegative(manager.idleTimeout, at: "idle_timeout") }
    }
}
