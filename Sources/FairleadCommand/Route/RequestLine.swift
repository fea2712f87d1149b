// Fairlead: reading one request from a JSON line
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadProxy

/// Reads one request from a JSON line, straight into a `Request`, and does to it what Envoy's connection manager does
/// before it routes: headers of one connection and of Envoy's inside are taken off, `x-forwarded-proto` is put on, lines
/// that Envoy keeps in one place are joined.
///
/// Keys that the contract does not know are read and left alone, a repeated key counts as its last value, and null as
/// absent.
struct RequestLine {
    private var cursor: JSONCursor
    private var scheme = "http"
    private var method: [UInt8] = Array("GET".utf8)
    private var path: [UInt8]?
    private var hasAuthority = false
    private var hasForwardedProto = false

    /// Reads from `bytes`, which stay where they are until it is done.
    init(_ bytes: Bytes) { cursor = JSONCursor(bytes) }

    /// Fills `request`, which is empty, from the line.
    mutating func read(into request: Request) throws(LineFault) {
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
        guard let path else { throw LineFault(message: "no \"path\"") }
        request.set(method: method)
        // A CONNECT names nothing but the authority.
        if method != Array("CONNECT".utf8) { request.set(path: path) }
        if !hasForwardedProto { request.addHeader("x-forwarded-proto", scheme) }
        request.set(scheme: scheme)
        request.joinRepeatedHeaders()
    }

    private mutating func readField(_ key: String, _ request: Request) throws(LineFault) {
        if cursor.next() == UInt8(ascii: "n") { return try cursor.skipValue() }
        switch key {
        case "method":
            try cursor.readString()
            method = cursor.text
        case "scheme":
            try cursor.readString()
            if !hasForwardedProto { scheme = String(decoding: cursor.text, as: UTF8.self) }
        case "authority":
            try cursor.readString()
            request.set(authority: cursor.text)
            hasAuthority = true
        case "path":
            try cursor.readString()
            path = cursor.text
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
        hasForwardedProto = false
        try cursor.expect(UInt8(ascii: "["), "an array of [name, value] pairs")
        if cursor.accept(UInt8(ascii: "]")) { return }
        repeat {
            try cursor.expect(UInt8(ascii: "["), "a [name, value] pair")
            try cursor.readString()
            let name = cursor.text
            try cursor.expect(UInt8(ascii: ","), "',' and a value")
            try cursor.readString()
            try cursor.expect(UInt8(ascii: "]"), "']'")
            add(name, cursor.text, request)
        } while cursor.accept(UInt8(ascii: ","))
        try cursor.expect(UInt8(ascii: "]"), "',' or ']'")
    }

    private mutating func add(_ name: [UInt8], _ value: [UInt8], _ request: Request) {
        // Only few lengths and first letters can be names that matter; most headers need no text made of them.
        switch ASCII.lowercased(name.first ?? 0) {
        case UInt8(ascii: "x"), UInt8(ascii: "h"), UInt8(ascii: "c"), UInt8(ascii: "k"), UInt8(ascii: "p"),
            UInt8(ascii: "t"), UInt8(ascii: "u"):
            let lowered = ASCII.lowercased(String(decoding: name, as: UTF8.self))
            if lowered == "host" {
                if !hasAuthority { request.set(authority: value) }
                return
            }
            if lowered == "te", String(decoding: value, as: UTF8.self) == "trailers" { break }
            if HeaderName.isHopByHop(lowered) || HeaderName.isInternalOnly(lowered) { return }
            guard lowered == "x-forwarded-proto", !hasForwardedProto else { break }
            hasForwardedProto = true
            let told = String(decoding: value, as: UTF8.self)
            if told == "http" || told == "https" { scheme = told }
        default: break
        }
        request.addHeader(name, value)
    }
}
