// Fairlead: the wire types of protobuf
// SPDX-License-Identifier: Apache-2.0

/// How a value is laid out on the wire: the low three bits of a tag.
enum WireType: UInt8, Sendable {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case startGroup = 3
    case endGroup = 4
    case fixed32 = 5
}
