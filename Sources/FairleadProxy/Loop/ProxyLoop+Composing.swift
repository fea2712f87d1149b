// Fairlead: what is composed for a request and its response
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Glibc
import NIOHTTP1

extension ProxyLoop {
    /// Composes the value of a header that `route` adds to the loop's request, whose lines are `lines` now.
    func value(of addition: RouteView.Addition, _ route: RouteView, requestLines lines: HeaderLines) -> String {
        fill(lines)
        let request = request
        let facts = facts()
        return text { route.writeValue(of: addition, request.view, facts, into: &$0) }
    }

    /// Composes the value of a header that `route` adds to a response to the loop's request.
    ///
    /// - Parameter endpoint: where the response came from; `nil` when the proxy answers by itself.
    func value(
        of addition: RouteView.Addition, _ route: RouteView, responseLines lines: HeaderLines, status: UInt16,
        details: StaticString, endpoint: EndpointView?
    ) -> String {
        response.reset()
        for line in lines.lines { response.addHeader(line.name, line.value) }
        let (request, response) = (request, response)
        var facts = facts()
        facts.responseStatus = status
        facts.endpoint = endpoint
        return text { output in
            Bytes.withBytes(of: details.description) { details in
                facts.responseDetails = details
                facts.responseHeaders = response.view.headers
                route.writeValue(of: addition, request.view, facts, into: &output)
            }
        }
    }

    /// What a retry of the loop's request may depend on in a response with `headers`; borrowed until either is filled
    /// again.
    func retryFacts(_ headers: HTTPHeaders) -> RetryFacts {
        response.reset()
        for (name, value) in headers { response.addHeader(name, value) }
        let (request, response) = (request, response)
        return RetryFacts(
            response: response.view.headers, request: request.view.headers,
            unixSeconds: ProxyLoop.timeOfDay() / 1_000_000_000)
    }

    /// Composes the body of a direct response to the loop's request.
    func body(_ route: RouteView) -> [UInt8] {
        let request = request
        let facts = facts()
        return Array(text { route.writeBody(request.view, facts, into: &$0) }.utf8)
    }

    /// Puts `lines` in the place of the lines of the loop's request.
    func fill(_ lines: HeaderLines) {
        request.removeHeaders()
        for line in lines.lines { request.addHeader(line.name, line.value) }
    }

    /// What this proxy knows of every exchange.
    private func facts() -> ExchangeFacts {
        var facts = ExchangeFacts()
        facts.startTime = requestTime
        return facts
    }

    /// The time of day, in nanoseconds since 1970.
    static func timeOfDay() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
