// Fairlead: from authority to virtual host
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Finds the virtual host that a request belongs to: after the listener, before the routes.
///
/// Envoy's order: exact domain, longest suffix wildcard, longest prefix wildcard, `*`. The choice is final.
public enum VirtualHostLookup {
    /// The ordinal of the virtual host in the table of `block`; `nil` when no domain matches. O(log lengths).
    @inline(__always)
    public static func ordinal(in block: BlockView, _ request: borrowing RequestView) -> Int? {
        let header: RouteTableHeader = block.load(0)
        // A table of nothing but "*" does not look at the host at all: a request without one is routed too.
        if header.flags.contains(.onlyCatchAll) { return index(header.catchAll) }
        var host = request.authority
        if header.hostHeader.offset != 0 { host = request.headers.first(block.bytes(header.hostHeader)) }
        guard !host.isMissing else { return nil }
        if header.flags.contains(.ignoresPort) { host = withoutPort(host) }
        let exact = header.exact.exact(host, .folded, in: block)
        if exact != 0 { return index(exact) }
        // A wildcard stands for at least one byte, so its literal part is shorter than the host.
        let suffix = header.suffixes.longest(host, limit: host.count - 1, [.folded, .fromBack], in: block)
        if suffix != 0 { return index(suffix) }
        let prefix = header.prefixes.longest(host, limit: host.count - 1, .folded, in: block)
        return index(prefix != 0 ? prefix : header.catchAll)
    }

    @inline(__always)
    private static func index(_ value: UInt32) -> Int? { value == 0 ? nil : Int(value) - 1 }

    /// The authority up to its port's colon: the last one, and for `[v6]` only one behind the bracket.
    public static func withoutPort(_ authority: Bytes) -> Bytes {
        guard let colon = authority.lastIndex(of: UInt8(ascii: ":")) else { return authority }
        if let bracket = authority.lastIndex(of: UInt8(ascii: "]")), bracket > colon { return authority }
        return authority.prefix(colon)
    }
}
