// Fairlead: what the connection header of a request asks for
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// What the `connection` header of a request asks for: headers that end here, and a change of protocol.
struct ConnectionOptions {
    /// More than this many names are refused, as Envoy does.
    private static let maximumTokens = 9
    /// A `te` that is named and as long as this is refused, as Envoy does.
    private static let maximumWish = 256

    /// Whether it is refused: it names too much, or a header that nobody may have taken off.
    private(set) var isRefused = false
    /// Whether it names any header that is to be taken off.
    private(set) var nominatesAny = false
    /// Whether it names `te`.
    private(set) var nominatesWish = false
    /// Whether the request asks for another protocol.
    private(set) var asksForUpgrade = false

    /// Reads the lines of `headers` that are called `connection`.
    init(_ headers: HeaderList) {
        let name = Bytes("connection")
        guard var line = headers.firstIndex(of: name) else { return }
        var count = 0
        var namesUpgrade = false
        while true {
            var tokens = ListedTokens(headers[line].value)
            while let token = tokens.next() {
                count += 1
                read(token, &namesUpgrade)
            }
            guard let next = headers.firstIndex(of: name, from: line + 1) else { break }
            line = next
        }
        if count > ConnectionOptions.maximumTokens { isRefused = true }
        guard namesUpgrade || nominatesWish else { return }
        asksForUpgrade = namesUpgrade && headers.firstIndex(of: Bytes("upgrade")) != nil
        if nominatesWish {
            var length = 0
            var line = headers.firstIndex(of: Bytes("te"))
            while let place = line {
                length += headers[place].value.count + (length > 0 ? 1 : 0)
                line = headers.firstIndex(of: Bytes("te"), from: place + 1)
            }
            if length >= ConnectionOptions.maximumWish { isRefused = true }
        }
    }

    private mutating func read(_ token: Bytes, _ namesUpgrade: inout Bool) {
        if token.foldedEquals("upgrade") {
            namesUpgrade = true
        } else if token.foldedEquals("te") {
            nominatesWish = true
        } else if token.foldedEquals("x-forwarded-for") || token.foldedEquals("x-forwarded-host")
            || token.foldedEquals("x-forwarded-proto") || token.starts(with: Bytes(":"))
        {
            isRefused = true
        } else if !ConnectionOptions.isOption(token) {
            nominatesAny = true
        }
    }

    /// Whether a name in the header asks for something of the connection itself.
    private static func isOption(_ token: Bytes) -> Bool {
        token.isEmpty || token.foldedEquals("close") || token.foldedEquals("keep-alive")
            || token.foldedEquals("upgrade") || token.foldedEquals("http2-settings")
            || token.foldedEquals("connection") || token.foldedEquals("te")
    }

    /// Whether lines called `name` are to be taken off. O(lines).
    func nominates(_ name: Bytes, _ headers: HeaderList) -> Bool {
        guard nominatesAny else { return false }
        var line = headers.firstIndex(of: Bytes("connection"))
        while let place = line {
            var tokens = ListedTokens(headers[place].value)
            while let token = tokens.next() {
                if !ConnectionOptions.isOption(token), token.equalsIgnoringCase(name) { return true }
            }
            line = headers.firstIndex(of: Bytes("connection"), from: place + 1)
        }
        return false
    }

    /// Whether the wish for trailers, which the next connection can share, is among those of a `te` header.
    func wantsTrailers(_ wishes: Bytes) -> Bool {
        var tokens = ListedTokens(wishes)
        while let token = tokens.next() {
            if token.elementsEqual("trailers") { return true }
            // A `te` that the connection header names is brought into this form, unless the wish stands alone.
            if nominatesWish, token.foldedEquals("trailers"), token.count != wishes.count { return true }
        }
        return false
    }
}
