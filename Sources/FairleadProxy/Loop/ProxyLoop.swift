// Fairlead: what one event loop has of its own
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore

/// What one event loop has of its own: the engine's worker, connection pools, the connections that it serves. Only its own
/// thread touches it, so that nothing in the way of a request waits for another thread.
final class ProxyLoop {
    let eventLoop: any EventLoop
    let worker: Worker
    let options: ProxyOptions
    let counters: LoopCounters
    /// Filled anew for each request; the engine looks at it only while it begins an exchange and composes its results.
    let request = Request(capacity: 4096)
    /// When the request began, in nanoseconds since 1970.
    var requestTime: UInt64 = 0
    /// Filled with the lines of a response when something is composed that may name them.
    let response = Request(capacity: 4096)
    /// Prepares each request before it is routed.
    let preparer = Preparer(capacity: 4096)
    var random: RandomSource
    /// The settings of listeners by number; `nil` for one that is gone.
    private(set) var listeners: [ListenerSettings?] = []
    private let clusters: UpstreamClusters
    private let connector: UpstreamConnector
    private var pools: [PoolName: UpstreamPool] = [:]
    /// A shorter way to a pool: slots of endpoints outlive updates, so that no name has to be made for a request.
    private var poolsBySlot: [SlotKey: UpstreamPool] = [:]
    private var closingPools: [UpstreamPool] = []
    private var connections: [ObjectIdentifier: DownstreamConnection] = [:]
    private var date = HTTPDate()
    private var scratch: [UInt8] = []
    private(set) var isDraining = false

    private struct PoolName: Hashable {
        var cluster: String
        var address: Address
        var priority: Int
    }

    private struct SlotKey: Hashable {
        var index: UInt32
        var incarnation: UInt32
        var priority: UInt8
    }

    init(
        eventLoop: any EventLoop, worker: Worker, clusters: UpstreamClusters, counters: LoopCounters,
        number: Int, options: ProxyOptions
    ) {
        self.eventLoop = eventLoop
        self.worker = worker
        self.clusters = clusters
        self.counters = counters
        self.options = options
        connector = UpstreamConnector(limits: options.decoderLimits)
        random = RandomSource(seed: RandomSource.mixed(options.seed &+ UInt64(number) &+ 1))
    }

    /// The time of day for a `date` header.
    func dateText() -> String { date.now() }

    /// What `write` composes, as a text.
    func text(_ write: (inout OutputBuffer) -> Void) -> String {
        OutputBuffer.collect(into: &scratch, write)
        return String(decoding: scratch, as: UTF8.self)
    }

    /// Does what has to be done now and then: adopts the newest snapshot, so that an idle loop holds no old one, and
    /// closes connections that nobody used for long.
    func tick() {
        worker.refresh()
        let now = eventLoop.instant
        for pool in pools.values { pool.closeIdle(at: now) }
        closingPools.removeAll { $0.isEmpty }
    }

    // MARK: Listeners and their connections

    /// Takes new settings of listeners. The connections of those that are gone are closed, at the end of the request that
    /// they are serving.
    func configure(_ listeners: [ListenerSettings?]) {
        self.listeners = listeners
        for connection in connections.values where settings(of: connection) == nil { connection.beginDraining() }
    }

    /// The settings of a connection's listener; `nil` when it is gone.
    func settings(of connection: DownstreamConnection) -> ListenerSettings? {
        connection.listener < listeners.count ? listeners[connection.listener] : nil
    }

    func opened(_ connection: DownstreamConnection) {
        connections[ObjectIdentifier(connection)] = connection
        counters.add(.connections)
        counters.add(.activeConnections)
        if isDraining { connection.beginDraining() }
    }

    func closed(_ connection: DownstreamConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        counters.add(.activeConnections, -1)
    }

    /// Lets every connection finish the request that it is serving, and closes the others.
    func beginDraining() {
        isDraining = true
        for connection in connections.values { connection.beginDraining() }
    }

    /// How many connections are open.
    var openConnections: Int { connections.count }

    /// Closes what is still there.
    func closeEverything() {
        for connection in connections.values { connection.closeNow() }
        for pool in pools.values { pool.close() }
        pools = [:]
        poolsBySlot = [:]
    }

    // MARK: Endpoints

    /// The pool of connections to the endpoint of `attempt`, for requests of `priority`.
    func pool(for attempt: borrowing Attempt, priority: UInt8) -> UpstreamPool? {
        guard let slot = attempt.slot else { return nil }
        let key = SlotKey(index: slot.index, incarnation: slot.incarnation, priority: priority)
        if let pool = poolsBySlot[key] { return pool }
        guard let endpoint = attempt.endpoint else { return nil }
        let pool = pool(endpoint, priority: Int(priority))
        poolsBySlot[key] = pool
        return pool
    }

    private func pool(_ endpoint: EndpointView, priority: Int) -> UpstreamPool {
        let address =
            endpoint.port == 0
            ? Address.pipe(path: endpoint.address.string)
            : Address.socket(host: endpoint.host.string, port: endpoint.port)
        let name = PoolName(cluster: endpoint.clusterName.string, address: address, priority: priority)
        if let pool = pools[name] { return pool }
        let pool = UpstreamPool(
            cluster: clusters.cluster(named: name.cluster), address: address, connector: connector,
            eventLoop: eventLoop)
        pools[name] = pool
        return pool
    }

    /// Whether the cluster called `name` drops all requests.
    func dropsEverything(cluster name: String) -> Bool { clusters.cluster(named: name).dropsEverything }

    /// Closes the pools of endpoints that `isWanted` does not know any more.
    func closePools(unless isWanted: (_ cluster: String, _ address: Address) -> Bool) {
        poolsBySlot = [:]
        for (name, pool) in pools where !isWanted(name.cluster, name.address) {
            pools[name] = nil
            pool.close()
            closingPools.append(pool)
        }
    }
}
