// Fairlead: from a prepared request to an answer or a relay
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1

/// Asks the engine where a request goes: answers at once, or makes the relay that takes it to an endpoint.
enum RequestRouting {
    /// Routes `prepared`, which came on `connection`; `nil` when it is answered.
    static func route(
        _ prepared: PreparedRequest, _ settings: ListenerSettings, _ connection: DownstreamConnection
    ) -> RequestRelay? {
        let loop = connection.loop
        loop.worker.refresh()
        loop.fill(prepared, destination: connection.local)
        let request = loop.request
        let view = request.view
        let refusal =
            prepared.refusal
            ?? RequestRules.refusal(method: view.method, authority: view.authority, path: view.path)
        if let refusal {
            connection.answer(.refused(refusal), route: nil, attempts: nil)
            return nil
        }
        var exchange = loop.worker.begin(view, routeTable: settings.routeTable)
        let route = exchange.route
        if exchange.disposition == .forward, !prepared.needsUpgrade, prepared.path != nil {
            return RequestRelay(exchange, prepared, settings, connection)
        }
        let reply =
            exchange.disposition == .forward ? .upgradeRefused : reply(exchange.disposition, route, view, loop)
        connection.answer(reply, route: route, attempts: nil)
        loop.worker.end(&exchange)
        return nil
    }

    private static func reply(
        _ disposition: ExchangeState.Disposition, _ route: RouteView, _ view: borrowing RequestView, _ loop: ProxyLoop
    ) -> LocalReply {
        switch disposition {
        case .redirect, .tlsRedirect:
            // The view cannot be captured: it is borrowed for this call only.
            return .redirect(route.status, loop.location(route))
        case .directResponse:
            var reply = LocalReply(route.status)
            reply.body = route.composesBody ? loop.body(route) : route.body.array
            let type = route.bodyContentType
            if !type.isMissing, !reply.body.isEmpty {
                reply.headers = [HeaderLines.Line(name: "content-type", value: type.string)]
            }
            if route.status == 201 || (300..<400).contains(route.status) {
                // Envoy names the request's own address in these.
                let target = view.path.isMissing ? "" : view.path.string
                let location = "\(view.scheme.string)://\(view.authority.string)\(target)"
                reply.headers.append(HeaderLines.Line(name: "location", value: location))
            }
            return reply
        case .badRequest: return .refused(400)
        case .noRoute, .nonForwarding, .forward: return .notFound
        }
    }
}

extension ProxyLoop {
    /// Fills the loop's request with `prepared`.
    func fill(_ prepared: PreparedRequest, destination: String) {
        request.reset()
        requestTime = ProxyLoop.timeOfDay()
        request.set(method: prepared.method.rawValue)
        request.set(scheme: prepared.scheme)
        if let authority = prepared.authority { request.set(authority: authority) }
        if let path = prepared.path { request.set(path: path) }
        request.set(source: prepared.source)
        request.set(destination: destination)
        for line in prepared.headers.lines { request.addHeader(line.name, line.value) }
    }

    /// The Location of a redirect of the loop's request.
    func location(_ route: RouteView) -> String {
        let request = request
        return text { route.writeLocation(request.view, into: &$0) }
    }
}
