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

    /// The address whose text is `text`: what ends in a colon and a port is a socket, unless it is an absolute path or an
    /// abstract name.
    public init(text: String) {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first != UInt8(ascii: "/"), first != UInt8(ascii: "@"),
            let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
            let port = UInt16(String(decoding: bytes[(colon + 1)...], as: UTF8.self)),
            bytes[(colon + 1)...].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else {
            self = .pipe(path: text)
            return
        }
        var host = bytes[..<colon]
        if first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") { host = host.dropFirst().dropLast() }
        self = .socket(host: String(decoding: host, as: UTF8.self), port: port)
    }
}
