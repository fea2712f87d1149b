// Fairlead: preparing a request
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension PreparationRules {
    /// Prepares a request for routing, as Envoy's connection manager does it.
    ///
    /// Nothing is allocated: what has to be composed is written into `text`, and the header lines into `lines`. When one
    /// of them does not fit, the result means nothing; `room(for:)` tells what suffices.
    ///
    /// - Parameter request: the request as it arrived. `path` is the target of the request line; `scheme` is missing
    ///   unless the protocol has one (HTTP/2); `source` is the peer's address; `connection` says whether the connection
    ///   is encrypted. `host` lines among the headers count where `authority` is missing.
    /// - Returns: what to answer, or the request to route.
    /// - Complexity: O(bytes of the request).
    public func prepare(
        _ request: borrowing RequestView, text: inout OutputBuffer, lines: inout HeaderOutput
    ) -> PreparedRequest {
        var prepared = PreparedRequest()
        prepared.method = request.method
        prepared.destination = request.destination
        prepared.connection = request.connection
        prepared.random = request.random
        prepared.facts = request.facts
        prepared.isGRPC = ConditionMatcher.isGRPC(request.headers)
        let options = ConnectionOptions(request.headers)
        let isConnect = request.method.elementsEqual(Constants.connect)
        guard RequestMethod.isKnown(request.method),
            let target = RequestTarget(request.path, isConnect: isConnect)
        else { return prepared.refused("http1.codec_error") }
        if options.isRefused { return prepared.refused("http1.connection_header_rejected") }
        // At the edge nobody may claim to have come over TLS.
        if usesRemoteAddress, trustedHops == 0, target.scheme.equalsIgnoringCase(Constants.https),
            !request.connection.contains(.isEncrypted)
        {
            return prepared.refused("http1.https_url_on_plaintext_connection", 403)
        }
        prepared.authority = authority(request, target, options, &text)
        if prepared.authority.isMissing { return prepared.refused("missing_host_header") }
        guard HostNormalForm.isWellFormed(prepared.authority) else { return prepared.refused("http.invalid_authority") }
        prepared.path = target.path
        if !target.path.isMissing {
            guard let first = target.path.first, first == UInt8(ascii: "/") else {
                let isAsterisk = target.path.first == UInt8(ascii: "*")
                if isAsterisk, !request.method.elementsEqual("OPTIONS") { return prepared.refused("http1.invalid_url") }
                return prepared.refused("absolute_path_rejected", 404)
            }
            if !preparePath(&prepared, &text) { return prepared }
        }
        prepareHost(&prepared, &text)
        prepareHeaders(request, target, options, &prepared, &text, &lines)
        return prepared
    }

    /// Room that suffices to prepare `request`: bytes of text, and header lines.
    public func room(for request: borrowing RequestView) -> (text: Int, lines: Int) {
        var text = request.path.count * 7 + request.authority.count + request.source.count + 256
        for index in 0..<request.headers.count { text += request.headers[index].value.count + 1 }
        return (text, request.headers.count + 4)
    }

    /// The host: that of a target that has one, the authority, or the `host` lines, joined like Envoy joins them.
    private func authority(
        _ request: borrowing RequestView, _ target: RequestTarget, _ options: ConnectionOptions,
        _ text: inout OutputBuffer
    ) -> Bytes {
        if !target.authority.isMissing { return target.authority }
        if options.nominates(Bytes("host"), request.headers) { return .missing }
        if !request.authority.isMissing { return request.authority }
        guard let first = request.headers.firstIndex(of: Bytes("host")) else { return .missing }
        return request.headers.joined(from: first, &text)
    }

    /// Brings the path into its normal form; `false` when the request is answered.
    private func preparePath(_ prepared: inout PreparedRequest, _ text: inout OutputBuffer) -> Bool {
        guard prepared.path.firstIndex(of: UInt8(ascii: "#")) == nil else {
            prepared = prepared.refused("path_normalization_failed")
            return false
        }
        var redirects = false
        if escapedSlashes != .keep, let unescaped = PathNormalForm.unescapingSlashes(prepared.path, &text) {
            redirects = escapedSlashes == .unescapeAndRedirect
            if escapedSlashes == .refuse || redirects && prepared.isGRPC {
                prepared = prepared.refused("path_normalization_failed")
                return false
            }
            prepared.path = unescaped
        }
        if normalizesPath {
            guard let normalized = PathNormalForm.normalized(prepared.path, &text) else {
                prepared = prepared.refused("path_normalization_failed")
                return false
            }
            prepared.path = normalized
        }
        if mergesSlashes { prepared.path = PathNormalForm.mergingSlashes(prepared.path, &text) }
        guard redirects else { return true }
        let location = prepared.path
        prepared = prepared.refused("path_normalization_failed", 307)
        prepared.location = location
        return false
    }

    private func prepareHost(_ prepared: inout PreparedRequest, _ text: inout OutputBuffer) {
        if stripsTrailingHostDot {
            prepared.authority = HostNormalForm.withoutTrailingDot(prepared.authority, &text)
        }
        if stripsAnyHostPort {
            prepared.authority = HostNormalForm.withoutPort(prepared.authority)
        } else if stripsMatchingHostPort, let port = HostNormalForm.port(of: prepared.destination) {
            prepared.authority = HostNormalForm.withoutPort(prepared.authority, wanted: port)
        }
    }
}

extension PreparedRequest {
    /// The same request, answered with `status`.
    func refused(_ details: StaticString, _ status: UInt16 = 400) -> PreparedRequest {
        var prepared = self
        prepared.status = status
        prepared.details = Bytes(details)
        return prepared
    }
}

extension Bytes {
    /// The first byte; `nil` when there is none.
    fileprivate var first: UInt8? { isEmpty ? nil : self[0] }
}
