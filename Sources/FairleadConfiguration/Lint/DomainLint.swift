// Fairlead: domains that no host belongs to
// SPDX-License-Identifier: Apache-2.0

/// Finds domains that no host can belong to.
enum DomainLint {
    /// Why no host belongs to `domain`; `nil` when some may.
    static func fault(of domain: String, ignoresPort: Bool) -> String? {
        var text = Array(domain.utf8)[...]
        guard text.count > 1 else { return nil }
        let star = UInt8(ascii: "*")
        // As the lookup has it: a star at the beginning is a wildcard, else one at the end, and no other.
        var isPrefix = false
        if text.first == star {
            text = text.dropFirst()
        } else if text.last == star {
            text = text.dropLast()
            isPrefix = true
        }
        if text.contains(star) {
            return "'\(domain)' is only for hosts with a '*' in them: it stands for others at one end alone"
        }
        if text.contains(where: { $0 <= 0x20 || $0 >= 0x7f || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }) {
            return "no host holds what '\(domain)' does; a domain has no scheme, no path and no blanks"
        }
        guard ignoresPort, let colon = text.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let port = text[(colon + 1)...]
        if text.lastIndex(of: UInt8(ascii: "]")).map({ $0 > colon }) ?? false { return nil }
        // The beginning of an IPv6 address has colons that stay.
        if isPrefix, text.first == UInt8(ascii: "["), !text.contains(UInt8(ascii: "]")) { return nil }
        guard port.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return "ports are cut off before '\(domain)' is compared, because of ignore_port_in_host_matching"
    }
}
