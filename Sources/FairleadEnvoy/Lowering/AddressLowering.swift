// Fairlead: addresses, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// An address; the kinds that no value stands for are reported and replaced.
    mutating func address(_ proto: AddressProto) -> Address {
        switch proto.address {
        case .socketAddress(let socket)?: return within("socket_address") { $0.address(socket) }
        case .pipe(let pipe)?:
            within("pipe") { $0.account(for: pipe, .pipe) }
            return .pipe(path: pipe.path)
        case .envoyInternalAddress?: refuse("envoy_internal_address")
        case nil: trail.error(.missingField, "must hold socket_address or pipe")
        }
        return .socket(host: "0.0.0.0", port: 0)
    }

    private mutating func address(_ proto: SocketAddressProto) -> Address {
        account(for: proto, .socketAddress)
        if known(proto.protocol, at: "protocol"), proto.protocol == .udp { refuse("protocol", "UDP") }
        switch proto.portSpecifier {
        case .portValue(let port)?:
            if let port = UInt16(exactly: port) { return .socket(host: proto.address, port: port) }
            trail.error(.invalidValue, at: "port_value", "\(port) is not within 0 and 65535")
        case .namedPort?: refuse("named_port")
        case nil: trail.error(.missingField, "must hold port_value")
        }
        return .socket(host: proto.address, port: 0)
    }
}

extension FieldUse {
    static let pipe = FieldUse(PipeProto.self, read: "path")
    static let socketAddress = FieldUse(
        SocketAddressProto.self, read: "protocol address port_value named_port",
        refused: "resolver_name network_namespace_filepath")
}
