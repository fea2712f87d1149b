// Fairlead: a proxy at work
// SPDX-License-Identifier: Apache-2.0

public import Fairlead

/// Where a serving proxy has its configuration from.
public struct ConfigurationSource: Sendable {
    /// Reads the configuration, with all its problems.
    public var load: @Sendable () throws(ProblemList) -> Configuration
    /// Tells one state of the source from the next; `nil` when it is not there, or never changes.
    public var stamp: @Sendable () -> FileStamp?

    /// A source of the given parts.
    public init(
        load: @escaping @Sendable () throws(ProblemList) -> Configuration,
        stamp: @escaping @Sendable () -> FileStamp? = { nil }
    ) {
        self.load = load
        self.stamp = stamp
    }
}

/// A proxy at work: applies its configuration at the start, whenever it changes, and whenever somebody says so; drains
/// when it is told to stop.
///
/// A configuration that is refused is logged with every problem, and the one that is served stays.
public actor ProxyServing {
    /// What a serving proxy is told.
    public enum Event: Sendable {
        /// About a second has passed.
        case tick
        /// Read the configuration again.
        case reload
        /// Finish what is under way, and end.
        case stop
    }

    private let proxy: Proxy
    private let source: ConfigurationSource
    private let watches: Bool
    private let log: @Sendable (String) -> Void
    private var stamp: FileStamp?
    /// How often a configuration was applied.
    public private(set) var reloads = 0
    /// How often one was refused.
    public private(set) var refusals = 0

    /// Serves what `source` says with `proxy`.
    ///
    /// - Parameter watches: whether the source is looked at with every tick.
    /// - Parameter log: takes lines for people.
    public init(
        _ proxy: Proxy, _ source: ConfigurationSource, watches: Bool, log: @escaping @Sendable (String) -> Void
    ) {
        self.proxy = proxy
        self.source = source
        self.watches = watches
        self.log = log
    }

    /// Applies the configuration for the first time.
    ///
    /// - Throws: its problems; then nothing is served.
    public func begin() async throws(ProblemList) {
        stamp = source.stamp()
        try await proxy.apply(source.load())
        reloads += 1
    }

    /// Serves until an event says stop, or there are no more events; then drains.
    public func run(_ events: AsyncStream<Event>) async {
        serving: for await event in events {
            switch event {
            case .tick:
                await proxy.tick()
                if watches, let now = source.stamp(), now != stamp { await reload() }
            case .reload: await reload()
            case .stop: break serving
            }
        }
        let cut = await proxy.drain()
        if cut > 0 { log("\(cut) connections were cut when the drain time was over") }
    }

    private func reload() async {
        // Taken before the file is read: a change that comes in between is seen as one.
        stamp = source.stamp()
        do throws(ProblemList) {
            try await proxy.apply(source.load())
            reloads += 1
            log("configuration reloaded, generation \(proxy.engine.statistics.generation)")
        } catch {
            refusals += 1
            for problem in error.problems { log(problem.description) }
            log("configuration refused; the one before is still served")
        }
    }
}
