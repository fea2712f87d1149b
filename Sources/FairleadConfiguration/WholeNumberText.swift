// Fairlead: whole numbers in texts
// SPDX-License-Identifier: Apache-2.0

/// Reads whole numbers that are written as decimal numbers may be: `50`, `+5e1`, `50.0`. The standard library's way to
/// read such a text needs more than Embedded Swift has.
enum WholeNumberText {
    /// The number, `nil` for a text that is no decimal number, or whose number is not whole, negative, or 2^64 or more.
    static func number(_ text: String) -> UInt64? {
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let whole = digits(&rest)
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = digits(&rest)
        }
        guard !whole.isEmpty || !fraction.isEmpty, let exponent = exponent(&rest), rest.isEmpty else { return nil }
        guard let number = number(whole + fraction, exponent: exponent - fraction.count) else { return nil }
        return isNegative && number != 0 ? nil : number
    }

    /// Takes the digits that `rest` begins with.
    private static func digits(_ rest: inout Substring.UTF8View) -> [UInt8] {
        let found = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        rest = rest.dropFirst(found.count)
        return found.map { $0 - UInt8(ascii: "0") }
    }

    /// Takes an exponent, 0 when there is none; `nil` for one without digits. Large ones are cut: no text is that long.
    private static func exponent(_ rest: inout Substring.UTF8View) -> Int? {
        guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else { return 0 }
        rest = rest.dropFirst()
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let found = digits(&rest)
        guard !found.isEmpty else { return nil }
        let size = found.reduce(0) { min($0 * 10 + Int($1), 1 << 32) }
        return isNegative ? -size : size
    }

    /// The number with these digits, times ten to the power of `exponent`.
    private static func number(_ digits: [UInt8], exponent: Int) -> UInt64? {
        let significant = digits.drop { $0 == 0 }
        guard !significant.isEmpty else { return 0 }
        var number: UInt64 = 0
        let places = significant.count + exponent
        guard places > 0, places <= 20 else { return nil }
        if significant.dropFirst(places).contains(where: { $0 != 0 }) { return nil }
        for place in 0..<places {
            let digit = place < significant.count ? significant[significant.startIndex + place] : 0
            let (scaled, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = scaled.addingReportingOverflow(UInt64(digit))
            guard !tooLarge, !overflow else { return nil }
            number = sum
        }
        return number
    }
}
