// Fairlead: powers without a mathematics library
// SPDX-License-Identifier: Apache-2.0

/// Powers with any exponent, by multiplications and square roots alone: the same bits on every machine, and nothing to
/// link. For the control side: it takes about a hundred operations.
enum Power {
    /// `base`^`exponent` for a base of 1 or more and an exponent of 0 or more; never infinite, so that a product with
    /// 0 stays 0.
    static func raise(_ base: Double, to exponent: Double) -> Double {
        var result = 1.0
        // Binary digits before the point: squares. Beyond 4096 every base above 1 that is asked for is off the scale.
        var whole = UInt64(min(exponent.rounded(.down), 4096))
        var square = base
        while whole > 0 {
            if whole & 1 == 1 { result = min(result * square, .greatestFiniteMagnitude) }
            square = min(square * square, .greatestFiniteMagnitude)
            whole >>= 1
        }
        // Binary digits after the point: square roots.
        var fraction = exponent - exponent.rounded(.down)
        var root = base
        while fraction > 0 {
            root = root.squareRoot()
            fraction *= 2
            if fraction >= 1 {
                result = min(result * root, .greatestFiniteMagnitude)
                fraction -= 1
            }
        }
        return result
    }
}
