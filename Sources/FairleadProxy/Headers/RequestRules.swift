// Fairlead: requests that are refused before they are routed
// SPDX-License-Identifier: Apache-2.0

public import Fairlead

/// Says which requests are refused before they are routed, as Envoy's HTTP/1 codec and connection manager do.
public enum RequestRules {
    /// The status of the refusal; `nil` for a request that may be routed.
    ///
    /// - Parameter authority: the host as received; missing when there was none.
    /// - Parameter path: the request target, which may be missing for CONNECT.
    public static func refusal(method: Bytes, authority: Bytes, path: Bytes) -> UInt16? {
        if authority.isMissing || !methods.contains(method.string) { return 400 }
        for index in 0..<authority.count where !isHostByte(authority[index]) { return 400 }
        if path.isMissing { return nil }
        guard !path.isEmpty else { return 400 }
        for index in 0..<path.count {
            let byte = path[index]
            if byte <= 0x20 || byte >= 0x7f || byte == UInt8(ascii: "#") { return 400 }
        }
        if path[0] == UInt8(ascii: "/") { return nil }
        // `OPTIONS *` is well formed, but nothing can be routed that does not begin with a slash.
        return path[0] == UInt8(ascii: "*") && isOptions(method) ? 404 : 400
    }

    /// The methods that Envoy's HTTP/1 codec knows.
    private static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "COPY", "LOCK", "MKCOL", "MOVE",
        "PROPFIND", "PROPPATCH", "SEARCH", "UNLOCK", "BIND", "REBIND", "UNBIND", "ACL", "REPORT", "MKACTIVITY",
        "CHECKOUT", "MERGE", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PURGE", "MKCALENDAR", "LINK", "UNLINK", "SOURCE",
    ]

    private static func isOptions(_ method: Bytes) -> Bool {
        Bytes.withBytes(of: "OPTIONS") { method.elementsEqual($0) }
    }

    /// Letters, digits and the punctuation that hosts, ports and IPv6 brackets may hold.
    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"),
            UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="),
            UInt8(ascii: ":"), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }
}
