// Fairlead: the reference proxy
// SPDX-License-Identifier: Apache-2.0

public import Fairlead
import NIOCore
import NIOPosix

/// The reference proxy: HTTP/1.1 in, HTTP/1.1 out, every decision by a Fairlead engine.
///
/// Each event loop has a worker of the engine, connections to clients and connections to endpoints of its own; nothing
/// is shared on the way of a request. The actor is the control side: it applies configurations, binds listeners, drains.
public actor Proxy {
    /// The engine that decides.
    public nonisolated let engine: Engine
    private let options: ProxyOptions
    private let group: MultiThreadedEventLoopGroup
    private let loops: LoopTable
    nonisolated let counters: [LoopCounters]
    nonisolated let clusters = UpstreamClusters()
    private var sockets: [SocketName: BoundSocket] = [:]
    /// The settings of listeners by number; numbers are never used again.
    private var listeners: [ListenerSettings?] = []
    private nonisolated let sharedState = SharedState()

    /// The version of the proxy and the command.
    public static let version = "0.1.0"

    /// What makes a socket the same across updates.
    private struct SocketName: Hashable {
        var listener: String
        var address: Address
    }

    private struct BoundSocket {
        var number: Int
        var socket: ListenerSocket
    }

    /// A proxy that decides with `engine`; it listens nowhere yet.
    ///
    /// - Throws: `WorkerLimitReached` when the engine has no worker for some event loop.
    public init(engine: Engine, options: ProxyOptions = ProxyOptions()) async throws {
        self.engine = engine
        self.options = options
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(options.concurrency, 1))
        self.group = group
        var entries: [NIOLoopBound<ProxyLoop>] = []
        var counters: [LoopCounters] = []
        let clusters = clusters
        do {
            for (number, eventLoop) in group.makeIterator().enumerated() {
                let counter = LoopCounters()
                counters.append(counter)
                let worker = try engine.makeWorker()
                entries.append(
                    try await eventLoop.submit {
                        let loop = ProxyLoop(
                            eventLoop: eventLoop, worker: worker, clusters: clusters, counters: counter,
                            number: number, options: options)
                        return NIOLoopBound(loop, eventLoop: eventLoop)
                    }.get())
            }
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        loops = LoopTable(entries)
        self.counters = counters
    }

    /// Whether it takes requests.
    public nonisolated var state: ProxyState { sharedState.value }

    // MARK: Configuration

    /// Serves `configuration` in place of what was served before, as one step. Requests under way keep their routes, and
    /// listeners that stay keep their connections. Those of listeners that go are closed after the request that they are
    /// serving, and before the new configuration takes effect.
    ///
    /// - Throws: every problem; then nothing has changed.
    public func apply(_ configuration: Configuration) async throws(ProblemList) {
        let update = ConfigurationUpdate(replacingEverythingWith: configuration)
        let problems = engine.check(update)
        guard !problems.contains(where: { $0.severity == .error }) else { throw ProblemList(problems) }
        let fresh = try await bindMissing(configuration)
        await closeSockets(notIn: configuration)
        // What goes stays until every event loop knows the new settings of its listeners.
        let union = configuration.keepingWhatGoes(from: engine.configuration)
        do throws(ProblemList) {
            try engine.apply(ConfigurationUpdate(replacingEverythingWith: union))
            clusters.configure(union)
            sockets.merge(fresh) { _, new in new }
            await configureLoops(configuration)
            if union != configuration { try engine.apply(update) }
        } catch {
            for (name, bound) in fresh {
                sockets[name] = nil
                await bound.socket.close()
            }
            throw error
        }
        clusters.configure(configuration)
        for bound in fresh.values {
            do {
                try await bound.socket.accept()
            } catch {
                options.log("listener at \(bound.socket.address): \(error)")
            }
        }
        await closePools(notIn: configuration)
        if state == .initializing { sharedState.value = .live }
    }

    /// Where the listener called `name` listens, with the port that it got; `nil` when there is none.
    public func address(ofListener name: String) -> String? {
        sockets.first { $0.key.listener == name }?.value.socket.address
    }

    /// The port of the listener called `name`; `nil` when there is none.
    public func port(ofListener name: String) -> Int? {
        sockets.first { $0.key.listener == name }?.value.socket.port
    }

    private func bindMissing(_ configuration: Configuration) async throws(ProblemList) -> [SocketName: BoundSocket] {
        var fresh: [SocketName: BoundSocket] = [:]
        var problems: [Problem] = []
        for listener in configuration.listeners {
            let name = SocketName(listener: listener.name, address: listener.address)
            guard sockets[name] == nil else { continue }
            listeners.append(nil)
            let number = listeners.count - 1
            do {
                let socket = try await ListenerSocket.bind(
                    listener.address, listener: number, loops, on: group, options)
                fresh[name] = BoundSocket(number: number, socket: socket)
            } catch {
                problems.append(
                    Problem(
                        .cannotListen, at: "listeners[\"\(listener.name)\"].address",
                        "cannot listen at \(listener.address.text): \(error)"))
            }
        }
        guard problems.isEmpty else {
            for bound in fresh.values { await bound.socket.close() }
            throw ProblemList(problems)
        }
        return fresh
    }

    private func closeSockets(notIn configuration: Configuration) async {
        let wanted = Set(configuration.listeners.map { SocketName(listener: $0.name, address: $0.address) })
        var isChanged = false
        for (name, bound) in sockets where !wanted.contains(name) {
            await bound.socket.close()
            sockets[name] = nil
            listeners[bound.number] = nil
            isChanged = true
        }
        guard isChanged else { return }
        let settings = listeners
        _ = await loops.onEach { $0.configure(settings) }
    }

    private func configureLoops(_ configuration: Configuration) async {
        for listener in configuration.listeners {
            let name = SocketName(listener: listener.name, address: listener.address)
            var manager = listener.connectionManager
            guard let bound = sockets[name], let table = engine.routeTableID(manager.routeConfiguration) else {
                continue
            }
            manager.preparation = engine.preparationRules(forListener: listener.name) ?? manager.preparation
            listeners[bound.number] = ListenerSettings(name: listener.name, manager: manager, routeTable: table)
        }
        let settings = listeners
        _ = await loops.onEach { $0.configure(settings) }
    }

    private func closePools(notIn configuration: Configuration) async {
        var wanted: Set<String> = []
        let assignments = Dictionary(configuration.assignments.map { ($0.name, $0) }) { first, _ in first }
        for cluster in configuration.clusters {
            let assignment =
                if case .endpointDiscovery(let service) = cluster.discovery { assignments[service] } else {
                    cluster.assignment
                }
            for group in assignment?.localities ?? [] {
                // The space cannot be part of an address, so that no two pairs become one text.
                for endpoint in group.endpoints { wanted.insert(endpoint.address.text + " " + cluster.name) }
            }
        }
        let names = wanted
        _ = await loops.onEach { loop in
            loop.closePools { cluster, address in names.contains(address.text + " " + cluster) }
        }
    }

    // MARK: Time

    /// Does what has to be done about once a second.
    public func tick() async {
        _ = await loops.onEach { $0.tick() }
        engine.poll(now: Instant(nanoseconds: NIODeadline.now().uptimeNanoseconds))
    }

    /// Stops accepting connections, lets those that are there finish their requests, and waits for them until the drain
    /// time is over.
    ///
    /// - Returns: how many connections had to be cut.
    public func drain() async -> Int {
        sharedState.value = .draining
        for bound in sockets.values { await bound.socket.close() }
        sockets = [:]
        _ = await loops.onEach { $0.beginDraining() }
        let deadline = ContinuousClock.now + options.drainTime
        while ContinuousClock.now < deadline {
            if await openConnections == 0 { return 0 }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return await openConnections
    }

    /// How many clients are connected.
    public var openConnections: Int {
        get async { await loops.onEach { $0.openConnections }.reduce(0, +) }
    }

    /// Closes everything that is left, and ends the event loops.
    public func shutDown() async {
        for bound in sockets.values { await bound.socket.close() }
        sockets = [:]
        _ = await loops.onEach { $0.closeEverything() }
        try? await group.shutdownGracefully()
    }
}

extension Problem.Code {
    /// An address that cannot be listened at.
    public static let cannotListen = Problem.Code("cannot-listen")
}
