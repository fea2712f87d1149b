// Fairlead: what the control side of a C policy gets
// SPDX-License-Identifier: Apache-2.0

import CFairlead
import Fairlead

extension PolicyParameters {
    /// Lends the parameters to C for the length of `body`.
    func lend<Result>(_ body: (UnsafePointer<fl_policy_parameters>) -> Result) -> Result {
        var texts = LentTexts()
        for (name, value) in values {
            texts.add(name.utf8)
            if case .text(let text) = value { texts.add(text.utf8) } else { texts.add([]) }
        }
        texts.add(payload)
        return unsafe texts.lend { text in
            let parameters = unsafe values.indices.map { index in
                unsafe PolicyParameters.lent(values[index].value, name: text(2 * index), text: text(2 * index + 1))
            }
            return unsafe parameters.withUnsafeBufferPointer { buffer in
                var lent = unsafe fl_policy_parameters(
                    struct_size: UInt32(MemoryLayout<fl_policy_parameters>.size), count: UInt32(buffer.count),
                    values: buffer.baseAddress, payload: text(2 * values.count))
                return unsafe body(&lent)
            }
        }
    }

    private static func lent(_ value: Value, name: fl_bytes, text: fl_bytes) -> fl_policy_parameter {
        var parameter = unsafe fl_policy_parameter()
        unsafe parameter.name = name
        switch value {
        case .bool(let isTrue):
            unsafe parameter.kind = fl_parameter_kind(FL_PARAMETER_BOOL)
            unsafe parameter.whole = isTrue ? 1 : 0
        case .unsigned(let number):
            unsafe parameter.kind = fl_parameter_kind(FL_PARAMETER_WHOLE)
            unsafe parameter.whole = number
        case .double(let number):
            unsafe parameter.kind = fl_parameter_kind(FL_PARAMETER_NUMBER)
            unsafe parameter.number = number
        case .text:
            unsafe parameter.kind = fl_parameter_kind(FL_PARAMETER_TEXT)
            unsafe parameter.text = text
        }
        return unsafe parameter
    }
}

extension HostList {
    /// Lends the list to C for the length of `body`.
    func lend<Result>(_ body: (UnsafePointer<fl_policy_hosts>) -> Result) -> Result {
        var texts = LentTexts()
        for key in hashKeys { texts.add(key.utf8) }
        return unsafe texts.lend { text in
            let keys = unsafe hashKeys.indices.map { unsafe text($0) }
            var lent = unsafe fl_policy_hosts()
            unsafe lent.struct_size = UInt32(MemoryLayout<fl_policy_hosts>.size)
            unsafe lent.count = UInt32(truncatingIfNeeded: count)
            unsafe lent.locality_count = UInt32(truncatingIfNeeded: localityWeights.count)
            return unsafe weights.withUnsafeBufferPointer { weights in
                unsafe keys.withUnsafeBufferPointer { keys in
                    unsafe localities.withUnsafeBufferPointer { localities in
                        unsafe localityWeights.withUnsafeBufferPointer { localityWeights in
                            // Arrays that are not there are NULL for C, whatever address an empty one has here.
                            unsafe lent.weights = weights.baseAddress
                            unsafe lent.hash_keys = keys.isEmpty ? nil : keys.baseAddress
                            unsafe lent.localities = localities.isEmpty ? nil : localities.baseAddress
                            unsafe lent.locality_weights = localityWeights.isEmpty ? nil : localityWeights.baseAddress
                            return unsafe body(&lent)
                        }
                    }
                }
            }
        }
    }
}
