// Fairlead: values of a JSON text, for facts
// SPDX-License-Identifier: Apache-2.0

import Fairlead

extension JSONCursor {
    /// Reads any value. Of a name that an object repeats, each value is kept.
    mutating func readValue() throws(LineFault) -> FactValue { try readValue(depth: 0) }

    private mutating func readValue(depth: Int) throws(LineFault) -> FactValue {
        guard depth < Self.maximumDepth else { throw LineFault(message: "nested deeper than \(Self.maximumDepth)") }
        switch next() {
        case UInt8(ascii: "\""):
            try readString()
            return .text(String(decoding: text, as: UTF8.self))
        case UInt8(ascii: "["): return .list(try readList(depth: depth))
        case UInt8(ascii: "{"): return .structure(try readFields(depth: depth))
        case UInt8(ascii: "t"):
            try skipValue()
            return .bool(true)
        case UInt8(ascii: "f"):
            try skipValue()
            return .bool(false)
        case UInt8(ascii: "n"):
            try skipValue()
            return .null
        default:
            let start = position
            try skipValue()
            // What JSON allows Swift reads; numbers beyond a double's range become infinite.
            return .number(Double(text(from: start)) ?? .infinity)
        }
    }

    private mutating func readList(depth: Int) throws(LineFault) -> [FactValue] {
        try expect(UInt8(ascii: "["), "an array")
        var values: [FactValue] = []
        if accept(UInt8(ascii: "]")) { return values }
        repeat { values.append(try readValue(depth: depth + 1)) } while accept(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"), "',' or ']'")
        return values
    }

    private mutating func readFields(depth: Int) throws(LineFault) -> [FactValue.Field] {
        try expect(UInt8(ascii: "{"), "an object")
        var fields: [FactValue.Field] = []
        if accept(UInt8(ascii: "}")) { return fields }
        repeat {
            _ = next()
            try readString()
            let name = String(decoding: text, as: UTF8.self)
            try expect(UInt8(ascii: ":"), "':'")
            fields.append(FactValue.Field(name, try readValue(depth: depth + 1)))
        } while accept(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"), "',' or '}'")
        return fields
    }
}
