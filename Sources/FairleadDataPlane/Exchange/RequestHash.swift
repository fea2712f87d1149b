// Fairlead: a request's hash
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Makes a request's hash from its route's hash policies, bit for bit as Envoy does (`hash_policy.cc`).
enum RequestHash {
    /// Combines the policies in order: each one that gives a hash is XORed onto the rotated hash so far.
    static func compute(
        _ forward: ForwardRecord, in host: BlockView, _ exchange: inout ExchangeState,
        _ request: borrowing RequestView, _ parts: TargetParts
    ) {
        var combined: UInt64?
        for index in 0..<Int(forward.hashPolicies.count) {
            let policy = host[forward.hashPolicies, index]
            if let hash = hash(policy, index, in: host, &exchange, request, parts) {
                combined = combined.map { ($0 << 1 | $0 >> 63) ^ hash } ?? hash
            }
            if policy.isTerminal == 1, combined != nil { break }
        }
        guard let combined else { return }
        exchange.hash = combined
        exchange.hasHash = 1
    }

    private static func hash(
        _ policy: HashRecord, _ index: Int, in host: BlockView, _ exchange: inout ExchangeState,
        _ request: borrowing RequestView, _ parts: TargetParts
    ) -> UInt64? {
        let name = host.bytes(policy.name)
        switch policy.source {
        case .header: return header(policy, name, in: host, request.headers)
        case .queryParameter:
            let value = parts.parameter(name)
            return value.isMissing ? nil : XXHash64.hash(value)
        case .filterState:
            // Of all objects, Envoy hashes those that say how; addresses do not.
            guard let value = request.facts.filterState(name), value.kind == .text, !value.text.isMissing else {
                return nil
            }
            return XXHash64.hash(value.text)
        case .sourceIP:
            guard !request.source.isMissing else { return nil }
            return XXHash64.hash(address(request.source))
        case .cookie:
            let value = Cookies.first(name, in: request.headers)
            if !value.isEmpty { return XXHash64.hash(value) }
            guard policy.timeToLive != .max else { return nil }
            return generated(index, &exchange, request)
        }
    }

    /// The text of an address without its port and without the brackets of IPv6.
    static func address(_ text: Bytes) -> Bytes {
        let host = VirtualHostLookup.withoutPort(text)
        guard host.count >= 2, host[0] == UInt8(ascii: "["), host[host.count - 1] == UInt8(ascii: "]") else {
            return host
        }
        return host[1..<(host.count - 1)]
    }

    /// The values are rewritten, sorted bytewise and chained, each hash seeding the next.
    private static func header(
        _ policy: HashRecord, _ name: Bytes, in host: BlockView, _ headers: HeaderList
    ) -> UInt64? {
        guard let first = headers.firstIndex(of: name) else { return nil }
        guard headers.firstIndex(of: name, from: first + 1) != nil else {
            return rewritten(headers[first].value, policy, in: host) { XXHash64.hash($0) }
        }
        // Sorting in place would need memory: instead the next larger value is looked for each time. Repeated headers
        // are few, and a header list is capped by the host.
        var hash: UInt64 = 0
        var previous: Int?
        while let next = successor(of: previous, name, first, policy, in: host, headers) {
            hash = rewritten(headers[next].value, policy, in: host) { XXHash64.hash($0, seed: hash) }
            previous = next
        }
        return hash
    }

    /// The line with the smallest value behind that of line `previous`, ties in the order of the lines.
    private static func successor(
        of previous: Int?, _ name: Bytes, _ first: Int, _ policy: HashRecord, in host: BlockView, _ headers: HeaderList
    ) -> Int? {
        var best: Int?
        var line: Int? = first
        while let candidate = line {
            line = headers.firstIndex(of: name, from: candidate + 1)
            if let previous, !precedes(previous, candidate, policy, in: host, headers) { continue }
            if let chosen = best, !precedes(candidate, chosen, policy, in: host, headers) { continue }
            best = candidate
        }
        return best
    }

    private static func precedes(
        _ left: Int, _ right: Int, _ policy: HashRecord, in host: BlockView, _ headers: HeaderList
    ) -> Bool {
        rewritten(headers[left].value, policy, in: host) { first in
            rewritten(headers[right].value, policy, in: host) { second in
                first.precedes(second) || (left < right && !second.precedes(first))
            }
        }
    }

    /// Lends `value` as the policy's pattern rewrites it, or as it is when there is none.
    private static func rewritten<Result>(
        _ value: Bytes, _ policy: HashRecord, in host: BlockView, _ body: (Bytes) -> Result
    ) -> Result {
        guard policy.pattern != 0 else { return body(value) }
        return ScratchBuffer.with(
            { host.replaceAll(pattern: policy.pattern, in: value, with: host.bytes(policy.substitution), into: &$0) },
            use: body)
    }

    /// The hash of a cookie made up for a client that has none: the same for all requests of one connection.
    private static func generated(
        _ index: Int, _ exchange: inout ExchangeState, _ request: borrowing RequestView
    ) -> UInt64 {
        let source = request.source
        let destination = request.destination
        let value = ScratchBuffer.with(
            {
                $0.append(source)
                $0.append(destination)
            }, use: { XXHash64.hash($0) })
        exchange.cookieValue = value
        exchange.cookiePolicy = UInt32(truncatingIfNeeded: index) &+ 1
        return ScratchBuffer.with({ Cookies.append(value, to: &$0) }, use: { XXHash64.hash($0) })
    }
}

/// Reads cookies.
enum Cookies {
    /// The first cookie called `name` in all Cookie lines, surrounding quotes cut; missing if there is none.
    ///
    /// As in Envoy, only spaces before the name do not count: those behind it or around the value belong to them.
    static func first(_ name: Bytes, in headers: HeaderList) -> Bytes {
        var line = headers.firstIndex(of: Constants.cookie)
        while let index = line {
            let text = headers[index].value
            var start = 0
            while start <= text.count {
                let end = text.firstIndex(of: UInt8(ascii: ";"), from: start) ?? text.count
                let pair = withoutLeadingSpaces(text[start..<end])
                if let equals = pair.firstIndex(of: UInt8(ascii: "=")), pair.prefix(equals).elementsEqual(name) {
                    return unquoted(pair.dropFirst(equals + 1))
                }
                start = end + 1
            }
            line = headers.firstIndex(of: Constants.cookie, from: index + 1)
        }
        return .missing
    }

    /// Writes a cookie's value as Envoy does: 16 hexadecimal digits in lower case.
    static func append(_ value: UInt64, to output: inout OutputBuffer) {
        for position in (0..<16).reversed() {
            output.append(hexadecimal: UInt8(truncatingIfNeeded: value >> UInt64(position * 4)) & 15)
        }
    }

    private static func withoutLeadingSpaces(_ text: Bytes) -> Bytes {
        var start = 0
        while start < text.count, text[start] == UInt8(ascii: " ") { start += 1 }
        return text.dropFirst(start)
    }

    private static func unquoted(_ text: Bytes) -> Bytes {
        guard text.count >= 2, text[0] == UInt8(ascii: "\""), text[text.count - 1] == UInt8(ascii: "\"") else {
            return text
        }
        return text[1..<(text.count - 1)]
    }
}
