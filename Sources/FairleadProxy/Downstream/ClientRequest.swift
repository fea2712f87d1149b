// Fairlead: the request that a connection is serving
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1

/// The request that a connection is serving: what has to be known of it until its answer is out.
struct ClientRequest {
    /// Whether the answer has no body.
    var isHead = false
    /// Whether the client understands a chunked answer.
    var understandsChunks = true
    /// Whether the connection goes on after the answer.
    var keepsAlive = true
    /// Whether keeping alive has to be said.
    var saysKeepAlive = false
    /// Whether the client waits to be told to go on.
    var expectsContinue = false
    /// The request's id, if it has one.
    var requestID: String?
    /// Whether it is a gRPC request, whose answers travel in headers of their own.
    var isGRPC = false
    /// How the listener treats it; `nil` when the bytes were no request.
    var settings: ListenerSettings?
    /// When the whole request has to be here.
    var deadline = Instant.never
    /// Whether the whole request is here.
    var isComplete = false
    /// Whether something of the answer is out.
    var isResponding = false
    /// Whether the whole answer is out.
    var isAnswered = false

    /// A request that arrived at `now`.
    init(_ head: HTTPRequestHead, _ arrived: ArrivedRequest, _ settings: ListenerSettings, now: Instant) {
        isHead = head.method == .HEAD
        // The codec lets no other major version pass.
        understandsChunks = head.version.minor >= 1
        // A codec that has seen a change of protocol reads nothing more, whether or not it takes place.
        keepsAlive = head.isKeepAlive && head.method != .CONNECT && !arrived.namesUpgrade
        saysKeepAlive = head.version.minor < 1
        expectsContinue = arrived.expectsContinue
        requestID = arrived.requestID
        isGRPC = arrived.isGRPC
        self.settings = settings
        if let limit = settings.manager.requestTimeout { deadline = now + limit }
    }

    /// Bytes that are no request. Nothing more comes that could be understood.
    init() { keepsAlive = false }
}
