// Fairlead: durations and addresses on the command line
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead

/// A duration on the command line: `500ms`, `5s`, `2m`, `1h`.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), number < 1_000_000_000 else { return nil }
        switch argument.dropFirst(digits.count) {
        case "ms": duration = .milliseconds(number)
        case "s": duration = .seconds(number)
        case "m": duration = .seconds(number * 60)
        case "h": duration = .seconds(number * 3600)
        default: return nil
        }
    }

    var defaultValueDescription: String { duration.description }
}

/// An address on the command line: `host:port`, `[v6]:port`, `:port` for this machine only, or the path of a socket.
struct AddressArgument: ExpressibleByArgument {
    let address: Address

    init?(argument: String) {
        if argument.hasPrefix("/") {
            address = .pipe(path: argument)
            return
        }
        guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...])
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        address = .socket(host: host.isEmpty ? "127.0.0.1" : String(host), port: port)
    }
}
