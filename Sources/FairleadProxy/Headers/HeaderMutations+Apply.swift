// Fairlead: header mutations of routes, applied
// SPDX-License-Identifier: Apache-2.0

import Fairlead

extension HeaderLines {
    /// Applies the mutations of all levels of `route` in their order, to a request or to a response.
    ///
    /// Values are taken literally, but for `%%`, which stands for one `%`: substitution commands are not acted on yet.
    mutating func apply(_ route: RouteView, toResponse: Bool) {
        for position in 0..<RouteView.mutationLevelCount {
            guard let level = route.mutations(position) else { continue }
            for index in 0..<level.removalCount(fromResponse: toResponse) {
                remove(HeaderName.lowercased(level.removal(index, fromResponse: toResponse).string))
            }
            for index in 0..<level.additionCount(toResponse: toResponse) {
                add(level.addition(index, toResponse: toResponse))
            }
        }
    }

    private mutating func add(_ addition: RouteView.Addition) {
        let value = Self.literal(addition.value.string)
        guard !value.isEmpty || addition.keepsEmptyValue else { return }
        let name = HeaderName.lowercased(addition.name.string)
        // The numbers of Envoy's HeaderAppendAction; what it does not know is appended, its default.
        switch addition.rule {
        case 1: if !contains(name) { append(name, value) }
        case 2: set(name, value)
        case 3: if contains(name) { set(name, value) }
        default: append(name, value)
        }
    }

    /// A value with each `%%` turned into `%`.
    static func literal(_ value: String) -> String {
        guard value.utf8.contains(UInt8(ascii: "%")) else { return value }
        var bytes: [UInt8] = []
        var escapes = false
        for byte in value.utf8 {
            if byte == UInt8(ascii: "%"), escapes {
                escapes = false
                continue
            }
            escapes = byte == UInt8(ascii: "%")
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
