// Fairlead: reading one request from a JSON line
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Reads one request from a JSON line, straight into a `Request`, as it would arrive: a scheme of `https` says that its
/// connection is encrypted.
///
/// Keys that the contract does not know are read and left alone, a repeated key counts as its last value, and null as
/// absent.
struct RequestLine {
    private var cursor: JSONCursor
    private var hasPath = false
    private var isConnect = false

    /// Reads from `bytes`, which stay where they are until it is done.
    init(_ bytes: Bytes) { cursor = JSONCursor(bytes) }

    /// Fills `request`, which is empty, from the line.
    mutating func read(into request: Request) throws(LineFault) {
        request.set(method: "GET")
        try cursor.expect(UInt8(ascii: "{"), "an object")
        if !cursor.accept(UInt8(ascii: "}")) {
            repeat {
                try cursor.readString()
                let key = String(decoding: cursor.text, as: UTF8.self)
                try cursor.expect(UInt8(ascii: ":"), "':'")
                try readField(key, request)
            } while cursor.accept(UInt8(ascii: ","))
            try cursor.expect(UInt8(ascii: "}"), "',' or '}'")
        }
        try cursor.expectEnd()
        // The CONNECT of HTTP/2 has none.
        guard hasPath || isConnect else { throw LineFault(message: "no \"path\"") }
    }

    private mutating func readField(_ key: String, _ request: Request) throws(LineFault) {
        if cursor.next() == UInt8(ascii: "n") { return try cursor.skipValue() }
        switch key {
        case "method":
            try cursor.readString()
            request.set(method: cursor.text)
            isConnect = cursor.text == Array("CONNECT".utf8)
        case "scheme":
            try cursor.readString()
            let isEncrypted = cursor.text == Array("https".utf8)
            request.connection = isEncrypted ? .isEncrypted : ConnectionFacts()
        case "authority":
            try cursor.readString()
            request.set(authority: cursor.text)
        case "path":
            try cursor.readString()
            request.set(path: cursor.text)
            hasPath = true
        case "source":
            try cursor.readString()
            request.set(source: String(decoding: cursor.text, as: UTF8.self))
        case "headers": try readHeaders(request)
        case "tls": try readTLS(request)
        case "metadata":
            try cursor.expectObject()
            if case .structure(let filters) = try cursor.readValue() {
                for filter in filters { request.addMetadata(filter.name, filter.value) }
            }
        case "filter_state":
            try cursor.expectObject()
            if case .structure(let objects) = try cursor.readValue() {
                for object in objects { request.addFilterState(object.name, try RequestLine.object(object)) }
            }
        default: try cursor.skipValue()
        }
    }

    /// What the connection tells of the client's certificate: `{"presented":true,"validated":false}`.
    private mutating func readTLS(_ request: Request) throws(LineFault) {
        try cursor.expectObject()
        guard case .structure(let facts) = try cursor.readValue() else { return }
        for fact in facts {
            guard case .bool(let isTrue) = fact.value else {
                throw LineFault(message: "\"tls\".\"\(fact.name)\" is neither true nor false")
            }
            switch (fact.name, isTrue) {
            case ("presented", true): request.connection.insert(.certificatePresented)
            case ("presented", false): request.connection.remove(.certificatePresented)
            case ("validated", true): request.connection.insert(.certificateValidated)
            case ("validated", false): request.connection.remove(.certificateValidated)
            default: break
            }
        }
    }

    /// An object of filter state: its text, or `{"address": "10.0.0.1"}`.
    private static func object(_ field: FactValue.Field) throws(LineFault) -> FactValue {
        switch field.value {
        case .text: return field.value
        case .structure(let fields):
            if fields.count == 1, fields[0].name == "address", case .text(let address) = fields[0].value {
                return .address(address)
            }
        default: break
        }
        throw LineFault(message: "\"filter_state\".\"\(field.name)\" is neither a text nor {\"address\": a text}")
    }

    private mutating func readHeaders(_ request: Request) throws(LineFault) {
        request.removeHeaders()
        try cursor.expect(UInt8(ascii: "["), "an array of [name, value] pairs")
        if cursor.accept(UInt8(ascii: "]")) { return }
        repeat {
            try cursor.expect(UInt8(ascii: "["), "a [name, value] pair")
            try cursor.readString()
            let name = cursor.text
            try cursor.expect(UInt8(ascii: ","), "',' and a value")
            try cursor.readString()
            try cursor.expect(UInt8(ascii: "]"), "']'")
            request.addHeader(name, cursor.text)
        } while cursor.accept(UInt8(ascii: ","))
        try cursor.expect(UInt8(ascii: "]"), "',' or ']'")
    }
}
