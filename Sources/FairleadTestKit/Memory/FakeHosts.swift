// Fairlead: hosts without an engine
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Hosts that exist only as slots: they can be made busy by hand, and a picker can ask how busy they are.
@safe
public final class FakeHosts {
    /// How many hosts there are.
    public let count: Int
    /// How many requests are open on all of them.
    public private(set) var activeRequests = 0

    // SAFETY: both are allocated for `count` in init, released in deinit, and handed out only for the length of a call.
    private let memory: UnsafeMutableRawPointer
    private let slots: UnsafeMutablePointer<EndpointSlot>

    /// `count` idle hosts.
    public init(_ count: Int) {
        self.count = max(count, 0)
        let room = max(count, 1)
        unsafe memory = .allocate(byteCount: room * EndpointSlot.stride, alignment: EndpointSlot.stride)
        unsafe slots = .allocate(capacity: room)
        for index in 0..<room {
            let slot = unsafe EndpointSlot(base: memory + index * EndpointSlot.stride)
            slot.initialize(index: UInt32(index), incarnation: 1)
            unsafe (slots + index).initialize(to: slot)
        }
    }

    deinit {
        unsafe slots.deallocate()
        unsafe memory.deallocate()
    }

    /// A request starts on the host at `index`, 0 ..< count.
    public func start(_ index: Int) {
        slot(index).start()
        activeRequests += 1
    }

    /// A request ends on the host at `index`, 0 ..< count.
    public func finish(_ index: Int, failed: Bool = false) {
        slot(index).finish(failed: failed)
        activeRequests -= 1
    }

    /// Makes the hosts as busy as `active` says, by index, with requests of their own.
    public func setActive(_ active: [Int]) {
        for (index, wanted) in active.enumerated() where index < count {
            while slot(index).activeRequests < wanted { start(index) }
            while slot(index).activeRequests > wanted { finish(index) }
        }
    }

    /// How many requests are open on the host at `index`, 0 ..< count.
    public func activeRequests(_ index: Int) -> Int { slot(index).activeRequests }

    /// Lends what a picker sees of the hosts, for the length of `body`.
    public func withLoads<Result>(_ body: (HostLoads) -> Result) -> Result {
        withExtendedLifetime(self) {
            body(unsafe HostLoads(slots: slots, ordinals: nil, first: 0, count: count))
        }
    }

    private func slot(_ index: Int) -> EndpointSlot {
        precondition(index >= 0 && index < count, "no such host")
        return unsafe slots[index]
    }
}
