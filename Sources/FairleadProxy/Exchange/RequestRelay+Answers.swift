// Fairlead: what a relay answers, and the copies that it sends
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1

extension RequestRelay {
    /// Passes on the head of the response that is held.
    func passHead() {
        guard let downstream, let head = heldHead else { return }
        heldHead = nil
        body.forgetSent()
        var headers = HeaderLines(response: head.headers)
        if !settings.manager.suppressesEnvoyHeaders, let requestEndedAt {
            let spent = loop.eventLoop.instant.nanoseconds - requestEndedAt.nanoseconds
            headers.set("x-envoy-upstream-service-time", String(spent / 1_000_000))
        }
        var hasCookie = false
        let cookie = loop.text { hasCookie = route.writeGeneratedCookie(into: &$0) }
        if hasCookie { headers.append("set-cookie", cookie) }
        let status = UInt16(clamping: head.status.code)
        var isFilled = false
        headers.apply(route, toResponse: true) { addition, lines in
            if !isFilled { self.head.refill(loop) }
            isFilled = true
            return loop.value(
                of: addition, route, responseLines: lines, status: status, details: "via_upstream",
                endpoint: attempt.endpoint)
        }
        if route.includesResponseAttemptCount { headers.set("x-envoy-attempt-count", String(attempts)) }
        downstream.start(status, headers)
    }

    /// Answers in the endpoint's place.
    func reply(_ ending: ExchangeStateMachine.Ending) {
        letGo(keepsConnection: false)
        guard timer == nil else { return close(nil) }
        let cluster = exchange.clusterName(loop.worker)
        let reply = LocalReply(
            ending, isRetry: attempts > 1, notFoundStatus: route.clusterNotFoundStatus,
            dropsEverything: !cluster.isMissing && loop.dropsEverything(cluster: cluster.string))
        if reply.status == 504 || reply.status == 408 { loop.counters.add(.timeouts) }
        var told: Int? = route.includesResponseAttemptCount && attempts > 0 ? attempts : nil
        if case .idle = ending { told = nil }
        let downstream = downstream
        self.downstream = nil
        head.refill(loop)
        // The route's texts are borrowed until the exchange ends.
        downstream?.answer(reply, route: route, attempts: told)
        close(nil)
    }

    /// Begins the copies that the route wants.
    func startMirrors() {
        let request = loop.request
        for index in 0..<route.mirrorCount {
            // The copy before may have changed it.
            head.refill(loop)
            guard let copy = loop.worker.beginMirror(index, of: exchange, request.view) else { continue }
            mirrors.append(RequestRelay(copy, index, of: self))
        }
        for mirror in mirrors { mirror.start() }
    }
}
