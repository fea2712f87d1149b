// Fairlead: whose request it is
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore

/// Finds the address of the client that a request comes from, which is not the peer's when trusted proxies stand between.
enum ClientAddress {
    /// The client's address with a port, 0 when it is not known.
    ///
    /// - Parameter forwardedFor: the request's `x-forwarded-for`, before this proxy adds to it.
    /// - Parameter peer: the address at the other end of the connection, with its port.
    static func text(_ manager: ConnectionManager, forwardedFor: String?, peer: String) -> String {
        guard let forwardedFor else { return peer }
        let fromTheRight = Int(manager.trustedHops) + (manager.usesRemoteAddress ? 0 : 1)
        guard fromTheRight > 0 else { return peer }
        let entries = forwardedFor.split(separator: ",", omittingEmptySubsequences: false)
        guard entries.count >= fromTheRight else { return peer }
        let entry = trimmed(entries[entries.count - fromTheRight])
        guard (try? SocketAddress(ipAddress: entry, port: 0)) != nil else { return peer }
        return entry.utf8.contains(UInt8(ascii: ":")) ? "[\(entry)]:0" : entry + ":0"
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return String(rest)
    }
}

extension SocketAddress {
    /// The address with its port as Envoy writes it: `ip:port`, `[ip]:port`, or the path of a socket.
    var fairleadText: String {
        guard let ip = ipAddress, let port else { return pathname ?? "" }
        return ip.utf8.contains(UInt8(ascii: ":")) ? "[\(ip)]:\(port)" : "\(ip):\(port)"
    }
}
