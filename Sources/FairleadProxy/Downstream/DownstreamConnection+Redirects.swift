// Fairlead: requests that are redirected inside of the proxy
// SPDX-License-Identifier: Apache-2.0

import Fairlead

extension DownstreamConnection {
    /// Goes on with another exchange for the same request, which was redirected and has arrived as a whole; the loop's
    /// request is the new one.
    func goOn(
        _ exchange: consuming Exchange, _ arrived: ArrivedRequest, _ settings: ListenerSettings,
        _ redirects: RedirectChain, _ body: RequestBody?
    ) {
        relay = nil
        guard let next = RequestRouting.relay(exchange, arrived, settings, self) else { return }
        next.redirects = redirects
        relay = next
        next.start()
        next.adopt(body)
        rearm()
    }
}
