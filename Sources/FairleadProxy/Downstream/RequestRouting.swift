// Fairlead: from a request that arrived to an answer or a relay
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1

/// Asks the engine where a request goes: answers at once, or makes the relay that takes it to an endpoint.
enum RequestRouting {
    /// Routes `arrived`, which came on `connection`; `nil` when it is answered.
    static func route(
        _ arrived: ArrivedRequest, _ settings: ListenerSettings, _ connection: DownstreamConnection
    ) -> RequestRelay? {
        let loop = connection.loop
        if let answer = arrived.answer {
            connection.answer(answer, route: nil, attempts: nil)
            return nil
        }
        loop.worker.refresh()
        loop.fill(arrived, destination: connection.local)
        let request = loop.request
        let exchange = loop.worker.begin(request.view, routeTable: settings.routeTable)
        return relay(exchange, arrived, settings, connection)
    }

    /// The relay for an exchange that was begun with the loop's request, which is `arrived`; `nil` when it is answered.
    static func relay(
        _ begun: consuming Exchange, _ arrived: ArrivedRequest, _ settings: ListenerSettings,
        _ connection: DownstreamConnection
    ) -> RequestRelay? {
        let loop = connection.loop
        let request = loop.request
        let view = request.view
        var exchange = begun
        let route = exchange.route
        if exchange.disposition == .forward, !arrived.needsUpgrade, arrived.path != nil {
            return RequestRelay(exchange, arrived, settings, connection)
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
    /// Fills the loop's request with `arrived`.
    func fill(_ arrived: ArrivedRequest, destination: String) {
        request.reset()
        requestTime = ProxyLoop.timeOfDay()
        request.set(method: arrived.method.rawValue)
        request.set(scheme: arrived.scheme)
        if let authority = arrived.authority { request.set(authority: authority) }
        if let path = arrived.path { request.set(path: path) }
        request.set(source: arrived.source)
        request.set(destination: destination)
        request.connection = arrived.connection
        for line in arrived.headers.lines { request.addHeader(line.name, line.value) }
    }

    /// The Location of a redirect of the loop's request.
    func location(_ route: RouteView) -> String {
        let request = request
        return text { route.writeLocation(request.view, into: &$0) }
    }
}
