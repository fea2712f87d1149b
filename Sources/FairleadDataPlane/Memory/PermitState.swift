// Fairlead: a permit that a host holds
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// A permit for a connection, a group of connections or a waiting request: a fixed-size value that the caller keeps.
///
/// It holds the cluster's slot (and for a connection the endpoint's), but no snapshot: it may outlive both the attempt
/// that it was taken for and the cluster.
@safe
public struct PermitState: BitwiseCopyable {
    /// No permit.
    public static var none: PermitState { PermitState() }

    private var slot: ClusterSlot?
    private var endpoint: EndpointSlot?
    private var work = CountedWork.connections
    private var priority: UInt8 = 0

    init() {}

    init(_ work: CountedWork, _ priority: UInt8, _ slot: ClusterSlot, _ endpoint: EndpointSlot?) {
        self.work = work
        self.priority = priority
        self.slot = slot
        self.endpoint = endpoint
    }

    /// Whether there is a permit.
    public var isHeld: Bool { slot != nil }

    /// Gives it back; any thread may. Nothing happens when there is none.
    public mutating func giveBack() {
        if let endpoint {
            endpoint.giveConnectionBack()
            endpoint.release()
        }
        if let slot {
            slot.giveBack(work, priority: Int(priority))
            slot.release()
        }
        self = .none
    }
}

// SAFETY: giving back is atomic, and one owner has it at a time.
extension PermitState: @unchecked Sendable {}
