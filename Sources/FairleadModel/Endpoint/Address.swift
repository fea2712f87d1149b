// Fairlead: an endpoint's address
// SPDX-License-Identifier: Apache-2.0

/// Where an endpoint listens. Its text is its identity, and what hashing policies hash.
public enum Address: Hashable, Sendable {
    /// An IP address (or, for DNS clusters, a host name) and a port.
    case socket(host: String, port: UInt16)
    /// A Unix domain socket.
    case pipe(path: String)

    /// `host:port`, with brackets around an IPv6 host; or the path of the pipe.
    public var text: String {
        switch self {
        case .socket(let host, let port):
            host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .pipe(let path): path
        }
    }
}
