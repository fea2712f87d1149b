// Fairlead: an endpoint for tests
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An endpoint for tests: answers each request as a closure says, and remembers what it saw.
final class TestBackend: Sendable {
    /// What came in.
    struct Seen: Sendable {
        var head: HTTPRequestHead
        var body: ByteBuffer
        var trailers: HTTPHeaders?
        /// The number of the connection, from 0.
        var connection: Int

        func header(_ name: String) -> String? { head.headers.first(name: name) }
    }

    /// What goes out.
    enum Answer: Sendable {
        /// A response with a length.
        case response(Int, headers: [(String, String)] = [], body: String = "")
        /// Bytes as they are, then the connection stays or goes.
        case raw(String, closes: Bool = false)
        /// A response in chunks of the given size, with a trailer if there is one.
        case chunks(count: Int, size: Int, trailer: (String, String)? = nil)
        /// What was received, sent back while it comes in.
        case echo
        /// Nothing, until the connection goes.
        case silence
        /// The end of the connection.
        case close
    }

    let port: Int
    private let channel: any Channel
    private let seenSoFar = Mutex<[Seen]>([])
    private let chunksSoFar = Mutex<Int>(0)
    private let connectionsSoFar = Mutex<Int>(0)

    /// Starts an endpoint on the given event loops.
    static func start(
        on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        _ answer: @escaping @Sendable (Seen) -> Answer
    ) async throws -> TestBackend {
        let box = Box()
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = box.backend.withLock { $0?.nextConnection() ?? 0 }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withPipeliningAssistance: false, withErrorHandling: false)
                    try channel.pipeline.syncOperations.addHandler(
                        Responder(answer, number) { seen in
                            box.backend.withLock { $0?.note(seen) }
                        } countChunk: {
                            box.backend.withLock { $0?.countChunk() }
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let backend = TestBackend(channel)
        box.backend.withLock { $0 = backend }
        return backend
    }

    private init(_ channel: any Channel) {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
    }

    private final class Box: Sendable {
        let backend = Mutex<TestBackend?>(nil)
    }

    /// Everything that came in so far.
    var seen: [Seen] { seenSoFar.withLock { $0 } }

    /// How many connections were made so far.
    var connections: Int { connectionsSoFar.withLock { $0 } }

    /// How many chunks the network has taken so far.
    var chunks: Int { chunksSoFar.withLock { $0 } }

    private func countChunk() { chunksSoFar.withLock { $0 += 1 } }

    private func note(_ seen: Seen) { seenSoFar.withLock { $0.append(seen) } }

    private func nextConnection() -> Int {
        connectionsSoFar.withLock { count in
            defer { count += 1 }
            return count
        }
    }

    func stop() async { try? await channel.close().get() }
}

/// Answers the requests of one connection.
private final class Responder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (TestBackend.Seen) -> TestBackend.Answer
    private let connection: Int
    private let note: @Sendable (TestBackend.Seen) -> Void
    private let countChunk: @Sendable () -> Void
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var echoes = false

    init(
        _ answer: @escaping @Sendable (TestBackend.Seen) -> TestBackend.Answer, _ connection: Int,
        _ note: @escaping @Sendable (TestBackend.Seen) -> Void, countChunk: @escaping @Sendable () -> Void
    ) {
        self.countChunk = countChunk
        self.answer = answer
        self.connection = connection
        self.note = note
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = ByteBuffer()
            echoes = false
            if case .echo = answer(TestBackend.Seen(head: head, body: body, connection: connection)) {
                echoes = true
                var headers = HTTPHeaders()
                if let length = head.headers.first(name: "content-length") {
                    headers.add(name: "content-length", value: length)
                }
                write(context, .head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
            }
        case .body(var part):
            if echoes {
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(part))), promise: nil)
            } else {
                body.writeBuffer(&part)
            }
        case .end(let trailers):
            guard let head else { return }
            let seen = TestBackend.Seen(head: head, body: body, trailers: trailers, connection: connection)
            note(seen)
            if echoes {
                context.writeAndFlush(wrapOutboundOut(.end(trailers)), promise: nil)
            } else {
                perform(answer(seen), context)
            }
        }
    }

    private func perform(_ answer: TestBackend.Answer, _ context: ChannelHandlerContext) {
        switch answer {
        case .response(let status, let headers, let body):
            var lines = HTTPHeaders(headers)
            lines.add(name: "content-length", value: String(body.utf8.count))
            write(
                context, .head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: lines)))
            if !body.isEmpty { write(context, .body(.byteBuffer(ByteBuffer(string: body)))) }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .raw(let text, let closes):
            // Past the codec: exactly these bytes.
            context.channel.pipeline.syncOperations.writeRaw(text)
            if closes { context.close(promise: nil) }
        case .chunks(let count, let size, let trailer):
            write(context, .head(HTTPResponseHead(version: .http1_1, status: .ok)))
            let chunk = ByteBuffer(repeating: UInt8(ascii: "x"), count: size)
            for _ in 0..<count {
                let countChunk = countChunk
                context.write(wrapOutboundOut(.body(.byteBuffer(chunk)))).whenSuccess { countChunk() }
            }
            context.writeAndFlush(wrapOutboundOut(.end(trailer.map { HTTPHeaders([$0]) })), promise: nil)
        case .echo, .silence: break
        case .close: context.close(promise: nil)
        }
    }

    private func write(_ context: ChannelHandlerContext, _ part: HTTPServerResponsePart) {
        context.write(wrapOutboundOut(part), promise: nil)
    }
}

extension ChannelPipeline.SynchronousOperations {
    /// Writes `text` before all handlers.
    fileprivate func writeRaw(_ text: String) {
        guard let encoder = try? context(handlerType: HTTPResponseEncoder.self) else { return }
        encoder.writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer(string: text))), promise: nil)
    }
}
