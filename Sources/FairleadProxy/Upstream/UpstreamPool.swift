// Fairlead: one event loop's connections to one endpoint
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore

/// One event loop's keep-alive connections to one endpoint of one cluster, and the requests that wait for one.
///
/// The connection that came back last is lent first, so that surplus ones grow old and are closed. A connection that
/// cannot be made fails everybody who waits, as in Envoy: they decide whether to try elsewhere.
final class UpstreamPool {
    /// What `lend` came to.
    enum Loan {
        /// This connection.
        case connection(UpstreamConnection)
        /// One will come, or fail.
        case waiting
        /// A circuit breaker refused.
        case overflow
    }

    let cluster: UpstreamCluster
    let address: Address
    private let connector: UpstreamConnector
    private let eventLoop: any EventLoop
    private var idle: [UpstreamConnection] = []
    private var waiting: [RequestRelay] = []
    private var connecting = 0
    private var open = 0
    private(set) var isClosing = false

    init(
        cluster: UpstreamCluster, address: Address, connector: UpstreamConnector,
        eventLoop: any EventLoop
    ) {
        self.cluster = cluster
        self.address = address
        self.connector = connector
        self.eventLoop = eventLoop
    }

    /// Whether nothing is left of the pool.
    var isEmpty: Bool { open == 0 && connecting == 0 && waiting.isEmpty }

    /// A connection for `relay`; it is told later when it has to wait.
    ///
    /// - Parameter connectTimeout: how long a new connection may take, in nanoseconds.
    func lend(to relay: RequestRelay, connectTimeout: UInt64) -> Loan {
        while let connection = idle.popLast() {
            guard connection.isUsable else { continue }
            return .connection(connection)
        }
        guard relay.beginWaiting() else { return .overflow }
        waiting.append(relay)
        connectIfNeeded(connectTimeout)
        return .waiting
    }

    /// Takes `relay` off the waiting list.
    func forget(_ relay: RequestRelay) {
        guard let place = waiting.firstIndex(where: { $0 === relay }) else { return }
        waiting.remove(at: place)
        relay.endWaiting()
    }

    /// A connection that was lent, or is new, can serve the next request.
    func takeBack(_ connection: UpstreamConnection) {
        if !waiting.isEmpty {
            let relay = waiting.removeFirst()
            relay.endWaiting()
            return relay.connectionReady(connection)
        }
        if isClosing { return connection.close() }
        connection.becomeIdle(at: eventLoop.instant)
        idle.append(connection)
    }

    /// A connection is gone.
    func connectionClosed(_ connection: UpstreamConnection) {
        open -= 1
        cluster.count(.connectionsClosed)
        connection.permit = nil
        idle.removeAll { $0 === connection }
        connectIfNeeded(connection.connectTimeout)
    }

    /// Closes the connections that have been idle for too long.
    func closeIdle(at now: Instant) {
        let limit = cluster.idleTimeout
        // The oldest stand first.
        while let oldest = idle.first, oldest.idleSince.advanced(byNanoseconds: limit) <= now {
            idle.removeFirst()
            oldest.close()
        }
    }

    /// Closes the pool: idle connections now, lent ones when they come back.
    func close() {
        isClosing = true
        let connections = idle
        idle = []
        for connection in connections { connection.close() }
    }

    private func connectIfNeeded(_ timeout: UInt64) {
        guard waiting.count > connecting, let relay = waiting.first else { return }
        // A pool without any connection gets one in any case: nobody else could serve those who wait here.
        let permit = relay.takeConnectionPermit(isForced: open + connecting == 0)
        guard permit.isHeld else { return }
        connecting += 1
        let connection = UpstreamConnection(pool: self, connectTimeout: timeout)
        connection.permit = consume permit
        let this = NIOLoopBound(self, eventLoop: eventLoop)
        let made = NIOLoopBound(connection, eventLoop: eventLoop)
        connector.connect(to: address, timeoutNanoseconds: timeout, connection, on: eventLoop)
            .whenComplete { result in this.value.connected(made.value, result.map { _ in () }) }
    }

    private func connected(_ connection: UpstreamConnection, _ result: Result<Void, any Error>) {
        connecting -= 1
        switch result {
        case .success:
            open += 1
            cluster.count(.connectionsOpened)
            connection.isPooled = true
            // It may be gone already.
            guard connection.isUsable else { return connectionClosed(connection) }
            takeBack(connection)
        case .failure(let error):
            connection.permit = nil
            cluster.count(.connectFailures)
            let failure = UpstreamConnector.failure(error)
            if failure == .connectTimeout { cluster.count(.connectTimeouts) }
            let relays = waiting
            waiting = []
            for relay in relays {
                relay.endWaiting()
                relay.connectionFailed(failure)
            }
        }
    }
}
