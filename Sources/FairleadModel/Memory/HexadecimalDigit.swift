// Fairlead: hexadecimal digits
// SPDX-License-Identifier: Apache-2.0

extension UInt8 {
    /// What the byte counts as a hexadecimal digit, in either case; `nil` when it is none.
    @inline(__always)
    package var hexadecimalValue: UInt8? {
        if self &- 48 < 10 { return self &- 48 }
        let lowered = self | 0x20
        return lowered &- 97 < 6 ? lowered &- 87 : nil
    }
}
