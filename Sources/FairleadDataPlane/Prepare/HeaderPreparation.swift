// Fairlead: preparing the headers of a request
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension PreparationRules {
    /// Fills `lines` with the headers that are routed by, and settles what depends on headers: the client's address,
    /// whether it is inside, and the scheme.
    func prepareHeaders(
        _ request: borrowing RequestView, _ target: RequestTarget, _ options: ConnectionOptions,
        _ prepared: inout PreparedRequest, _ text: inout OutputBuffer, _ lines: inout HeaderOutput
    ) {
        let headers = request.headers
        var forwardedFor = Bytes.missing
        if let first = headers.firstIndex(of: Bytes("x-forwarded-for")) {
            forwardedFor = headers.joined(from: first, &text)
        }
        let origin = ClientOrigin(self, forwardedFor: forwardedFor, peer: request.source)
        prepared.source = request.source
        if origin.isForwarded {
            let start = text.needed
            origin.writeSource(&text)
            prepared.source = text.written(from: start)
        }
        prepared.connection.remove([.isInternal, .isUnknown])
        if origin.isInternal { prepared.connection.insert(.isInternal) }

        let isUpgradeToHTTP2 = options.asksForUpgrade && namesHTTP2(headers)
        prepared.asksForUpgrade = options.asksForUpgrade && !isUpgradeToHTTP2
        let isEdge = usesRemoteAddress && !origin.isInternal
        let keepsProto = scheme == nil && (!usesRemoteAddress || trustedHops > 0)
        var proto = Bytes.missing
        var joined: UInt64 = 0
        for index in 0..<headers.count {
            let line = headers[index]
            let treatment = HeaderTreatment(line.name)
            if treatment.slot != 0 {
                if joined >> UInt64(treatment.slot) & 1 == 1 { continue }
                joined |= 1 << UInt64(treatment.slot)
            }
            switch treatment.rule {
            case .keep: break
            case .drop, .host: continue
            case .connection, .upgrade: if !prepared.asksForUpgrade { continue }
            case .settings: if isUpgradeToHTTP2 { continue }
            case .inside: if !origin.isInternal { continue }
            case .edge: if isEdge { continue }
            case .forwardedFor:
                if !usesRemoteAddress || skipsForwardedFor { add(line.name, forwardedFor, origin, &lines) }
                continue
            case .forwardedProto:
                if keepsProto { proto = headers.joined(from: index, &text) }
                continue
            case .te:
                let wishes = headers.joined(from: index, &text)
                if options.wantsTrailers(wishes) {
                    add(line.name, Bytes("trailers"), origin, &lines)
                } else if wishes.isEmpty, !options.nominatesWish {
                    // Envoy leaves a wish for nothing as it is.
                    add(line.name, wishes, origin, &lines)
                }
                continue
            }
            if options.nominates(line.name, headers) { continue }
            let value = treatment.slot == 0 ? line.value : headers.joined(from: index, &text)
            add(line.name, value, origin, &lines)
        }
        if usesRemoteAddress, !skipsForwardedFor { appendPeer(request.source, forwardedFor, origin, &text, &lines) }
        let ownScheme = prepared.connection.contains(.isEncrypted) ? Constants.https : Constants.http
        if let scheme { proto = scheme == .https ? Constants.https : Constants.http }
        if proto.isMissing { proto = ownScheme }
        add(Constants.forwardedProto, proto, origin, &lines)
        if proto.isEmpty { prepared.connection.insert(.isUnknown) }
        prepared.scheme = settledScheme(request.scheme, target.scheme, proto, ownScheme)
        if origin.isInternal {
            lines.append(name: Bytes("x-envoy-internal"), value: Bytes("true"))
        } else if isEdge, let address = origin.address {
            let start = text.needed
            address.write(to: &text)
            lines.append(name: Bytes("x-envoy-external-address"), value: text.written(from: start))
        }
        prepared.headers = lines.lines
    }

    /// Adds a line, unless it is one that only requests from inside may have.
    private func add(_ name: Bytes, _ value: Bytes, _ origin: ClientOrigin, _ lines: inout HeaderOutput) {
        if !origin.isInternal, !internalOnlyHeaders.isEmpty, isInternalOnly(name) { return }
        lines.append(name: name, value: value)
    }

    private func isInternalOnly(_ name: Bytes) -> Bool {
        internalOnlyHeaders.contains { only in Bytes.withBytes(of: only) { name.equalsIgnoringCase($0) } }
    }

    /// Adds the peer to `x-forwarded-for`; a peer without an IP address adds nothing.
    private func appendPeer(
        _ source: Bytes, _ forwardedFor: Bytes, _ origin: ClientOrigin, _ text: inout OutputBuffer,
        _ lines: inout HeaderOutput
    ) {
        let name = Bytes("x-forwarded-for")
        guard let peer = IPAddress(HostNormalForm.host(of: source)) else {
            if !forwardedFor.isMissing { add(name, forwardedFor, origin, &lines) }
            return
        }
        let start = text.needed
        text.append(forwardedFor)
        if !forwardedFor.isEmpty { text.append(",") }
        peer.write(to: &text)
        add(name, text.written(from: start), origin, &lines)
    }

    /// The scheme of a request: the one that all requests get, its own, that of its target, or the one that its
    /// `x-forwarded-proto` tells if that is one.
    private func settledScheme(_ own: Bytes, _ target: Bytes, _ proto: Bytes, _ connection: Bytes) -> Bytes {
        if let scheme { return scheme == .https ? Constants.https : Constants.http }
        let named = own.isEmpty ? (target.isMissing ? proto : target) : own
        if named.equalsIgnoringCase(Constants.https) { return Constants.https }
        if named.equalsIgnoringCase(Constants.http) { return Constants.http }
        return own.isEmpty ? connection : own
    }

    /// Whether the protocol that is asked for is HTTP/2 without encryption: Envoy leaves that aside and serves HTTP/1.1.
    private func namesHTTP2(_ headers: HeaderList) -> Bool { headers.first(Bytes("upgrade")).foldedEquals("h2c") }
}

extension HeaderList {
    /// The values of the line at `first` and of all later ones of the same name, with commas between those that are not
    /// empty. O(lines).
    func joined(from first: Int, _ text: inout OutputBuffer) -> Bytes {
        let line = self[first]
        var next = index(ofSameNameAs: line.name, from: first + 1)
        guard next < count else { return line.value }
        let start = text.needed
        text.append(line.value)
        while next < count {
            let value = self[next].value
            if text.needed > start, !value.isEmpty { text.append(UInt8(ascii: ",")) }
            text.append(value)
            next = index(ofSameNameAs: line.name, from: next + 1)
        }
        return text.written[start..<text.needed]
    }

    private func index(ofSameNameAs name: Bytes, from: Int) -> Int {
        var index = from
        while index < count, !self[index].name.equalsIgnoringCase(name) { index += 1 }
        return index
    }
}
