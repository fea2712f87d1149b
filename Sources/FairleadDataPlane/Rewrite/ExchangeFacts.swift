// Fairlead: what a host knows of an exchange besides the request
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// What a host knows of an exchange besides the request: substitution commands stand for it. All of it is borrowed for the
/// length of a call, and all of it may be left out: what is not known counts as missing.
public struct ExchangeFacts {
    /// The lines of the response's head; none while there is no response.
    public var responseHeaders = HeaderList.none
    /// The response's status; 0 while there is no response.
    public var responseStatus: UInt16 = 0
    /// What the response came to be by, for example `via_upstream`.
    public var responseDetails = Bytes.missing
    /// Envoy's short flags of what went wrong, for example `UF`; missing for nothing.
    public var responseFlags = Bytes.missing
    /// The downstream protocol, for example `HTTP/1.1`.
    public var protocolName = Bytes.missing
    /// The server name that the client asked for in its TLS greeting.
    public var serverName = Bytes.missing
    /// The host name of the machine.
    public var machineName = Bytes.missing
    /// When the request began, in nanoseconds since 1970; `nil` when not known.
    public var startTime: UInt64?
    /// The endpoint of the latest attempt.
    public var endpoint: EndpointView?

    /// Nothing is known.
    public init() {}
}
