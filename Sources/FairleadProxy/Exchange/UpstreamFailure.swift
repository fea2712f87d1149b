// Fairlead: why there was no response
// SPDX-License-Identifier: Apache-2.0

/// Why there was no response, in the words of Envoy's `resetReasonToString`.
enum UpstreamFailure: String {
    /// The endpoint did not take the connection.
    case refused = "remote connection failure"
    /// The endpoint did not take the connection in time.
    case connectTimeout = "connection timeout"
    /// The endpoint closed the connection.
    case closed = "connection termination"
    /// The endpoint sent something that is no response.
    case protocolError = "protocol error"
}
