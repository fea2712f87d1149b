// Fairlead: the path and host that go to the endpoint
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension RouteView {
    /// Writes the path, with its query, that goes to the endpoint; answers whether it differs from the request's.
    ///
    /// A rewrite with substitution commands sees the headers of `request`: Envoy has changed them by then as the route's
    /// mutations say.
    @discardableResult
    public func writePath(
        _ request: borrowing RequestView, _ facts: ExchangeFacts = ExchangeFacts(), into output: inout OutputBuffer
    ) -> Bool {
        let target = request.path
        guard let (entry, block) = compiled, let forward, forward.pathRewrite != .none else {
            output.append(target)
            return false
        }
        let path = TargetParts(target).path
        let rest = target.dropFirst(path.count)
        // Matched only because path parameters do not count: there is nothing to replace in the path as sent.
        guard forward.pathRewrite != .prefix || MatchedPart.isLiteral(entry, in: block, path) else {
            output.append(target)
            return false
        }
        let start = output.needed
        switch forward.pathRewrite {
        case .none: output.append(path)
        case .prefix:
            output.append(block.bytes(forward.path))
            output.append(path.dropFirst(MatchedPart.length(entry, in: block, path)))
        case .pattern:
            block.replaceAll(pattern: forward.pathPattern, in: path, with: block.bytes(forward.path), into: &output)
        case .format:
            Substitution(route: self, block: block, facts: facts, place: .path)
                .write(forward.path.pieces, request, into: &output)
        case .template:
            let rewrite = block[BlockReference<TemplateRecord>(offset: forward.pathPattern)].parts
            let isWritten = TemplateMatcher.write(
                rewrite, from: entry.template(in: block), in: block, path, into: &output)
            if !isWritten { output.append(path) }
        }
        // A rewrite to nothing leaves the path as it was.
        if output.needed == start, forward.pathRewrite != .prefix { output.append(path) }
        output.append(rest)
        return !output.written.dropFirst(start).elementsEqual(target)
    }

    /// Writes the authority that goes to the endpoint whose host name is `hostname` (missing when not picked yet);
    /// answers whether it differs from the request's.
    ///
    /// A rewrite of the weighted cluster acts first, then the route's own. Those that read headers see the ones of
    /// `request`: Envoy has changed them by then as the route's mutations say.
    @discardableResult
    public func writeAuthority(
        _ request: borrowing RequestView, endpointHostname hostname: Bytes, _ facts: ExchangeFacts = ExchangeFacts(),
        into output: inout OutputBuffer
    ) -> Bool {
        let start = output.needed
        guard let (_, block) = compiled, let forward else {
            output.append(request.authority)
            return false
        }
        switch forward.hostRewrite {
        case .none: break
        case .literal: output.append(block.bytes(forward.host))
        case .endpointHostname: output.append(hostname)
        case .header: output.append(request.headers.first(block.bytes(forward.host)))
        case .pathPattern:
            let path = TargetParts(request.path).path
            block.replaceAll(pattern: forward.hostPattern, in: path, with: block.bytes(forward.host), into: &output)
        case .format:
            Substitution(route: self, block: block, facts: facts, place: .host)
                .write(forward.host.pieces, request, into: &output)
        }
        // What a rewrite leaves empty stays as the weighted cluster, or the request, has it.
        if output.needed == start {
            let entryHost = weightedEntry.map { block.bytes($0.host) } ?? .missing
            output.append(entryHost.isEmpty ? request.authority : entryHost)
        }
        return !output.written.dropFirst(start).elementsEqual(request.authority)
    }

    /// Writes the value of an added header for `request`, whose headers are those from before the mutations of the same
    /// level.
    public func writeValue(
        of addition: Addition, _ request: borrowing RequestView, _ facts: ExchangeFacts = ExchangeFacts(),
        into output: inout OutputBuffer
    ) {
        if addition.isFixed { return output.append(addition.value) }
        Substitution(route: self, block: addition.block, facts: facts, place: .header)
            .write(addition.format, request, into: &output)
    }

    /// Writes the body of a direct response for `request`; nothing for everything else.
    public func writeBody(
        _ request: borrowing RequestView, _ facts: ExchangeFacts = ExchangeFacts(), into output: inout OutputBuffer
    ) {
        guard composesBody, let (_, block) = compiled, let directResponse else { return output.append(body) }
        let substitution = Substitution(
            route: self, block: block, facts: facts, place: directResponse.omitsMissing == 1 ? .briefBody : .body)
        if directResponse.json.exists {
            JSONBody(substitution: substitution).write(block[directResponse.json], request, into: &output)
        } else {
            substitution.write(directResponse.format, request, into: &output)
        }
    }

    /// Writes the `set-cookie` value of a cookie that was made up for this request's hash; answers whether there is one.
    public func writeGeneratedCookie(into output: inout OutputBuffer) -> Bool {
        guard let (policy, value) = generatedCookie, let (_, block) = compiled, let forward else { return false }
        let record = block[forward.hashPolicies, policy]
        output.append(block.bytes(record.name))
        output.append("=\"")
        Cookies.append(value, to: &output)
        output.append("\"")
        output.append(block.bytes(record.attributes))
        return true
    }
}

/// The part of a path that a route's match covers, for rewrites.
enum MatchedPart {
    /// Its length: of the text for prefixes and exact paths (behind which ignored parameters may follow), of the whole
    /// path for everything else.
    static func length(_ entry: RouteEntry, in block: BlockView, _ path: Bytes) -> Int {
        switch entry.pathKind {
        case .prefix, .separatedPrefix, .exact: min(Int(entry.path.count), path.count)
        case .pattern, .connect, .template: path.count
        }
    }

    /// Whether the path as sent begins with the text that the route is matched by; patterns have no such text.
    static func isLiteral(_ entry: RouteEntry, in block: BlockView, _ path: Bytes) -> Bool {
        switch entry.pathKind {
        case .pattern, .connect, .template: return true
        case .prefix, .separatedPrefix, .exact:
            let text = block.bytes(entry.path)
            guard path.count >= text.count else { return false }
            return entry.ignoresCase == 1 ? path.prefix(text.count).foldedEquals(text) : path.starts(with: text)
        }
    }
}
