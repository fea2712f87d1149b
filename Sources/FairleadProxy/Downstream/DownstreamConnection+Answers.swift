// Fairlead: answers on a client's connection
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1

extension DownstreamConnection {
    /// Whether more may be written without piling up.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ part: HTTPServerResponsePart) { context?.write(wrapOutboundOut(part), promise: nil) }

    func flush() { context?.flush() }

    /// Answers in an endpoint's place. The loop's request is the one that is answered.
    ///
    /// - Parameter route: the route that was taken, whose header mutations apply; `nil` for none.
    /// - Parameter attempts: the number of attempts, if the answer tells it.
    func answer(_ reply: LocalReply, route: RouteView?, attempts: Int?) {
        var headers = HeaderLines()
        for line in reply.headers { headers.append(line.name, line.value) }
        if let route {
            headers.apply(route, toResponse: true) { [loop] addition, lines in
                loop.value(
                    of: addition, route, responseLines: lines, status: reply.status, details: "", endpoint: nil)
            }
        }
        if let attempts { headers.set("x-envoy-attempt-count", String(attempts)) }
        if reply.closes { current?.keepsAlive = false }
        if current?.isGRPC == true {
            headers.tellGRPC(reply)
            start(200, headers)
            return end(nil)
        }
        headers.set("content-length", String(reply.body.count))
        if !reply.body.isEmpty, !headers.contains("content-type") { headers.append("content-type", "text/plain") }
        start(reply.status, headers)
        if !reply.body.isEmpty, current?.isHead == false {
            write(.body(.byteBuffer(ByteBuffer(bytes: reply.body))))
        }
        end(nil)
    }

    /// Begins an answer: puts on what every response carries, and says where the body ends.
    func start(_ status: UInt16, _ response: HeaderLines) {
        guard var request = current else { return }
        var headers = response
        if let manager = request.settings?.manager {
            headers.finish(manager, date: loop.dateText(), requestID: request.requestID)
        } else {
            headers.append("date", loop.dateText())
        }
        let hasBody = !request.isHead && status >= 200 && status != 204 && status != 304
        if status == 204 { headers.remove("content-length") }
        if hasBody, !headers.contains("content-length") {
            if request.understandsChunks {
                headers.append("transfer-encoding", "chunked")
            } else {
                // The end of the connection is the end of the body.
                request.keepsAlive = false
            }
        }
        // A client that still waits to be told to go on may never send its body.
        if request.expectsContinue, !request.isComplete { request.keepsAlive = false }
        if !request.keepsAlive {
            headers.append("connection", "close")
        } else if request.saysKeepAlive {
            headers.append("connection", "keep-alive")
        }
        request.isResponding = true
        current = request
        loop.counters.count(status: status)
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: Int(status)), headers: headers.httpHeaders())
        write(.head(head))
    }

    /// Ends the answer.
    func end(_ trailers: HTTPHeaders?) {
        write(.end(trailers))
        answered()
    }

    /// Tells a client that waits for it to send the body.
    func tellToGoOn() {
        guard current?.expectsContinue == true else { return }
        current?.expectsContinue = false
        write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
        flush()
    }
}

extension HeaderLines {
    /// Says `reply` to a gRPC client, in headers and without a body.
    fileprivate mutating func tellGRPC(_ reply: LocalReply) {
        set("content-type", "application/grpc")
        set("grpc-status", String(GRPCAnswer.status(http: reply.status)))
        if !reply.body.isEmpty {
            let message = Bytes.withBytes(of: reply.body) { body in
                OutputBuffer.text { GRPCAnswer.writeMessage(body, into: &$0) }
            }
            set("grpc-message", message)
        }
        set("content-length", "0")
    }
}
