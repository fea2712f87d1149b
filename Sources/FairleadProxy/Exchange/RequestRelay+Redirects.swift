// Fairlead: redirects of endpoints that are followed in the client's place
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1

extension RequestRelay {
    /// Follows a redirect, if the route wants that and the whole request is at hand; answers whether it does. Then this
    /// relay is over, and another one, or an answer, has taken its place.
    func follow(_ response: HTTPResponseHead) -> Bool {
        guard requestEndedAt != nil, body.isAtHand, let downstream,
            let location = response.headers["location"].first, let (arrived, becomesGet) = changed(response, location)
        else { return false }
        loop.fill(arrived, destination: downstream.local)
        let request = loop.request
        var next = loop.worker.begin(request.view, routeTable: settings.routeTable)
        loop.fill(head.arrived, destination: downstream.local)
        let nextRoute = next.route
        var chain = redirects
        let old = loop.request
        let accepts = Bytes.withBytes(of: location) { bytes in
            // The target borrows from the text, which may have moved.
            route.redirectTarget(
                old.view, status: UInt16(clamping: response.status.code), location: bytes, after: redirects
            ).map { route.accepts(redirectTo: nextRoute, old.view, $0, &chain) } ?? false
        }
        guard accepts else {
            loop.worker.end(&next)
            return false
        }
        redirects = chain
        loop.worker.report(&attempt, .response(UInt16(clamping: response.status.code)), &exchange, mayRetry: false)
        let body = becomesGet ? nil : body
        leave()
        loop.fill(arrived, destination: downstream.local)
        downstream.goOn(next, arrived, settings, chain, body)
        return true
    }

    /// The request as the redirect changes it, and whether it becomes a GET without a body.
    private func changed(
        _ response: HTTPResponseHead, _ location: String
    ) -> (arrived: ArrivedRequest, becomesGet: Bool)? {
        var arrived = head.arrived
        guard let downstream else { return nil }
        loop.fill(arrived, destination: downstream.local)
        let request = loop.request
        let url = "\(arrived.scheme)://\(arrived.authority ?? "")\(arrived.path ?? "")"
        let becomesGet: Bool? = Bytes.withBytes(of: location) { bytes in
            let target = route.redirectTarget(
                request.view, status: UInt16(clamping: response.status.code), location: bytes, after: redirects)
            guard let target else { return nil }
            arrived.scheme = target.scheme.string
            arrived.authority = target.authority.string
            arrived.path = target.path.string
            return target.becomesGet
        }
        guard let becomesGet else { return nil }
        if becomesGet {
            arrived.method = .GET
            arrived.framing = .none
            arrived.headers.remove("content-length")
        }
        for index in 0..<route.copiedHeaderCount {
            let name = route.copiedHeader(index).string
            arrived.headers.remove(name)
            for value in response.headers[name] { arrived.headers.append(name, value) }
        }
        arrived.headers.set("x-envoy-original-url", url)
        return (arrived, becomesGet)
    }
}
