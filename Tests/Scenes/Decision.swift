// Fairlead: what became of a request, as plain values
// SPDX-License-Identifier: Apache-2.0

public import Fairlead

/// What an engine decided about one request, copied out of its snapshot.
public struct Decision {
    /// How the exchange goes on.
    public let disposition: ExchangeState.Disposition
    /// The virtual host's name; `nil` for none.
    public let virtualHost: String?
    /// The route's name; `nil` for none.
    public let route: String?
    /// The status of an answer that does not come from an endpoint.
    public let status: UInt16
    /// The cluster's name; `nil` when it does not exist or nothing is forwarded.
    public let cluster: String?
    /// The body of a direct response.
    public let body: String?
    /// The path that is forwarded.
    public let path: String
    /// The authority that is forwarded, for an endpoint without host name.
    public let authority: String
    /// Where a redirect leads.
    public let location: String
    /// The request's hash, or random bits.
    public let hash: UInt64
    /// The `set-cookie` value of a generated cookie.
    public let cookie: String?

    /// What `exchange`, begun for `request` and not yet ended, tells.
    public init(_ exchange: borrowing Exchange, _ request: Request, _ worker: Worker) {
        let route = exchange.route
        disposition = exchange.disposition
        virtualHost = route.virtualHostName.text
        self.route = route.name.text
        status = route.status
        cluster = exchange.clusterName(worker).text
        body = route.body.text
        path = OutputBuffer.text { _ = route.writePath(request.view, into: &$0) }
        authority = OutputBuffer.text { _ = route.writeAuthority(request.view, endpointHostname: .missing, into: &$0) }
        location = OutputBuffer.text { route.writeLocation(request.view, into: &$0) }
        hash = exchange.hash
        var isGenerated = false
        let value = OutputBuffer.text { isGenerated = route.writeGeneratedCookie(into: &$0) }
        cookie = isGenerated ? value : nil
    }
}

extension Bytes {
    /// A copy as text, `nil` when missing.
    public var text: String? { isMissing ? nil : string }
}
