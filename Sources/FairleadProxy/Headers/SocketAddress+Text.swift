// Fairlead: socket addresses as Envoy writes them
// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension SocketAddress {
    /// The address with its port as Envoy writes it: `ip:port`, `[ip]:port`, or the path of a socket.
    var fairleadText: String {
        guard let ip = ipAddress, let port else { return pathname ?? "" }
        return ip.utf8.contains(UInt8(ascii: ":")) ? "[\(ip)]:\(port)" : "\(ip):\(port)"
    }
}
