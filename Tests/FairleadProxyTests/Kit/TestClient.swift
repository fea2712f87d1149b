// Fairlead: a client for tests
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// A client for tests, which sends bytes and takes responses apart by itself: it shares no code with what it tests.
final class TestClient: Sendable {
    /// A response.
    struct Response: Sendable {
        var status = 0
        var headers: [(name: String, value: String)] = []
        var body: [UInt8] = []
        var trailers: [(name: String, value: String)] = []

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

        func count(of name: String) -> Int { headers.count { $0.name == name } }
    }

    /// The connection ended where a response was expected.
    struct ConnectionEnded: Error {}

    private let channel: any Channel
    private let reader: ResponseReader

    /// Connects to `port` of this machine.
    static func connect(_ port: Int) async throws -> TestClient {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(ByteSource()) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        let source = try await channel.eventLoop.submit {
            NIOLoopBound(
                try channel.pipeline.syncOperations.handler(type: ByteSource.self), eventLoop: channel.eventLoop)
        }.get()
        return TestClient(channel, source)
    }

    private init(_ channel: any Channel, _ source: NIOLoopBound<ByteSource>) {
        self.channel = channel
        reader = ResponseReader(source)
    }

    /// Sends `text` as it is.
    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// Sends `bytes` as they are.
    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// The next response; interim ones count too.
    func response(toHead: Bool = false) async throws -> Response { try await reader.response(toHead: toHead) }

    /// The bytes of the next response's head alone; what follows stays unread until asked for.
    func head() async throws -> Response { try await reader.head() }

    /// Reads up to `count` bytes of what follows.
    func read(_ count: Int) async throws -> Int { try await reader.take(count).count }

    /// Waits for the end of the connection; answers how many bytes came before.
    func end() async throws -> Int { try await reader.end() }

    /// Sends a request and waits for the response.
    static func ask(_ port: Int, _ request: String, toHead: Bool = false) async throws -> Response {
        let client = try await connect(port)
        try await client.send(request)
        let response = try await client.response(toHead: toHead)
        client.close()
        return response
    }

    /// Asks for `path` in the simplest way.
    static func get(
        _ port: Int, _ path: String, host: String = "test.example", _ headers: [(String, String)] = []
    ) async throws -> Response {
        let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        return try await ask(port, "GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\(lines)\r\n")
    }

    func close() { channel.close(promise: nil) }
}

/// Gives out what comes in, and reads only when it is asked.
private final class ByteSource: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var context: ChannelHandlerContext?
    private var arrived: [ByteBuffer] = []
    private var isOver = false
    private var waiting: EventLoopPromise<ByteBuffer?>?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    /// The next bytes; `nil` at the end.
    func next() -> EventLoopFuture<ByteBuffer?>? {
        guard let context else { return nil }
        if !arrived.isEmpty { return context.eventLoop.makeSucceededFuture(arrived.removeFirst()) }
        if isOver { return context.eventLoop.makeSucceededFuture(nil) }
        let promise = context.eventLoop.makePromise(of: ByteBuffer?.self)
        waiting = promise
        context.read()
        return promise.futureResult
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard let waiting else { return arrived.append(bytes) }
        self.waiting = nil
        waiting.succeed(bytes)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOver = true
        waiting?.succeed(nil)
        waiting = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Takes responses apart.
private actor ResponseReader {
    private let source: NIOLoopBound<ByteSource>
    private var buffer: [UInt8] = []
    private var position = 0

    init(_ source: NIOLoopBound<ByteSource>) { self.source = source }

    private func fill() async throws -> Bool {
        if position > 1 << 16 {
            buffer.removeFirst(position)
            position = 0
        }
        let source = source
        let next = try await source.eventLoop.flatSubmit {
            source.value.next() ?? source.eventLoop.makeSucceededFuture(nil)
        }.get()
        guard let next else { return false }
        buffer.append(contentsOf: next.readableBytesView)
        return true
    }

    private func line() async throws -> String {
        while true {
            if let end = buffer[position...].firstIndex(of: 10) {
                var text = buffer[position..<end]
                if text.last == 13 { text.removeLast() }
                position = end + 1
                return String(decoding: text, as: UTF8.self)
            }
            guard try await fill() else { throw TestClient.ConnectionEnded() }
        }
    }

    func take(_ count: Int) async throws -> [UInt8] {
        while buffer.count - position < count {
            guard try await fill() else { throw TestClient.ConnectionEnded() }
        }
        defer { position += count }
        return Array(buffer[position..<position + count])
    }

    func end() async throws -> Int {
        var count = buffer.count - position
        while true {
            position = buffer.count
            guard try await fill() else { return count }
            count += buffer.count - position
        }
    }

    private func lines() async throws -> [(name: String, value: String)] {
        var lines: [(String, String)] = []
        while true {
            let text = try await line()
            guard let colon = text.firstIndex(of: ":") else { return lines }
            let value = text[text.index(after: colon)...].drop { $0 == " " }
            lines.append((text[..<colon].lowercased(), String(value)))
        }
    }

    func head() async throws -> TestClient.Response {
        let status = try await line().split(separator: " ")
        guard status.count > 1, status[0] == "HTTP/1.1", let code = Int(status[1]) else {
            throw TestClient.ConnectionEnded()
        }
        return TestClient.Response(status: code, headers: try await lines())
    }

    func response(toHead: Bool) async throws -> TestClient.Response {
        var response = try await head()
        if toHead || response.status < 200 || response.status == 204 || response.status == 304 { return response }
        if let length = response.header("content-length").flatMap({ Int($0) }) {
            response.body = try await take(length)
        } else if response.header("transfer-encoding") == "chunked" {
            while true {
                let size = Int(try await line(), radix: 16) ?? -1
                guard size >= 0 else { throw TestClient.ConnectionEnded() }
                if size == 0 { break }
                response.body += try await take(size)
                _ = try await line()
            }
            response.trailers = try await lines()
        } else {
            while try await fill() {}
            response.body = Array(buffer[position...])
            position = buffer.count
        }
        return response
    }
}
