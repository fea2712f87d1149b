// Fairlead: how the end of a request's body is told
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// How the end of a request's body is told to the endpoint: in the way in which the client told it.
enum RequestFraming: Equatable {
    /// There is no body.
    case none
    /// By its length, which the headers say.
    case length
    /// By the last chunk.
    case chunked

    /// The framing of `head`, as it was received.
    init(_ head: HTTPRequestHead) {
        if head.headers.contains(name: "transfer-encoding") {
            self = .chunked
        } else {
            self = head.headers.contains(name: "content-length") ? .length : .none
        }
    }

    /// Says it in `headers`.
    func write(to headers: inout HeaderLines, method: HTTPMethod) {
        switch self {
        case .chunked:
            headers.remove("content-length")
            headers.append("transfer-encoding", "chunked")
        case .none:
            // A method that usually has a body says that this request has none.
            if method == .POST || method == .PUT || method == .PATCH { headers.set("content-length", "0") }
        case .length: break
        }
    }
}
