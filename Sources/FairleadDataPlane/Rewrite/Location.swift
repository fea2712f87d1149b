// Fairlead: a redirect's Location
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension RouteView {
    /// Writes the Location of a redirect: scheme, host, port and path, as Envoy puts them together.
    public func writeLocation(_ request: borrowing RequestView, into output: inout OutputBuffer) {
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
        writePath(redirect, entry, block, request, into: &output)
    }

    private func scheme(_ redirect: RedirectRecord, _ block: BlockView, _ request: borrowing RequestView) -> Bytes {
        if redirect.scheme.offset != 0 { return block.bytes(redirect.scheme) }
        if redirect.isHTTPSRedirect == 1 { return Constants.https }
        return request.scheme.isEmpty ? Constants.http : request.scheme
    }

    /// The request's authority, without its port when that is set anew or was the old scheme's default.
    private func host(_ redirect: RedirectRecord, _ scheme: Bytes, _ request: borrowing RequestView) -> Bytes {
        let authority = request.authority
        let host = VirtualHostLookup.withoutPort(authority)
        guard host.count < authority.count else { return authority }
        if redirect.port != 0 { return host }
        let proto = RequestScheme.forwardedProto(request)
        guard !scheme.elementsEqual(proto) else { return authority }
        let port = authority.dropFirst(host.count)
        let isDefault = proto.elementsEqual(Constants.http) && port.elementsEqual(Constants.port80)
            || proto.elementsEqual(Constants.https) && port.elementsEqual(Constants.port443)
        return isDefault ? host : authority
    }

    private func writePath(
        _ redirect: RedirectRecord, _ entry: RouteEntry, _ block: BlockView, _ request: borrowing RequestView,
        into output: inout OutputBuffer
    ) {
        let target = request.path
        let path = TargetParts(target).path
        let rest = target.dropFirst(path.count)
        let text = block.bytes(redirect.path)
        switch redirect.pathRewrite {
        case .none: output.append(path)
        case .path:
            if text.isEmpty || text[0] != UInt8(ascii: "/") { output.append("/") }
            output.append(text)
            // A path with a query of its own replaces the request's.
            if text.firstIndex(of: UInt8(ascii: "?")) != nil { return }
        case .prefix:
            output.append(text)
            output.append(path.dropFirst(MatchedPart.length(entry, in: block, path)))
        case .pattern: block.replaceAll(pattern: redirect.pattern, in: path, with: text, into: &output)
        }
        if redirect.stripsQuery == 0 { output.append(rest) }
    }
}
