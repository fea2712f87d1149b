// Fairlead: how a relay lets go of its connection, and ends
// SPDX-License-Identifier: Apache-2.0

import Fairlead

extension RequestRelay {
    /// Gives up the connection, or the wait for one.
    func letGo(keepsConnection: Bool) {
        pool?.forget(self)
        pool = nil
        isSending = false
        let connection = connection
        self.connection = nil
        if keepsConnection { connection?.abandon() } else { connection?.close() }
    }

    /// Leaves the client's connection to whoever takes this relay's place.
    func leave() {
        _ = machine.clientLost()
        downstream = nil
        let connection = connection
        self.connection = nil
        connection?.abandon()
        close(nil)
    }

    /// Takes the body of a request that has arrived as a whole.
    func adopt(_ whole: RequestBody?) {
        body = whole ?? body
        body.rewind()
        requestEnded(body.trailers)
    }

    /// Reports what is left to report, and ends the exchange.
    func close(_ outcome: Outcome?) {
        timer?.cancel()
        // The rest of a request that is answered early goes nowhere.
        for mirror in mirrors where mirror.requestEndedAt == nil { mirror.clientLost() }
        mirrors = []
        if let outcome, attempt.isOpen {
            loop.worker.report(&attempt, outcome, &exchange, mayRetry: false)
        }
        loop.worker.end(&exchange)
    }
}
