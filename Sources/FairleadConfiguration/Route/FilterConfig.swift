// Fairlead: what routes say to HTTP filters
// SPDX-License-Identifier: Apache-2.0

/// What a route, virtual host, table or weighted cluster says to one of the host's HTTP filters: bytes that the engine
/// carries and does not read.
public struct FilterConfig: Hashable, Sendable {
    /// The filter's name, as the connection manager lists it.
    public var name: String
    /// The type of the bytes, as `google.protobuf.Any` names it; empty when there are none.
    public var typeURL: String
    /// A message of that type.
    public var value: [UInt8]
    /// Whether the filter is left out.
    public var isDisabled = false
    /// Whether a host that does not know the type may go on without it.
    public var isOptional = false

    /// A message of type `typeURL` for the filter called `name`.
    public init(_ name: String, typeURL: String = "", value: [UInt8] = []) {
        self.name = name
        self.typeURL = typeURL
        self.value = value
    }
}
