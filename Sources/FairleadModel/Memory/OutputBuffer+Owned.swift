// Fairlead: composed results as arrays and texts
// SPDX-License-Identifier: Apache-2.0

extension OutputBuffer {
    /// Lets `write` compose a result in `array`, in place of what was in it. The array keeps its memory, so that one
    /// that is used again and again allocates nothing.
    ///
    /// - Parameter write: called a second time when the array was too small for its result.
    /// - Returns: what `write` answered last.
    @discardableResult
    public static func collect<Result>(
        into array: inout [UInt8], _ write: (inout OutputBuffer) -> Result
    ) -> Result {
        var room = 512
        while true {
            if array.count < room { array.append(contentsOf: repeatElement(0, count: room - array.count)) }
            let (result, needed) = unsafe array.withUnsafeMutableBufferPointer { memory in
                var output = unsafe OutputBuffer(start: memory.baseAddress, capacity: memory.count)
                let result = write(&output)
                return (result, output.needed)
            }
            if needed <= array.count {
                array.removeLast(array.count - needed)
                return result
            }
            room = needed
        }
    }

    /// What `write` composes, as a text; bytes that are not UTF-8 are replaced.
    public static func text(_ write: (inout OutputBuffer) -> Void) -> String {
        var array: [UInt8] = []
        collect(into: &array, write)
        return String(decoding: array, as: UTF8.self)
    }
}
