// Fairlead: the normal form of hosts
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Brings a request's host into a normal form, and says what a host may hold.
enum HostNormalForm {
    private static let dot = UInt8(ascii: ".")
    private static let colon = UInt8(ascii: ":")

    /// The host without a dot at its end, or before its port.
    static func withoutTrailingDot(_ host: Bytes, _ output: inout OutputBuffer) -> Bytes {
        guard let place = host.lastIndex(of: dot) else { return host }
        if place == host.count - 1 { return host.prefix(place) }
        guard host[place + 1] == colon else { return host }
        let start = output.needed
        output.append(host.prefix(place))
        output.append(host.dropFirst(place + 1))
        return output.written(from: start)
    }

    /// The host without its port, if that is a number and, where `wanted` is given, this one.
    static func withoutPort(_ host: Bytes, wanted: UInt32? = nil) -> Bytes {
        guard let place = portStart(host), let port = number(host.dropFirst(place + 1)) else { return host }
        if let wanted, wanted != port { return host }
        return host.prefix(place)
    }

    /// The port of an address as text, `10.0.0.1:4711`; `nil` when there is none.
    static func port(of address: Bytes) -> UInt32? {
        portStart(address).flatMap { number(address.dropFirst($0 + 1)) }
    }

    /// The host of an address as text, without its port and its brackets.
    static func host(of address: Bytes) -> Bytes {
        let host = address.prefix(portStart(address) ?? address.count)
        guard host.count > 1, host[0] == UInt8(ascii: "["), host[host.count - 1] == UInt8(ascii: "]") else {
            return host
        }
        return host[1..<host.count - 1]
    }

    /// Where the colon before the port stands: the last one, unless a bracket closes behind it.
    private static func portStart(_ host: Bytes) -> Int? {
        guard let place = host.lastIndex(of: colon) else { return nil }
        if let bracket = host.lastIndex(of: UInt8(ascii: "]")), bracket > place { return nil }
        return place
    }

    /// A number of 32 bits, perhaps with a plus before it.
    private static func number(_ text: Bytes) -> UInt32? {
        let digits = !text.isEmpty && text[0] == UInt8(ascii: "+") ? text.dropFirst(1) : text
        guard !digits.isEmpty else { return nil }
        var value: UInt64 = 0
        for index in 0..<digits.count {
            let digit = digits[index] &- 48
            guard digit < 10 else { return nil }
            value = value * 10 + UInt64(digit)
            guard value <= UInt64(UInt32.max) else { return nil }
        }
        return UInt32(value)
    }

    /// Whether `host` holds nothing but letters, digits and the punctuation of hosts, ports and IPv6 brackets.
    static func isWellFormed(_ host: Bytes) -> Bool {
        for index in 0..<host.count where !isHostByte(host[index]) { return false }
        return true
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        if (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 { return true }
        return switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"),
            UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="),
            UInt8(ascii: ":"), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }
}
