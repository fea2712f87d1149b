// Fairlead: rules for addresses
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// What an address may be, by where it stands.
enum AddressKind {
    /// An IP address with a port, or a pipe.
    case literal
    /// A host name or an IP address, with a port.
    case hostName
}

extension ProblemTrail {
    /// An address at the place where the walk is: the message with `socket_address` or `pipe` in it.
    mutating func check(_ address: Address, as kind: AddressKind) {
        switch address {
        case .socket(let host, _):
            enter("socket_address")
            requireText(host, at: "address")
            if kind == .literal, !host.isEmpty, Bytes.withBytes(of: host, { IPAddress(scoped: $0) }) == nil {
                error(
                    .invalidValue, at: "address",
                    "malformed IP address: \(host). Consider setting resolver_name or setting cluster type to "
                        + "'STRICT_DNS' or 'LOGICAL_DNS'")
            }
            leave()
        case .pipe(let path):
            enter("pipe")
            requireText(path, at: "path")
            leave()
            if kind == .hostName { error(.invalidValue, at: "pipe", "a cluster of host names has no pipes") }
        }
    }
}
