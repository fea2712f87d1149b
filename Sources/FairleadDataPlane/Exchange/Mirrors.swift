// Fairlead: copies of requests
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension RouteView {
    /// The policies in force: the route's, or else the virtual host's, or else the table's.
    private var mirrors: (records: BlockArray<MirrorRecord>, block: BlockView)? {
        guard let forward, let (_, block) = compiled else { return nil }
        if forward.extras.exists, block[forward.extras].mirrors.count != 0 {
            return (block[forward.extras].mirrors, block)
        }
        if let details = virtualHostDetails, details.record.mirrors.count != 0 {
            return (details.record.mirrors, details.block)
        }
        guard let details = tableDetails, details.record.mirrors.count != 0 else { return nil }
        return (details.record.mirrors, details.block)
    }

    /// How many policies there are that copy requests; `WorkerCell.beginMirror` tells which of them copy this one.
    public var mirrorCount: Int { mirrors.map { Int($0.records.count) } ?? 0 }

    /// The policy at `index`, 0 ..< mirrorCount.
    func mirror(_ index: Int) -> (record: MirrorRecord, block: BlockView)? {
        guard let (records, block) = mirrors, index >= 0, index < Int(records.count) else { return nil }
        return (block[records, index], block)
    }

    /// One change of a copy's headers.
    public enum HeaderChange {
        /// Takes off all lines of this name.
        case remove(Bytes)
        /// Adds a line, as its rule says.
        case add(Addition)
    }

    /// The change at `position` of the headers of the copy that the policy at `index` makes: one after the other, before
    /// the authority is written; `nil` behind the last.
    public func mirrorHeaderChange(_ index: Int, _ position: Int) -> HeaderChange? {
        guard let (record, block) = mirror(index), position >= 0, position < Int(record.headerChanges.count) else {
            return nil
        }
        let change = Addition(block[record.headerChanges, position], block)
        return change.rule == MirrorRecord.removal ? .remove(change.name) : .add(change)
    }

    /// Writes the authority of the copy that the policy at `index` makes of a request which goes to its endpoint with
    /// `authority` (before `auto_host_rewrite`): `a-shadow:80` for `a:80`, unless the policy says otherwise.
    public func writeMirrorAuthority(_ index: Int, of authority: Bytes, into output: inout OutputBuffer) {
        guard let (record, block) = mirror(index) else { return output.append(authority) }
        if record.host.count != 0 { return output.append(block.bytes(record.host)) }
        if record.keepsHost == 1 { return output.append(authority) }
        let host = VirtualHostLookup.withoutPort(authority)
        output.append(host)
        output.append("-shadow")
        output.append(authority.dropFirst(host.count))
    }
}

extension WorkerCell {
    /// Begins an exchange for the copy that the policy at `index` of the route of `exchange` makes; answers whether it
    /// makes one. It does not when chance is against it, when either cluster does not exist, and never of a CONNECT.
    ///
    /// The copy's exchange is one by cluster, without a route: it picks, reports and ends by itself, and may outlive the
    /// other. Allocates nothing.
    public func beginMirror(
        _ mirror: inout ExchangeState, _ index: Int, of exchange: ExchangeState, _ request: borrowing RequestView
    ) -> Bool {
        guard exchange.disposition == .forward, snapshot.cluster(exchange.clusterID) != nil,
            !request.method.elementsEqual(Constants.connect),
            let (record, block) = RouteView(exchange).mirror(index),
            exchange.random % UInt64(max(record.denominator, 1)) < UInt64(record.numerator)
        else { return false }
        let name =
            record.header.offset != 0 ? request.headers.first(block.bytes(record.header)) : block.bytes(record.cluster)
        let directory: DirectoryHeader = snapshot.directory.load(0)
        guard !name.isEmpty, directory.names.exact(name, [], in: snapshot.directory) != 0 else { return false }
        begin(&mirror, cluster: name, hash: nil)
        return true
    }
}
