// Fairlead: IP addresses as text
// SPDX-License-Identifier: Apache-2.0

extension IPAddress {
    /// Writes the address as Envoy spells it (as glibc's `inet_ntop` does): the longest run of two or more empty groups
    /// is left out, and addresses of version 4 inside of version 6 keep their dots.
    public func write(to output: inout OutputBuffer) {
        guard isVersion6 else { return IPAddress.write(version4: UInt32(truncatingIfNeeded: low), to: &output) }
        var gap = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, group(end) == 0 { end += 1 }
            if end - start > max(gap.count, 1) { gap = start..<end }
            start = max(end, start + 1)
        }
        let holdsVersion4 = gap.lowerBound == 0 && (gap.count == 6 || gap.count == 5 && group(5) == 0xffff)
        var index = 0
        while index < 8 {
            if index == gap.lowerBound, !gap.isEmpty {
                output.append("::")
                index = gap.upperBound
                continue
            }
            if index == 6, holdsVersion4 {
                return IPAddress.write(version4: UInt32(truncatingIfNeeded: low), to: &output)
            }
            IPAddress.write(group: group(index), to: &output)
            index += 1
            if index < 8, index != gap.lowerBound || gap.isEmpty { output.append(UInt8(ascii: ":")) }
        }
    }

    /// The group at `index`, 0 ..< 8 from the left, of an address of version 6.
    private func group(_ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - index % 4 * 16))
    }

    private static func write(version4 address: UInt32, to output: inout OutputBuffer) {
        for part in 0..<4 {
            if part > 0 { output.append(UInt8(ascii: ".")) }
            output.append(decimal: UInt64(address >> UInt32(24 - part * 8) & 255))
        }
    }

    private static func write(group: UInt16, to output: inout OutputBuffer) {
        var isLeading = true
        for digit in 0..<4 {
            let value = UInt8(truncatingIfNeeded: group >> UInt16(12 - digit * 4)) & 15
            if isLeading, value == 0, digit < 3 { continue }
            isLeading = false
            output.append(hexadecimal: value)
        }
    }

    /// The address as text; see `write`.
    public var text: String { OutputBuffer.text { write(to: &$0) } }
}
