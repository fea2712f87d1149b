// Fairlead: a redirect's Location
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension RouteView {
    /// Writes the Location of a redirect: scheme, host, port and path, as Envoy puts them together.
    public func writeLocation(
        _ request: borrowing RequestView, _ facts: ExchangeFacts = ExchangeFacts(), into output: inout OutputBuffer
    ) {
        if isTLSRedirect {
            output.append("https://")
            output.append(request.authority)
            output.append(request.path)
            return
        }
        guard let (entry, block) = compiled, let redirect else { return }
        let scheme = scheme(redirect, block, request)
        output.append(scheme)
        output.append("://")
        if redirect.host.offset != 0 {
            output.append(block.bytes(redirect.host))
        } else {
            output.append(host(redirect, scheme, request))
        }
        if redirect.port != 0 {
            output.append(":")
            output.append(decimal: UInt64(redirect.port))
        }
        writePath(redirect, entry, block, request, facts, into: &output)
    }

    private func scheme(_ redirect: RedirectRecord, _ block: BlockView, _ request: borrowing RequestView) -> Bytes {
        if redirect.scheme.offset != 0 { return block.bytes(redirect.scheme) }
        if redirect.isHTTPSRedirect == 1 { return Constants.https }
        return request.scheme.isEmpty ? Constants.http : request.scheme
    }

    /// The request's authority, without its port when that is set anew or was the old scheme's default.
    private func host(_ redirect: RedirectRecord, _ scheme: Bytes, _ request: borrowing RequestView) -> Bytes {
        let authority = request.authority
        let host = authority.prefix(portStart(authority))
        if redirect.port != 0 { return host }
        let proto = RequestScheme.forwardedProto(request)
        guard !scheme.elementsEqual(proto) else { return authority }
        let port = authority.dropFirst(host.count)
        let isDefault =
            proto.equalsIgnoringCase(Constants.http) && port.elementsEqual(Constants.port80)
            || proto.equalsIgnoringCase(Constants.https) && port.elementsEqual(Constants.port443)
        return isDefault ? host : authority
    }

    /// Where the port of an authority begins, its colon included: digits or not, and for `[v6]` only behind the bracket.
    private func portStart(_ authority: Bytes) -> Int {
        guard let colon = authority.lastIndex(of: UInt8(ascii: ":")) else { return authority.count }
        guard authority[0] == UInt8(ascii: "[") else { return colon }
        var index = authority.count - 1
        while index > 0 {
            if authority[index] == UInt8(ascii: ":"), authority[index - 1] == UInt8(ascii: "]") { return index }
            index -= 1
        }
        return authority.count
    }

    private func writePath(
        _ redirect: RedirectRecord, _ entry: RouteEntry, _ block: BlockView, _ request: borrowing RequestView,
        _ facts: ExchangeFacts, into output: inout OutputBuffer
    ) {
        let target = request.path
        let path = TargetParts(target).path
        let text = block.bytes(redirect.path)
        let strips = redirect.stripsQuery == 1
        switch redirect.pathRewrite {
        case .none: append(path, strips, into: &output)
        case .path:
            // A path with a query of its own replaces the request's, whatever is said about queries.
            let hasQuery = text.firstIndex(of: UInt8(ascii: "?")) != nil
            append(text, strips && !hasQuery, into: &output)
            if hasQuery { return }
        case .prefix:
            let kept = path.dropFirst(MatchedPart.length(entry, in: block, path))
            compose(
                {
                    $0.append(text)
                    $0.append(kept)
                }, instead: path, strips, into: &output)
        case .pattern:
            compose(
                { block.replaceAll(pattern: redirect.pattern, in: path, with: text, into: &$0) }, instead: path, strips,
                into: &output)
        case .format:
            let substitution = Substitution(route: self, block: block, facts: facts, place: .redirect)
            if writeFormat(substitution, redirect.path.pieces, instead: path, strips, copy request, into: &output) {
                return
            }
        }
        if !strips { output.append(target.dropFirst(path.count)) }
    }

    /// Appends what `text` comes to, or `path` when that is nothing; answers whether it has a query of its own, which
    /// stays whatever is said about queries.
    private func writeFormat(
        _ substitution: Substitution, _ text: SubstitutionText, instead path: Bytes, _ strips: Bool,
        _ request: RequestView, into output: inout OutputBuffer
    ) -> Bool {
        // Copied out and in, because a closure must not capture the caller's buffer.
        var target = output
        let hasQuery = ScratchBuffer.with(
            { substitution.write(text, request, into: &$0) },
            use: { written in
                let hasQuery = written.firstIndex(of: UInt8(ascii: "?")) != nil
                append(written.isEmpty ? path : written, strips && !hasQuery, into: &target)
                return hasQuery
            })
        output = target
        return hasQuery
    }

    /// Appends what `write` composes, or `path` when that is nothing.
    private func compose(
        _ write: (inout OutputBuffer) -> Void, instead path: Bytes, _ strips: Bool, into output: inout OutputBuffer
    ) {
        // Copied out and in, because a closure must not capture the caller's buffer.
        var target = output
        ScratchBuffer.with(write) { append($0.isEmpty ? path : $0, strips, into: &target) }
        output = target
    }

    /// Appends a path with a leading slash, and without a query if that is stripped.
    private func append(_ path: Bytes, _ strips: Bool, into output: inout OutputBuffer) {
        let end = strips ? path.firstIndex(of: UInt8(ascii: "?")) ?? path.count : path.count
        if path.isEmpty || path[0] != UInt8(ascii: "/") { output.append("/") }
        output.append(path.prefix(end))
    }
}
