// Fairlead: tests of a proxy at work
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadRE2
import Glibc
import Synchronization
import Testing

@testable import FairleadProxy

@Suite struct ProxyServingTests {
    /// A source that tests change.
    final class Store: Sendable {
        private let contents: Mutex<Result<Configuration, ProblemList>>
        let log = Mutex<[String]>([])

        init(_ configuration: Configuration) { contents = Mutex(.success(configuration)) }

        func put(_ result: Result<Configuration, ProblemList>) { contents.withLock { $0 = result } }

        func load() throws(ProblemList) -> Configuration { try contents.withLock { $0 }.get() }
    }

    static func run(
        _ store: Store, stamp: @escaping @Sendable () -> FileStamp? = { nil }, watches: Bool = false,
        _ body: (ProxyServing, Int, AsyncStream<ProxyServing.Event>.Continuation) async throws -> Void
    ) async throws {
        let proxy = try await Proxy(engine: Engine())
        let source = ConfigurationSource(load: { () throws(ProblemList) in try store.load() }, stamp: stamp)
        let serving = ProxyServing(proxy, source, watches: watches) { line in store.log.withLock { $0.append(line) } }
        try await serving.begin()
        let (events, input) = AsyncStream.makeStream(of: ProxyServing.Event.self)
        let task = Task { await serving.run(events) }
        try await body(serving, try #require(await proxy.port(ofListener: "main")), input)
        input.yield(.stop)
        await task.value
        #expect(proxy.state == .draining)
        await proxy.shutDown()
    }

    static func answering(_ text: String) -> Configuration {
        ProxyRig.configuration([.direct("/", 200, text)], clusters: [])
    }

    @Test func itReloadsWhenItIsTold() async throws {
        let store = Store(Self.answering("one"))
        try await Self.run(store) { serving, port, input in
            #expect(try await TestClient.get(port, "/").text == "one")
            store.put(.success(Self.answering("two")))
            input.yield(.tick)
            input.yield(.reload)
            try await ProxyRig.wait { await serving.reloads == 2 }
            #expect(try await TestClient.get(port, "/").text == "two")
        }
    }

    @Test func aRefusedConfigurationIsLoggedAndTheOldOneServes() async throws {
        let store = Store(Self.answering("one"))
        try await Self.run(store) { serving, port, input in
            store.put(.failure(ProblemList([Problem(.invalidValue, at: "here", "this is wrong")])))
            input.yield(.reload)
            try await ProxyRig.wait { await serving.refusals == 1 }
            #expect(try await TestClient.get(port, "/").text == "one")
            let log = store.log.withLock { $0 }
            #expect(log.contains { $0.contains("here: this is wrong") })
            store.put(.success(Self.answering("three")))
            input.yield(.reload)
            try await ProxyRig.wait { await serving.reloads == 2 }
            #expect(try await TestClient.get(port, "/").text == "three")
        }
    }

    @Test func itReloadsWhenTheFileIsAnother() async throws {
        let path = "/tmp/fairlead-serving-\(UInt64.random(in: 0 ... .max))"
        func write(_ text: String) {
            // A new file in place of the old one, as editors and deployments do it.
            let stream = fopen(path + ".new", "w")
            fputs(text, stream)
            fclose(stream)
            rename(path + ".new", path)
        }
        write("one")
        let store = Store(Self.answering("one"))
        try await Self.run(store, stamp: { FileStamp(path) }, watches: true) { serving, port, input in
            input.yield(.tick)
            store.put(.success(Self.answering("two")))
            write("two")
            input.yield(.tick)
            try await ProxyRig.wait { await serving.reloads == 2 }
            #expect(try await TestClient.get(port, "/").text == "two")
            // A file that is gone for a moment is no change.
            unlink(path)
            input.yield(.tick)
            input.yield(.reload)
            try await ProxyRig.wait { await serving.reloads == 3 }
        }
    }
}
