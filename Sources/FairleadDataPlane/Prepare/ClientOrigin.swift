// Fairlead: whose request it is
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Whose request it is, and whether that is somebody inside.
struct ClientOrigin {
    /// The client's address; `nil` when it has none, or it is not known.
    private(set) var address: IPAddress?
    /// Whether the address was read from `x-forwarded-for`.
    private(set) var isForwarded = false
    /// Whether the client is inside.
    private(set) var isInternal = false

    /// Finds the client of a request.
    ///
    /// - Parameter forwardedFor: the request's `x-forwarded-for`; missing when there is none.
    /// - Parameter peer: the address at the other end of the connection, with its port.
    init(_ rules: borrowing PreparationRules, forwardedFor: Bytes, peer: Bytes) {
        let peerAddress = IPAddress(HostNormalForm.host(of: peer))
        let skipped = Int(rules.trustedHops) - (rules.usesRemoteAddress ? 1 : 0)
        var mayBeInternal = rules.usesRemoteAddress && forwardedFor.isMissing
        if skipped >= 0, !forwardedFor.isMissing,
            let (entry, isOnly) = ClientOrigin.entry(of: forwardedFor, skipping: skipped)
        {
            address = entry
            isForwarded = true
            // Behind trusted proxies, a single address can only be the client's own.
            if !rules.usesRemoteAddress { mayBeInternal = isOnly }
        } else {
            address = peerAddress
        }
        guard mayBeInternal, let inside = rules.internalAddresses else { return }
        if let address {
            isInternal = inside.contains(address)
        } else {
            // The path of a Unix socket; a peer that is not known is nobody.
            isInternal = inside.includesUnixSockets && !peer.isEmpty
        }
    }

    /// The entry before the last `skipped` of a list, if it is an address, and whether it is the whole list.
    private static func entry(of list: Bytes, skipping skipped: Int) -> (IPAddress, Bool)? {
        var rest = list
        for _ in 0..<skipped {
            guard let comma = rest.lastIndex(of: UInt8(ascii: ",")) else { return nil }
            rest = rest.prefix(comma)
        }
        let comma = rest.lastIndex(of: UInt8(ascii: ","))
        // Envoy takes a list that ends with a comma for one entry, which is no address.
        if let comma, comma + 1 < rest.count { rest = rest.dropFirst(comma + 1) }
        guard let address = IPAddress(rest.trimmed) else { return nil }
        return (address, comma == nil && skipped == 0)
    }

    /// Writes the address with the port 0, as Envoy spells the source of such a request.
    func writeSource(_ output: inout OutputBuffer) {
        guard let address else { return }
        if address.isVersion6 { output.append(UInt8(ascii: "[")) }
        address.write(to: &output)
        if address.isVersion6 { output.append(UInt8(ascii: "]")) }
        output.append(":0")
    }
}
