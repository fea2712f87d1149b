// Fairlead: the target of a request, taken apart
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// The target of a request line, taken apart as Envoy's HTTP/1 codec does it: a path, `*`, a whole URL, or, for CONNECT,
/// a host with its port.
struct RequestTarget {
    /// The scheme that a URL names; missing for the other forms.
    private(set) var scheme = Bytes.missing
    /// The host that the target names; missing for a path and for `*`.
    private(set) var authority = Bytes.missing
    /// The path with its query; missing for CONNECT.
    private(set) var path = Bytes.missing

    /// Takes `target` apart; `nil` when it is malformed. Missing targets stay missing: HTTP/2 has them for CONNECT.
    init?(_ target: Bytes, isConnect: Bool) {
        if target.isMissing { return }
        guard !target.isEmpty, RequestTarget.isPrintable(target) else { return nil }
        if isConnect {
            guard let host = RequestTarget.host(target), host.port, host.end == target.count, host.start == 0 else {
                return nil
            }
            authority = target
        } else if target[0] == UInt8(ascii: "/") || target[0] == UInt8(ascii: "*") {
            path = target
        } else {
            guard let colon = target.firstIndex(of: UInt8(ascii: ":")),
                target.dropFirst(colon).starts(with: Bytes("://"))
            else { return nil }
            scheme = target.prefix(colon)
            guard scheme.equalsIgnoringCase(Constants.http) || scheme.equalsIgnoringCase(Constants.https) else {
                return nil
            }
            let rest = target.dropFirst(colon + 3)
            guard let host = RequestTarget.host(rest) else { return nil }
            authority = rest[host.start..<host.end]
            // Without a slash a query stays what it is: Envoy refuses it later, as a path that does not begin with one.
            path = host.end == rest.count ? Bytes("/") : rest.dropFirst(host.end)
        }
    }

    /// Whether all bytes are visible ASCII.
    private static func isPrintable(_ target: Bytes) -> Bool {
        for index in 0..<target.count where target[index] <= 0x20 || target[index] >= 0x7f { return false }
        return true
    }

    /// Where the host and port at the front of `text` begin, behind any name of a user, and where they end; `nil` when
    /// they are malformed. URLs may hold less in their hosts than `Host` may.
    private static func host(_ text: Bytes) -> (start: Int, end: Int, port: Bool)? {
        var end = 0
        while end < text.count, text[end] != UInt8(ascii: "/"), text[end] != UInt8(ascii: "?") { end += 1 }
        let authority = text.prefix(end)
        var start = 0
        if let at = authority.firstIndex(of: UInt8(ascii: "@")) {
            guard isUser(authority.prefix(at)) else { return nil }
            start = at + 1
        }
        var index = start
        if index < end, text[index] == UInt8(ascii: "[") {
            guard let bracket = authority.firstIndex(of: UInt8(ascii: "]")), bracket > index + 1 else { return nil }
            guard isAddress(text[index + 1..<bracket]) else { return nil }
            index = bracket + 1
        } else {
            while index < end, isNameByte(text[index]) { index += 1 }
            guard index > start else { return nil }
        }
        if index == end { return (start, end, false) }
        guard text[index] == UInt8(ascii: ":"), isPort(text[index + 1..<end]) else { return nil }
        return (start, end, true)
    }

    private static func isPort(_ digits: Bytes) -> Bool {
        var value = 0
        for index in 0..<digits.count {
            let digit = digits[index] &- 48
            guard digit < 10 else { return false }
            value = value * 10 + Int(digit)
            guard value <= 65535 else { return false }
        }
        return !digits.isEmpty
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    /// Whether `text` is an IP address, perhaps with the number of a scope: names of scopes are the machine's.
    private static func isAddress(_ text: Bytes) -> Bool {
        guard let percent = text.firstIndex(of: UInt8(ascii: "%")) else { return IPAddress(text) != nil }
        for index in percent + 1..<text.count where text[index] &- 48 >= 10 { return false }
        return percent + 1 < text.count && IPAddress(text.prefix(percent))?.isVersion6 == true
    }

    private static func isUser(_ text: Bytes) -> Bool {
        text.firstIndex(of: UInt8(ascii: "[")) == nil && text.firstIndex(of: UInt8(ascii: "]")) == nil
            && HostNormalForm.isWellFormed(text)
    }
}
