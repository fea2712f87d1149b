// Fairlead: a request that is ready to be routed
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// What `PreparationRules` make of a request: one that is ready to be routed, or an answer.
///
/// Its texts lie in the request, in the buffers that were given, or in constants; it is borrowed like they are.
public struct PreparedRequest: BitwiseCopyable {
    /// The status to answer with at once, 0 to go on and route the request: 400 and 404 without a body, or 307 to
    /// `location`.
    public internal(set) var status: UInt16 = 0
    /// Why it is answered, in the words of Envoy's response code details.
    public internal(set) var details = Bytes.missing
    /// Where a client that is answered 307 is sent: a path; missing otherwise.
    public internal(set) var location = Bytes.missing
    /// The method.
    public internal(set) var method = Bytes.missing
    /// The scheme, which is never missing.
    public internal(set) var scheme = Bytes.missing
    /// The host.
    public internal(set) var authority = Bytes.missing
    /// The path with its query; missing for CONNECT.
    public internal(set) var path = Bytes.missing
    /// The header lines: those of the connection are gone, those of proxies are there.
    public internal(set) var headers = HeaderList.none
    /// The client's address with a port, 0 when that is not known; missing when nothing is known of it.
    public internal(set) var source = Bytes.missing
    /// The local address.
    public internal(set) var destination = Bytes.missing
    /// What is known of the connection, and whether the client is inside.
    public internal(set) var connection = ConnectionFacts()
    /// The request's own random bits.
    public internal(set) var random: UInt64?
    /// What the host knows beyond the head.
    public internal(set) var facts = FactList.none
    /// Whether the request asks to go on in another protocol; its `upgrade` header says which.
    public internal(set) var asksForUpgrade = false
    /// Whether it is a gRPC request, whose answers travel in headers of their own.
    public internal(set) var isGRPC = false

    /// The request as the engine sees it.
    ///
    /// - Parameter owner: what holds the memory of the request and of the buffers.
    @_lifetime(borrow owner)
    public func view<Owner>(borrowing owner: borrowing Owner) -> RequestView where Owner: ~Copyable & ~Escapable {
        RequestView(
            borrowing: owner, method: method, scheme: scheme, authority: authority, path: path, headers: headers,
            source: source, destination: destination, connection: connection, random: random, facts: facts)
    }
}
