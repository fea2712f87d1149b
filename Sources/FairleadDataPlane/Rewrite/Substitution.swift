// Fairlead: writing texts with substitution commands
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Writes compiled texts with substitution commands, as Envoy 1.40 does. Nothing is allocated.
struct Substitution {
    /// Where the text is for.
    enum Place {
        /// A header's value: the route is known, and what is missing leaves nothing.
        case header
        /// A redirect's path: what is missing leaves nothing.
        case redirect
        /// A forwarded path: what is missing leaves nothing, and the host is rewritten already.
        case path
        /// A host: what is missing leaves a `-`.
        case host
        /// A body: what is missing leaves a `-`.
        case body
        /// A body that leaves out what is missing.
        case briefBody
    }

    let route: RouteView
    let block: BlockView
    let facts: ExchangeFacts
    let place: Place

    /// Writes `text` for `request`.
    func write(_ text: SubstitutionText, _ request: borrowing RequestView, into output: inout OutputBuffer) {
        for index in 0..<Int(text.count) {
            let part = block[text, index]
            if part.subject == .literal {
                output.append(block.bytes(part.first))
                continue
            }
            if !writeLimited(part, request, into: &output), place == .host || place == .body { output.append("-") }
        }
    }

    /// Writes what a command stands for, as much of it as is asked for; answers whether there is anything of the kind.
    func writeLimited(
        _ part: SubstitutionPart, _ request: borrowing RequestView, into output: inout OutputBuffer
    ) -> Bool {
        let start = output.needed
        guard write(part, request, into: &output) else { return false }
        if part.limit != .max { output.truncate(to: start + Int(part.limit)) }
        return true
    }

    /// Writes what a command stands for; answers whether there is anything of the kind.
    private func write(
        _ part: SubstitutionPart, _ request: borrowing RequestView, into output: inout OutputBuffer
    ) -> Bool {
        switch part.subject {
        case .responseCode: output.append(decimal: UInt64(facts.responseStatus))
        // A request that is on its way to its first endpoint counts that attempt already.
        case .attempts: output.append(decimal: UInt64(route.forward == nil ? 0 : max(route.attempts, 1)))
        case .startTime:
            guard let time = facts.startTime else { return false }
            TimeText.write(time, as: block.bytes(part.first), into: &output)
        case .responseFlags where facts.responseFlags.isMissing: output.append("-")
        case .queryParameter:
            let value = DecodedQuery(request.path).encodedValue(of: block.bytes(part.first))
            guard !value.isMissing else { return false }
            EscapedText(value).write(to: &output)
        // A body that is not there is an empty one.
        case .body: output.append(route.body)
        case .requestHeader where place == .path && namesAuthority(part, request):
            route.writeAuthority(request, endpointHostname: .missing, facts, into: &output)
        // The host of a weighted cluster is there before its route writes another one.
        case .requestHeader
        where place == .host && !route.weightedClusterHost.isEmpty && namesAuthority(part, request):
            output.append(route.weightedClusterHost)
        default:
            let value = value(part, request)
            output.append(value)
            return !value.isMissing
        }
        return true
    }

    /// Whether the authority is what the names of `part` come to.
    private func namesAuthority(_ part: SubstitutionPart, _ request: borrowing RequestView) -> Bool {
        let first = block.bytes(part.first)
        if Substitution.isAuthority(first) { return true }
        return Substitution.isAuthority(block.bytes(part.second)) && Substitution.header(first, request).isMissing
    }

    private static func isAuthority(_ name: Bytes) -> Bool {
        name.elementsEqual(Constants.authorityName) || name.elementsEqual(Constants.host)
    }

    private func value(_ part: SubstitutionPart, _ request: borrowing RequestView) -> Bytes {
        switch part.subject {
        case .requestHeader:
            let value = Substitution.header(block.bytes(part.first), request)
            return value.isMissing ? Substitution.header(block.bytes(part.second), request) : value
        case .responseHeader:
            let value = facts.responseHeaders.first(block.bytes(part.first))
            return value.isMissing ? facts.responseHeaders.first(block.bytes(part.second)) : value
        case .path, .pathAlone, .originalPath, .originalPathAlone, .firstPath, .firstPathAlone:
            return Substitution.path(part.subject, request)
        case .query: return TargetParts(request.path).query
        case .clientAddress: return request.source
        case .clientHost: return request.source.isMissing ? .missing : RequestHash.address(request.source)
        case .clientPort: return Substitution.port(request.source)
        case .localAddress: return request.destination
        case .localHost: return request.destination.isMissing ? .missing : RequestHash.address(request.destination)
        case .localPort: return Substitution.port(request.destination)
        case .protocolName: return facts.protocolName
        case .responseDetails: return facts.responseDetails
        case .responseFlags: return facts.responseFlags
        case .serverName: return facts.serverName
        case .machineName: return facts.machineName
        case .endpointAddress, .endpointHost, .endpointPort, .endpointName, .endpointNameAlone:
            return endpoint(part.subject)
        case .cluster: return route.clusterName
        case .routeName: return route.name.isEmpty ? .missing : route.name
        case .routeMetadata, .virtualHostMetadata, .clusterMetadata: return metadata(part)
        case .literal, .responseCode, .attempts, .startTime, .queryParameter, .body: return .missing
        }
    }

    /// The first value of a header, or one of the request's own parts.
    static func header(_ name: Bytes, _ request: borrowing RequestView) -> Bytes {
        if name.isEmpty { return .missing }
        if name[0] == UInt8(ascii: ":") {
            if name.elementsEqual(Constants.pathName) { return request.path }
            if name.elementsEqual(Constants.methodName) { return request.method }
            if name.elementsEqual(Constants.authorityName) { return request.authority }
            if name.elementsEqual(Constants.schemeName) {
                return request.scheme.isMissing ? Constants.http : request.scheme
            }
            return .missing
        }
        return name.elementsEqual(Constants.host) ? request.authority : request.headers.first(name)
    }

    private static func path(_ subject: SubstitutionPart.Subject, _ request: borrowing RequestView) -> Bytes {
        var target = request.path
        if subject != .path, subject != .pathAlone {
            let original = request.headers.first(Constants.originalPath)
            if !original.isEmpty {
                target = original
            } else if subject == .originalPath || subject == .originalPathAlone {
                return .missing
            }
        }
        switch subject {
        case .pathAlone, .originalPathAlone, .firstPathAlone: return TargetParts(target).path
        default: return target
        }
    }

    /// The port of an address; missing when it has none.
    private static func port(_ address: Bytes) -> Bytes {
        let host = VirtualHostLookup.withoutPort(address)
        return host.count < address.count ? address.dropFirst(host.count + 1) : .missing
    }

    private func endpoint(_ subject: SubstitutionPart.Subject) -> Bytes {
        guard let endpoint = facts.endpoint else { return .missing }
        switch subject {
        case .endpointAddress: return endpoint.address
        case .endpointHost: return endpoint.host
        case .endpointPort: return Substitution.port(endpoint.address)
        default:
            let name = endpoint.hostname.isEmpty ? endpoint.address : endpoint.hostname
            return subject == .endpointName ? name : RequestHash.address(name)
        }
    }

    private func metadata(_ part: SubstitutionPart) -> Bytes {
        guard let (node, block) = metadataNode(part) else { return .missing }
        return block.bytes(node.text)
    }

    /// The value of metadata that a command stands for, with its block; `nil` when there is none.
    func metadataNode(_ part: SubstitutionPart) -> (node: MetadataNode, block: BlockView)? {
        let found: (nodes: BlockArray<MetadataNode>, block: BlockView)
        switch part.subject {
        case .routeMetadata:
            // Rewrites and bodies are written before Envoy's stream knows of its route.
            guard place == .header, let details = route.routeDetails else { return nil }
            found = (details.record.metadata, details.block)
        case .virtualHostMetadata:
            guard let details = route.virtualHostDetails else { return nil }
            found = (details.record.metadata, details.block)
        default:
            guard let cluster = route.clusterBlock else { return nil }
            found = (cluster.load(0, as: ClusterHeader.self).metadata, cluster)
        }
        return found.block.metadataNode(found.nodes, at: part.names, from: block).map { ($0, found.block) }
    }
}
