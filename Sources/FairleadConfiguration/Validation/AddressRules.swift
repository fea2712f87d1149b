// Fairlead: rules for addresses
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// What an address may be, by where it stands.
enum AddressKind {
    /// An IP address with a port, or a pipe.
    case literal
    /// A host name or an IP address, with a port.
    case hostName
}

extension ProblemTrail {
    /// An address at the place where the walk is: the message with `socket_address` or `pipe` in it.
    mutating func check(_ address: Address, as kind: AddressKind) {
        switch address {
        case .socket(let host, _):
            enter("socket_address")
            requireText(host, at: "address")
            if kind == .literal, !host.isEmpty, !IPText.isAddress(host) {
                error(
                    .invalidValue, at: "address",
                    "malformed IP address: \(host). Consider setting resolver_name or setting cluster type to "
                        + "'STRICT_DNS' or 'LOGICAL_DNS'")
            }
            leave()
        case .pipe(let path):
            enter("pipe")
            requireText(path, at: "path")
            leave()
            if kind == .hostName { error(.invalidValue, at: "pipe", "a cluster of host names has no pipes") }
        }
    }
}

/// Tells IP addresses in text form from everything else, by the rules of `inet_pton`.
enum IPText {
    /// Whether `text` is an IPv4 or IPv6 address; the latter may name its scope (`fe80::1%eth0`).
    static func isAddress(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: ":")) else { return isVersion4(bytes[...]) }
        guard let percent = bytes.firstIndex(of: UInt8(ascii: "%")) else { return isVersion6(bytes[...]) }
        return percent + 1 < bytes.count && isVersion6(bytes[..<percent])
    }

    private static func isVersion4(_ text: ArraySlice<UInt8>) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else {
                    return false
                }
                var value = 0
                for digit in part {
                    guard digit >= 0x30, digit <= 0x39 else { return false }
                    value = value * 10 + Int(digit - 0x30)
                }
                return value <= 255
            }
    }

    /// Up to eight groups of up to four hexadecimal digits; one run of groups may be left out, and the last two groups
    /// may be an IPv4 address.
    private static func isVersion6(_ text: ArraySlice<UInt8>) -> Bool {
        var parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return false }
        // A gap at an end leaves two empty parts there: "::1" is "", "", "1".
        var gaps = 0
        if parts[0].isEmpty {
            guard parts[1].isEmpty else { return false }
            parts.removeFirst()
        }
        if parts[parts.count - 1].isEmpty {
            guard parts[parts.count - 2].isEmpty else { return false }
            if parts.count > 1 { parts.removeLast() }
        }
        var groups = 0
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                gaps += 1
            } else if part.contains(UInt8(ascii: ".")) {
                guard index == parts.count - 1, isVersion4(part) else { return false }
                groups += 2
            } else {
                guard part.count <= 4, part.allSatisfy(isHexadecimal) else { return false }
                groups += 1
            }
        }
        return gaps == 0 ? groups == 8 : gaps == 1 && groups <= 7
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
    }
}
