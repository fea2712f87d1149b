// Fairlead: the endpoint slots of one engine
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// The endpoint slots of one engine, in slabs that never move. Control side only.
///
/// A slot is handed out at a publish that adds an endpoint, and comes back when no snapshot and no detached attempt
/// holds it any more. A place that is used again gets a new incarnation, so that (index, incarnation) never repeats.
@safe
public final class EndpointSlab {
    private static var slotsPerSlab: Int { 1024 }

    private var slabs: [UnsafeMutableRawPointer] = unsafe []
    private var free: [UInt32] = []
    private var incarnations: [UInt32] = []

    /// No slots yet.
    public init() {}

    deinit {
        for index in unsafe slabs.indices { unsafe slabs[index].deallocate() }
    }

    /// The memory that all slabs take.
    public var byteCount: Int { incarnations.count * EndpointSlot.stride }

    /// How many slots are handed out.
    public var inUse: Int { incarnations.count - free.count }

    /// A fresh slot: nothing active, nothing counted.
    public func take() -> EndpointSlot {
        if free.isEmpty { grow() }
        let index = free.removeLast()
        incarnations[Int(index)] &+= 1
        let slot = place(index)
        slot.initialize(index: index, incarnation: incarnations[Int(index)])
        return slot
    }

    /// Takes a slot back that nobody holds.
    public func giveBack(_ slot: EndpointSlot) { free.append(slot.index) }

    private func place(_ index: UInt32) -> EndpointSlot {
        let slab = unsafe slabs[Int(index) / Self.slotsPerSlab]
        return unsafe EndpointSlot(base: slab + Int(index) % Self.slotsPerSlab * EndpointSlot.stride)
    }

    private func grow() {
        let size = Self.slotsPerSlab * EndpointSlot.stride
        let slab = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: EndpointSlot.stride)
        let first = incarnations.count
        unsafe slabs.append(slab)
        incarnations += [UInt32](repeating: 0, count: Self.slotsPerSlab)
        // Handed out from the lowest place upwards.
        free += (first..<first + Self.slotsPerSlab).reversed().map { UInt32($0) }
    }
}
