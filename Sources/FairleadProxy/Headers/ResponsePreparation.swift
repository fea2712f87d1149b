// Fairlead: what is done to a response's headers before the client gets them
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1

extension HeaderLines {
    /// The headers of an endpoint's response, without those of the endpoint's connection.
    init(response headers: HTTPHeaders) {
        self.init(received: headers)
        removeAll { HeaderName.isHopByHop($0.name) }
    }

    /// Puts on what every response of a listener carries.
    mutating func finish(_ manager: ConnectionManager, date: String, requestID: String?) {
        if !contains("date") { append("date", date) }
        set("server", manager.serverName)
        if manager.setsRequestIDInResponse, let requestID { set("x-request-id", requestID) }
    }
}
