// Fairlead: what a listener does to a request's headers before it is routed
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1

/// A request as the listener's connection manager makes it: parts told apart, headers of one connection taken off,
/// headers of proxies put on. It is what is routed.
struct PreparedRequest {
    /// The method.
    var method: HTTPMethod
    /// The scheme, for redirects.
    var scheme: String
    /// The host; `nil` when there was none.
    var authority: String?
    /// The target; `nil` for CONNECT.
    var path: String?
    /// The header lines, without `host`.
    var headers: HeaderLines
    /// The client's address with a port.
    var source: String
    /// The request's id, if it has one.
    var requestID: String?
    /// Whether the request asks to change to another protocol.
    var namesUpgrade: Bool
    /// Whether that change would be needed: not for HTTP/2, which a proxy of HTTP/1.1 may leave alone.
    var needsUpgrade: Bool
    /// Whether the client waits to be told to go on before it sends the body.
    var expectsContinue: Bool
    /// How the end of its body is told.
    var framing: RequestFraming
    /// The status of a refusal; `nil` when the request is well formed so far.
    var refusal: UInt16?

    /// Prepares a request that came from `peer`.
    init(
        _ head: HTTPRequestHead, _ manager: ConnectionManager, peer: String, peerHost: String?,
        random: inout RandomSource
    ) {
        method = head.method
        framing = RequestFraming(head)
        headers = HeaderLines(received: head.headers)
        // Two hosts are one too many (RFC 9112, 3.2); Envoy joins them.
        refusal = headers.count(of: "host") > 1 ? 400 : nil
        authority = headers["host"]
        path = head.uri
        scheme = "http"
        namesUpgrade = headers.contains("upgrade") && Self.nominates("upgrade", headers)
        needsUpgrade = namesUpgrade && headers["upgrade"]?.lowercased() != "h2c"
        expectsContinue = head.version == .http1_1 && (headers["expect"]?.lowercased() == "100-continue")
        Self.takeOffHopByHop(&headers)
        headers.removeAll { $0.name == "host" || HeaderName.isInternalOnly($0.name) }
        if expectsContinue { headers.remove("expect") }

        let forwardedFor = headers["x-forwarded-for"]
        source = ClientAddress.text(manager, forwardedFor: forwardedFor, peer: peer)
        if manager.usesRemoteAddress {
            if let peerHost { headers.set("x-forwarded-for", forwardedFor.map { $0 + "," + peerHost } ?? peerHost) }
            if manager.trustedHops == 0 { headers.remove("x-forwarded-proto") }
        }
        if let proto = headers["x-forwarded-proto"] {
            if proto == "https" { scheme = proto }
        } else {
            headers.append("x-forwarded-proto", scheme)
        }
        // An id from outside is kept unless this is the edge, which alone sees the peer's own address.
        if manager.usesRemoteAddress, !manager.preservesExternalRequestID { headers.remove("x-request-id") }
        requestID = headers["x-request-id"]
        if requestID == nil, manager.generatesRequestID {
            let id = RequestID.make(from: &random)
            headers.append("x-request-id", id)
            requestID = id
        }
        takeTargetApart()
    }

    /// An absolute target brings its own host, and CONNECT has nothing else.
    private mutating func takeTargetApart() {
        guard let target = path else { return }
        if method == .CONNECT {
            authority = target
            path = nil
            return
        }
        guard !target.hasPrefix("/"), let end = target.firstRange(of: "://") else { return }
        let named = target[..<end.lowerBound].lowercased()
        guard named == "http" || named == "https" else { return refusal = 400 }
        let rest = target[end.upperBound...]
        let slash = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let host = rest[..<slash]
        if host.isEmpty { refusal = 400 }
        authority = String(host)
        let local = String(rest[slash...])
        path = local.hasPrefix("/") ? local : "/" + local
    }

    /// Whether a `connection` header names `token`.
    private static func nominates(_ token: String, _ headers: HeaderLines) -> Bool {
        headers.lines.contains { line in
            line.name == "connection" && line.value.split(separator: ",").contains { trimmed($0).lowercased() == token }
        }
    }

    private static func takeOffHopByHop(_ headers: inout HeaderLines) {
        var nominated: [String] = []
        for line in headers.lines where line.name == "connection" {
            for token in line.value.split(separator: ",") {
                let name = trimmed(token).lowercased()
                if !HeaderName.isHopByHop(name), name != "close", name != "host" { nominated.append(name) }
            }
        }
        headers.removeAll { line in
            // `te: trailers` is the one wish for this connection that the next one shares.
            if line.name == "te" { return line.value.lowercased() != "trailers" }
            return HeaderName.isHopByHop(line.name) || nominated.contains(line.name)
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return rest
    }
}
