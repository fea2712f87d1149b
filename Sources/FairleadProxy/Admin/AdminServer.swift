// Fairlead: the administration interface
// SPDX-License-Identifier: Apache-2.0

public import Fairlead
import NIOCore
import NIOHTTP1
import NIOPosix

/// The administration interface of a proxy: a small HTTP server on an address and a thread of its own, so that it answers
/// while all event loops are busy.
public final class AdminServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel

    /// Starts the interface of `proxy`.
    ///
    /// - Parameter dump: writes a configuration as JSON, for `/config_dump`.
    /// - Throws: when the address cannot be listened at.
    public static func start(
        _ proxy: Proxy, at address: Address, dump: @escaping @Sendable (Configuration) -> String
    ) async throws -> AdminServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let pages = AdminPages(proxy, dump: dump)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(AdminConnection(pages))
                }
            }
        do {
            let channel =
                switch address {
                case .socket(let host, let port): try await bootstrap.bind(host: host, port: Int(port)).get()
                case .pipe(let path):
                    try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
                }
            return AdminServer(group, channel)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private init(_ group: MultiThreadedEventLoopGroup, _ channel: any Channel) {
        self.group = group
        self.channel = channel
    }

    /// Where it listens.
    public var address: String { channel.localAddress?.fairleadText ?? "" }

    /// The port, 0 for a Unix socket.
    public var port: Int { channel.localAddress?.port ?? 0 }

    /// Closes everything.
    public func stop() async { try? await group.shutdownGracefully() }
}

/// One connection to the administration interface.
private final class AdminConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let pages: AdminPages
    private var head: HTTPRequestHead?

    init(_ pages: AdminPages) { self.pages = pages }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let page = request.method == .GET ? pages.page(request.uri) : AdminPage(405, "Method Not Allowed\n")
        let body = ByteBuffer(string: page.body)
        var headers = HTTPHeaders([
            ("content-type", page.type), ("content-length", String(body.readableBytes)), ("cache-control", "no-cache"),
        ])
        if page.status == 405 { headers.add(name: "allow", value: "GET") }
        if !request.isKeepAlive { headers.add(name: "connection", value: "close") }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: page.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        guard !request.isKeepAlive else { return }
        let channel = context.channel
        written.whenComplete { _ in channel.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
