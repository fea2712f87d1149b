// Fairlead: a request as it arrived at a listener, ready to be routed
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1

/// A request that arrived at a listener: what its connection manager made of it, and what has to be known of it beyond
/// that to serve it.
struct ArrivedRequest {
    /// The method.
    var method: HTTPMethod
    /// The host; `nil` when there was none.
    var authority: String?
    /// The path with its query; `nil` for CONNECT.
    var path: String?
    /// The scheme.
    var scheme = "http"
    /// The header lines, without `host`.
    var headers = HeaderLines()
    /// The client's address with a port.
    private(set) var source = ""
    /// What is known of the connection and of the client.
    private(set) var connection = ConnectionFacts()
    /// The request's id, if it has one.
    private(set) var requestID: String?
    /// Whether the request asks to change to another protocol: the codec reads nothing more then.
    let namesUpgrade: Bool
    /// Whether that change would be needed: not for HTTP/2, which a proxy of HTTP/1.1 may leave alone.
    private(set) var needsUpgrade = false
    /// Whether the client waits to be told to go on before it sends the body.
    let expectsContinue: Bool
    /// Whether it is a gRPC request.
    private(set) var isGRPC = false
    /// How the end of its body is told.
    var framing: RequestFraming
    /// What it is answered without being routed; `nil` when it is to be routed.
    private(set) var answer: LocalReply?

    /// Prepares a request that came on a connection from `peer` to `destination`.
    init(
        _ head: HTTPRequestHead, _ manager: ConnectionManager, peer: String, destination: String,
        _ request: Request, _ preparer: Preparer, random: inout RandomSource
    ) {
        method = head.method
        framing = RequestFraming(head)
        expectsContinue = head.version == .http1_1 && head.headers.first(name: "expect")?.lowercased() == "100-continue"
        namesUpgrade =
            head.headers.contains(name: "upgrade")
            && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
        // Two hosts are one too many (RFC 9112, 3.2); Envoy joins them.
        if head.headers["host"].count > 1 {
            answer = .refused(400)
            return
        }
        request.reset()
        request.set(method: head.method.rawValue)
        request.set(path: head.uri)
        request.set(source: peer)
        request.set(destination: destination)
        for (name, value) in head.headers { request.addHeader(name, value) }
        preparer.rules = manager.preparation
        let prepared = preparer.prepare(request.view)
        isGRPC = prepared.isGRPC
        if prepared.status != 0 {
            let isRedirect = !prepared.location.isMissing
            answer = isRedirect ? .redirect(prepared.status, prepared.location.string) : .refused(prepared.status)
            return
        }
        take(prepared)
        if expectsContinue { headers.remove("expect") }
        settleID(manager, &random)
    }

    private mutating func take(_ prepared: PreparedRequest) {
        authority = prepared.authority.string
        path = prepared.path.isMissing ? nil : prepared.path.string
        scheme = prepared.scheme.string
        source = prepared.source.string
        connection = prepared.connection
        needsUpgrade = prepared.asksForUpgrade
        headers = HeaderLines(prepared.headers)
    }

    /// An id from outside is kept unless this is the edge, which alone sees the peer's own address.
    private mutating func settleID(_ manager: ConnectionManager, _ random: inout RandomSource) {
        let isEdge = manager.preparation.usesRemoteAddress && !connection.contains(.isInternal)
        if isEdge, !manager.preservesExternalRequestID, manager.generatesRequestID { headers.remove("x-request-id") }
        requestID = headers["x-request-id"]
        guard requestID == nil, manager.generatesRequestID else { return }
        let id = RequestID.make(from: &random)
        headers.append("x-request-id", id)
        requestID = id
    }
}
