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
            if isAddition, let place = mutations.place(index, toResponse: toResponse) {
                unsafe mutation.fill(
                    mutations.addition(place, toResponse: toResponse),
                    Composed(level: level, toResponse: toResponse, index: place))
            } else if !isAddition, index < mutations.removalCount(fromResponse: toResponse) {
                unsafe mutation.action = fl_header_action(FL_HEADER_REMOVE)
                unsafe mutation.name = fl_bytes(mutations.removal(index, fromResponse: toResponse))
            } else {
                skip()
                continue
            }
            unsafe mutation.level = UInt32(level)
            index += 1
            return unsafe mutation
        }
        return nil
    }
}

extension fl_header_mutation {
    /// Becomes `addition`, whose value is composed at `place` unless it is fixed.
    mutating func fill(_ addition: RouteView.Addition, _ place: Composed) {
        unsafe action = fl_header_action(addition.rule)
        unsafe name = fl_bytes(addition.name)
        unsafe value = fl_bytes(addition.value)
        unsafe keeps_empty_value = addition.keepsEmptyValue ? 1 : 0
        if !addition.isFixed { unsafe format = place.packed }
    }
}

extension RouteView.MutationLevel {
    /// Which addition comes at `position` when they are written one after the other: those that overwrite first, then
    /// those that add. O(additions).
    fileprivate func place(_ position: Int, toResponse: Bool) -> Int? {
        let count = additionCount(toResponse: toResponse)
        guard position < count else { return nil }
        var left = position
        for overwrites in [true, false] {
            for index in 0..<count where (addition(index, toResponse: toResponse).rule >= 2) == overwrites {
                if left == 0 { return index }
                left -= 1
            }
        }
        return nil
    }
}

/// Which addition has a value that is composed: level, direction and index, packed into C's `format`. The levels behind
/// those of the route are its mirror policies.
struct Composed {
    var level: Int
    var toResponse: Bool
    var index: Int

    init(level: Int, toResponse: Bool, index: Int) {
        self.level = level
        self.toResponse = toResponse
        self.index = index
    }

    init?(_ packed: UInt64) {
        guard packed >> 63 == 1 else { return nil }
        level = Int(packed >> 33 & 0x3fff_ffff)
        toResponse = packed >> 32 & 1 == 1
        index = Int(packed & 0xffff_ffff)
    }

    var packed: UInt64 { 1 << 63 | UInt64(level) << 33 | (toResponse ? 1 << 32 : 0) | UInt64(index) }
}

extension RouteView {
    /// Writes the composed value that C's `format` names; `false` when it names none.
    func writeValue(
        format: UInt64, _ request: borrowing RequestView, _ facts: ExchangeFacts, into output: inout OutputBuffer
    ) -> Bool {
        guard let place = Composed(format) else { return false }
        if place.level >= RouteView.mutationLevelCount {
            let change = mirrorHeaderChange(place.level - RouteView.mutationLevelCount, place.index)
            guard case .add(let addition)? = change else { return false }
            writeValue(of: addition, request, facts, into: &output)
            return true
        }
        guard let level = mutations(place.level),
            place.index < level.additionCount(toResponse: place.toResponse)
        else { return false }
        writeValue(
            of: level.addition(place.index, toResponse: place.toResponse), request, facts, into: &output)
        return true
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
