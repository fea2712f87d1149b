// Fairlead: which virtual hosts came and went
// SPDX-License-Identifier: Apache-2.0

/// The virtual hosts that came with an update, and those that went with it; both in the order of their tables.
struct HostChanges {
    private(set) var new: [VirtualHostState] = []
    private(set) var gone: [VirtualHostState] = []

    /// Compares two lists by identity. What stands in the same place of both is passed over at once.
    init(from former: [VirtualHostState], to hosts: [VirtualHostState]) {
        let shared = min(former.count, hosts.count)
        var came = (0..<shared).filter { former[$0] !== hosts[$0] }.map { hosts[$0] }
        var went = (0..<shared).filter { former[$0] !== hosts[$0] }.map { former[$0] }
        came += hosts[shared...]
        went += former[shared...]
        var known = Set(went.map { ObjectIdentifier($0) })
        new = came.filter { known.insert(ObjectIdentifier($0)).inserted }
        let kept = Set(came.map { ObjectIdentifier($0) })
        gone = went.filter { !kept.contains(ObjectIdentifier($0)) }
    }
}
