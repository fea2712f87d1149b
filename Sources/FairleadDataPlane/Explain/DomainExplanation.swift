// Fairlead: why a request belongs to a virtual host
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension Explanation.VirtualHostChoice {
    /// Looks through all domains of `table` for those that the request's host belongs to. O(wildcards).
    init(_ table: RouteTableView, _ request: borrowing RequestView) {
        self.init()
        let block = table.block
        let header: RouteTableHeader = block.load(0)
        var host = request.authority
        if header.hostHeader.offset != 0 { host = request.headers.first(block.bytes(header.hostHeader)) }
        if header.flags.contains(.ignoresPort), !host.isMissing { host = VirtualHostLookup.withoutPort(host) }
        self.host = host.isMissing ? nil : host.string
        var found: [Explanation.Domain] = []
        if !host.isMissing {
            let exact = header.exact.exact(host, .folded, in: block)
            if exact != 0 {
                found.append(Explanation.Domain(ASCII.lowercased(host.string), .exact, table, exact))
            }
            found += Self.wildcards(header.suffixTexts, header.suffixes, .suffix, table, host)
            found += Self.wildcards(header.prefixTexts, header.prefixes, .prefix, table, host)
        }
        // A table of nothing but "*" takes a request without a host, too.
        if header.catchAll != 0, !host.isMissing || header.flags.contains(.onlyCatchAll) {
            found.append(Explanation.Domain("*", .any, table, header.catchAll))
        }
        domain = found.first
        beaten = Array(found.dropFirst())
    }

    /// The wildcards of one kind that `host` belongs to, the longest first. One stands for at least one byte.
    private static func wildcards(
        _ texts: BlockArray<BlockText>, _ index: TextIndex, _ kind: Explanation.Domain.Kind, _ table: RouteTableView,
        _ host: Bytes
    ) -> [Explanation.Domain] {
        let block = table.block
        var found: [(length: Int, domain: Explanation.Domain)] = []
        for position in 0..<Int(texts.count) {
            let text = block.bytes(block[texts, position])
            guard text.count < host.count else { continue }
            let part = kind == .suffix ? host.dropFirst(host.count - text.count) : host.prefix(text.count)
            guard part.foldedEquals(text) else { continue }
            let value = index.longest(
                text, limit: text.count, kind == .suffix ? [.folded, .fromBack] : .folded, in: block)
            let shown = kind == .suffix ? "*" + text.string : text.string + "*"
            found.append((text.count, Explanation.Domain(shown, kind, table, value)))
        }
        found.sort { $0.length > $1.length }
        return found.map { $0.domain }
    }
}

extension Explanation.Domain {
    /// A domain that is filed under `value`, the ordinal of its virtual host plus one.
    fileprivate init(_ text: String, _ kind: Kind, _ table: RouteTableView, _ value: UInt32) {
        self.text = text
        self.kind = kind
        guard value != 0 else {
            virtualHost = ""
            return
        }
        let host = table.virtualHost(Int(value) - 1)
        virtualHost = host.bytes(host.load(0, as: VirtualHostHeader.self).name).string
    }
}
