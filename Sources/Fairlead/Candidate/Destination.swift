// Fairlead: where a request goes, as a value
// SPDX-License-Identifier: Apache-2.0

public import FairleadDataPlane
import FairleadModel

/// Where a request goes, up to the pick: texts and numbers that can be kept and compared.
public struct Destination: Hashable, Sendable {
    /// How the exchange goes on.
    public var disposition: ExchangeState.Disposition
    /// The status of an answer that does not come from an endpoint; 0 when the request is forwarded to a cluster.
    public var status: UInt16
    /// The name of the virtual host; `nil` when there is none.
    public var virtualHost: String?
    /// The name of the route, which may be empty; `nil` when none was taken.
    public var route: String?
    /// The name of the cluster; `nil` when nothing is forwarded, or no name is known.
    public var cluster: String?
    /// The path as forwarded.
    public var path: String?
    /// The authority as forwarded, for an endpoint without host name.
    public var authority: String?
    /// Where a redirect leads.
    public var location: String?
    /// The body of a direct response.
    public var body: [UInt8]

    /// Where a request goes that is answered before it is routed (`Prepared.status`): nowhere.
    ///
    /// - Parameter location: where the answer sends the client; `nil` when it only refuses.
    public init(answered status: UInt16, location: String? = nil) {
        disposition = location == nil ? .badRequest : .redirect
        self.status = status
        self.location = location
        body = []
    }

    init(_ exchange: ExchangeState, _ request: borrowing RequestView, _ clusterName: (UInt32) -> String?) {
        let view = RouteView(exchange)
        disposition = exchange.disposition
        status = view.status
        virtualHost = view.virtualHostName.isMissing ? nil : view.virtualHostName.string
        route = view.name.isMissing ? nil : view.name.string
        body = view.body.array
        switch exchange.disposition {
        case .forward:
            if view.clusterName.isMissing {
                status = view.clusterNotFoundStatus
                cluster = clusterName(exchange.clusterID)
            } else {
                cluster = view.clusterName.string
            }
            path = OutputBuffer.text { _ = view.writePath(request, into: &$0) }
            authority = OutputBuffer.text { _ = view.writeAuthority(request, endpointHostname: .missing, into: &$0) }
        case .redirect, .tlsRedirect: location = OutputBuffer.text { view.writeLocation(request, into: &$0) }
        case .directResponse, .noRoute, .nonForwarding, .badRequest: break
        }
    }

    /// The parts that differ, in the order of the request's road: none when a client and an endpoint see the same. The
    /// names of virtual host and route are not looked at.
    public func differences(to other: Destination) -> [Part] {
        var parts: [Part] = []
        func compare(_ name: String, _ mine: String?, _ theirs: String?) {
            if mine != theirs { parts.append(Part(name: name, before: mine, after: theirs)) }
        }
        compare("action", disposition.word, other.disposition.word)
        compare("status", status == 0 ? nil : "\(status)", other.status == 0 ? nil : "\(other.status)")
        compare("cluster", cluster, other.cluster)
        compare("path", path, other.path)
        compare("authority", authority, other.authority)
        compare("location", location, other.location)
        if body != other.body {
            compare("body", String(decoding: body, as: UTF8.self), String(decoding: other.body, as: UTF8.self))
        }
        return parts
    }

    /// One part that differs.
    public struct Part: Hashable, Sendable {
        /// What it is: `action`, `status`, `cluster`, `path`, `authority`, `location` or `body`.
        public var name: String
        /// What it was; `nil` for nothing.
        public var before: String?
        /// What it would be; `nil` for nothing.
        public var after: String?

        /// A part that differs.
        public init(name: String, before: String?, after: String?) {
            self.name = name
            self.before = before
            self.after = after
        }
    }
}
