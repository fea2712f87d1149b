// Fairlead: answers that do not come from an endpoint
// SPDX-License-Identifier: Apache-2.0

/// An answer that does not come from an endpoint, with Envoy's status, body and headers.
struct LocalReply: Equatable {
    var status: UInt16
    var body: [UInt8] = []
    var headers: [HeaderLines.Line] = []
    /// Whether the connection cannot go on after it.
    var closes = false

    init(_ status: UInt16, _ body: String = "", header: (String, String)? = nil, closes: Bool = false) {
        self.status = status
        self.body = Array(body.utf8)
        self.closes = closes
        if let (name, value) = header { headers = [HeaderLines.Line(name: name, value: value)] }
    }

    /// No route takes the request.
    static let notFound = LocalReply(404)
    /// The request is not one that may be routed.
    static func refused(_ status: UInt16) -> LocalReply { LocalReply(status, closes: status == 400) }
    /// The bytes are not HTTP.
    static let malformed = LocalReply(400, "Bad Request", closes: true)
    /// The head of the request is too large.
    static let headTooLarge = LocalReply(431, "Request Header Fields Too Large", closes: true)
    /// The client asks for another protocol.
    static let upgradeRefused = LocalReply(403, closes: true)
    /// The request did not arrive in time.
    static let requestTimeout = LocalReply(408, "request timeout", closes: true)

    /// A redirect to `location`, or a direct response that names one.
    static func redirect(_ status: UInt16, _ location: String) -> LocalReply {
        LocalReply(status, header: ("location", location))
    }

    /// What answers in an endpoint's place.
    ///
    /// - Parameter isRetry: whether more than one attempt was made.
    /// - Parameter notFoundStatus: what the route answers when its cluster does not exist.
    /// - Parameter dropsEverything: whether the cluster drops all requests.
    init(
        _ ending: ExchangeStateMachine.Ending, isRetry: Bool, notFoundStatus: UInt16, dropsEverything: Bool
    ) {
        switch ending {
        case .unpicked(.clusterNotFound): self.init(notFoundStatus)
        case .unpicked(.noEndpoint): self.init(503, "no healthy upstream")
        case .unpicked(.dropped) where dropsEverything:
            self.init(503, "unconditional drop overload", header: ("x-envoy-unconditional-drop-overload", "true"))
        case .unpicked(.dropped): self.init(503, "drop overload", header: ("x-envoy-drop-overload", "true"))
        case .overflow, .unpicked(.overflow):
            self.init(503, Self.reset("overflow", isRetry), header: ("x-envoy-overloaded", "true"))
        case .failure(let failure): self.init(503, Self.reset(failure.rawValue, isRetry))
        case .timeout: self.init(504, "upstream request timeout")
        case .stream(let requestComplete): self.init(requestComplete ? 504 : 408, "downstream duration timeout")
        case .idle(let requestComplete): self.init(requestComplete ? 504 : 408, "stream timeout")
        }
    }

    private static func reset(_ reason: String, _ isRetry: Bool) -> String {
        "upstream connect error or disconnect/reset before headers. "
            + (isRetry ? "retried and the latest " : "") + "reset reason: " + reason
    }
}
