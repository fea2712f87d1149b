// Fairlead: numbers from text
// SPDX-License-Identifier: Apache-2.0

/// Reads numbers the way Envoy's JSON reader does: whole numbers may carry a fraction of zeros or an exponent, and
/// strings may hold them too.
enum NumberText {
    /// What became of a text that was to be a number.
    enum Reading<Value: Sendable>: Sendable {
        case value(Value)
        case outOfRange
        case notWhole
        case notANumber
    }

    /// A whole number of type `Value`.
    static func integer<Value: FixedWidthInteger & Sendable>(
        _ text: ArraySlice<UInt8>, as type: Value.Type
    ) -> Reading<Value> {
        if let digits = decimal(text, as: type) { return digits }
        // Space around a number is for floating-point fields only.
        guard let first = text.first, isNumberStart(first), text.trimmingSpaces().count == text.count
        else { return .notANumber }
        switch double(text) {
        case .value(let number):
            guard number.isFinite else { return .outOfRange }
            guard number == number.rounded(.towardZero) else { return .notWhole }
            return Value(exactly: number).map(Reading.value) ?? .outOfRange
        case .outOfRange: return .outOfRange
        case .notWhole, .notANumber: return .notANumber
        }
    }

    /// A sign and decimal digits, the common case. Nil when the text is anything else.
    private static func decimal<Value: FixedWidthInteger & Sendable>(
        _ text: ArraySlice<UInt8>, as type: Value.Type
    ) -> Reading<Value>? {
        var index = text.startIndex
        guard index < text.endIndex else { return nil }
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
        guard index < text.endIndex else { return nil }
        var value: Value = 0
        var overflow = false
        while index < text.endIndex {
            guard let digit = text[index].decimalDigit else { return nil }
            let tens = value.multipliedReportingOverflow(by: 10)
            // Counting down for negative numbers reaches the smallest one, and keeps an unsigned zero at zero.
            let next =
                isNegative
                ? tens.partialValue.subtractingReportingOverflow(Value(digit))
                : tens.partialValue.addingReportingOverflow(Value(digit))
            overflow = overflow || tens.overflow || next.overflow
            value = next.partialValue
            index += 1
        }
        return overflow ? .outOfRange : .value(value)
    }

    /// A floating-point number; `NaN`, `Infinity` and `inf` by name. Beyond the largest finite number is out of range.
    static func double(_ text: ArraySlice<UInt8>) -> Reading<Double> {
        let trimmed = text.trimmingSpaces()
        guard let first = trimmed.first else { return .notANumber }
        if isNumberStart(first), let number = Double(String(decoding: trimmed, as: UTF8.self)) {
            if number.isFinite { return .value(number) }
            return trimmed.contains(where: { $0.decimalDigit != nil }) ? .outOfRange : .value(number)
        }
        switch String(decoding: trimmed, as: UTF8.self).lowercased() {
        case "nan": return .value(.nan)
        case "inf", "infinity": return .value(.infinity)
        default: return .notANumber
        }
    }

    /// A floating-point number of 32 bits.
    static func float(_ text: ArraySlice<UInt8>) -> Reading<Float> {
        switch double(text) {
        case .value(let number):
            let single = Float(number)
            return single.isFinite || !number.isFinite ? .value(single) : .outOfRange
        case .outOfRange: return .outOfRange
        case .notWhole, .notANumber: return .notANumber
        }
    }

    /// An integer in C's notation: decimal, `0x` hexadecimal or `0` octal, with a sign. Nil when it is not one, or does
    /// not fit.
    static func integer(inCNotation text: some RandomAccessCollection<UInt8>) -> Int64? {
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var radix: Int64 = 10
        if rest.first == UInt8(ascii: "0"), rest.count > 1 {
            rest = rest.dropFirst()
            radix = 8
            if let mark = rest.first, mark == UInt8(ascii: "x") || mark == UInt8(ascii: "X") {
                rest = rest.dropFirst()
                radix = 16
            }
        }
        guard !rest.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in rest {
            guard let digit = byte.hexDigit, Int64(digit) < radix else { return nil }
            let shifted = value.multipliedReportingOverflow(by: radix)
            let next =
                isNegative
                ? shifted.partialValue.subtractingReportingOverflow(Int64(digit))
                : shifted.partialValue.addingReportingOverflow(Int64(digit))
            if shifted.overflow || next.overflow { return nil }
            value = next.partialValue
        }
        return value
    }

    private static func isNumberStart(_ byte: UInt8) -> Bool {
        byte.decimalDigit != nil || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
    }
}

extension UInt8 {
    /// The value of an ASCII decimal digit.
    var decimalDigit: UInt8? {
        let digit = self &- UInt8(ascii: "0")  // Wraps for what comes before "0", and is then too large.
        return digit < 10 ? digit : nil
    }

    /// The value of an ASCII hexadecimal digit, in either case.
    var hexDigit: UInt8? {
        if let decimalDigit { return decimalDigit }
        let letter = (self | 0x20) &- UInt8(ascii: "a")  // Wraps as above.
        return letter < 6 ? letter + 10 : nil
    }
}

extension ArraySlice<UInt8> {
    /// Without the ASCII white space at both ends.
    func trimmingSpaces() -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
