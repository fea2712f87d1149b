// Fairlead: header mutations, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// Where an iteration stands: level, kind (removals come first) and index, packed into C's cursor.
private struct HeaderCursor {
    var level: Int
    var isAddition: Bool
    var index: Int

    init(_ cursor: fl_header_cursor) {
        level = Int(cursor >> 40)
        isAddition = cursor >> 32 & 1 == 1
        index = Int(cursor & 0xffff_ffff)
    }

    var packed: fl_header_cursor {
        fl_header_cursor(level) << 40 | fl_header_cursor(isAddition ? 1 : 0) << 32 | fl_header_cursor(index)
    }

    /// On to additions, or to the next level.
    mutating func skip() {
        if isAddition { level += 1 }
        isAddition.toggle()
        index = 0
    }

    /// The next mutation of `route`, if there is one more.
    mutating func next(_ route: RouteView, toResponse: Bool) -> fl_header_mutation? {
        while level < RouteView.mutationLevelCount {
            guard let mutations = route.mutations(level) else {
                level += 1
                continue
            }
            var mutation = unsafe fl_header_mutation()
            if isAddition, index < mutations.additionCount(toResponse: toResponse) {
                let addition = mutations.addition(index, toResponse: toResponse)
                unsafe mutation.action = fl_header_action(addition.rule)
                unsafe mutation.name = fl_bytes(addition.name)
                unsafe mutation.value = fl_bytes(addition.value)
                unsafe mutation.keeps_empty_value = addition.keepsEmptyValue ? 1 : 0
            } else if !isAddition, index < mutations.removalCount(fromResponse: toResponse) {
                unsafe mutation.action = fl_header_action(FL_HEADER_REMOVE)
                unsafe mutation.name = fl_bytes(mutations.removal(index, fromResponse: toResponse))
            } else {
                skip()
                continue
            }
            index += 1
            return unsafe mutation
        }
        return nil
    }
}

/// See route.h.
@c @implementation
public func fl_exchange_next_header_mutation(
    _ exchange: UnsafePointer<fl_exchange>?, _ direction: fl_direction,
    _ cursor: UnsafeMutablePointer<fl_header_cursor>?,
    _ out_mutation: UnsafeMutablePointer<fl_header_mutation>?
) -> fl_status {
    guard let memory = unsafe ExchangeMemory.at(exchange), let cursor = unsafe cursor, let out = unsafe out_mutation,
        direction <= fl_direction(FL_DIRECTION_RESPONSE)
    else { return Status.invalidArgument }
    let size = unsafe out.pointee.struct_size
    guard unsafe isSized(out) else { return Status.structSize }
    guard unsafe memory.pointee.worker != nil else { return Status.exchangeNotOpen }
    var position = HeaderCursor(unsafe cursor.pointee)
    let route = unsafe RouteView(memory.pointee.state)
    let found = unsafe position.next(route, toResponse: direction == fl_direction(FL_DIRECTION_RESPONSE))
    unsafe cursor.pointee = position.packed
    guard var mutation = unsafe found else { return Status.done }
    unsafe mutation.struct_size = size
    unsafe out.pointee = mutation
    return Status.ok
}
