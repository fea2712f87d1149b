// Fairlead: what a rate limit service is asked about a request
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// One descriptor: the entries lie where they were written.
public struct RateLimitDescriptor {
    /// How much is allowed; `nil` leaves it to the service.
    public let limit: RateLimitOverride?
}

/// The rules of one level, in their block.
private typealias RateLimitRules = (records: BlockArray<RateLimitRecord>, block: BlockView)

extension RouteView {
    /// Makes the next descriptor of `request`, of those that `query` asks for; `nil` when there is none left. The order
    /// and the rules are those of Envoy's filter (`ratelimit.cc`, `router_ratelimit.cc`).
    ///
    /// The entries are lines in `entries`, a key and a value each; values that have to be composed are written into
    /// `text`. What was in either of them before is lost. A descriptor can have no entries. When not everything fits, both
    /// say how much is needed, and `cursor` stays where it was. Allocates nothing. O(rules and their conditions).
    public func nextRateLimit(
        _ request: borrowing RequestView, _ query: RateLimitQuery, _ cursor: inout RateLimitCursor,
        entries: inout HeaderOutput, text: inout OutputBuffer
    ) -> RateLimitDescriptor? {
        // Envoy's filter asks nothing about requests that it has no cluster for.
        guard let extras = forward, !clusterName.isMissing else { return nil }
        let own = routeRules(extras)
        let ownCount = own.map { Int($0.records.count) } ?? 0
        let others = virtualHostRules(extras, query, hasOwn: ownCount != 0)
        let count = ownCount + (others.map { Int($0.records.count) } ?? 0)
        var index = Int(cursor.rule)
        while index < count {
            let rules = index < ownCount ? own : others
            guard let (records, block) = rules else { break }
            let record = block[records, index < ownCount ? index : index - ownCount]
            index += 1
            entries.removeAll()
            text.truncate(to: 0)
            guard record.stage == query.stage, (record.isStreamDone == 1) == query.isStreamDone,
                isOn(record, in: block), make(record, in: block, request, query, &entries, &text)
            else { continue }
            if entries.fits, text.fits { cursor.rule = UInt32(truncatingIfNeeded: index) }
            return RateLimitDescriptor(limit: limit(record, in: block, request.facts))
        }
        entries.removeAll()
        text.truncate(to: 0)
        cursor.rule = UInt32(truncatingIfNeeded: index)
        return nil
    }

    private func routeRules(_ forward: ForwardRecord) -> RateLimitRules? {
        guard forward.extras.exists, let (_, block) = compiled else { return nil }
        return (block[forward.extras].rateLimits, block)
    }

    private func virtualHostRules(_ forward: ForwardRecord, _ query: RateLimitQuery, hasOwn: Bool) -> RateLimitRules? {
        guard let details = virtualHostDetails, details.record.rateLimits.count != 0 else { return nil }
        let isIncluded = forward.extras.exists && details.block[forward.extras].includesHostRateLimits == 1
        switch query.virtualHostRules {
        case .always: break
        case .whenRouteHasNone: if hasOwn, !isIncluded { return nil }
        case .never: if !isIncluded { return nil }
        }
        return (details.record.rateLimits, details.block)
    }

    /// Whether runtime values leave the rule on for this request.
    private func isOn(_ record: RateLimitRecord, in block: BlockView) -> Bool {
        guard record.switchName.offset != 0 else { return record.share != 0 }
        // The request's random bits serve its routes; each rule draws its own from them.
        return XXHash64.hash(block.bytes(record.switchName), seed: random) % 100 < UInt64(record.share)
    }

    /// Makes the entries; answers whether there is a descriptor.
    private func make(
        _ record: RateLimitRecord, in block: BlockView, _ request: borrowing RequestView, _ query: RateLimitQuery,
        _ entries: inout HeaderOutput, _ text: inout OutputBuffer
    ) -> Bool {
        for index in 0..<Int(record.actions.count) {
            let action = block[record.actions, index]
            let value = value(action, in: block, request, query, &text)
            if !value.isMissing {
                entries.append(name: block.bytes(action.key), value: value)
            } else if action.skipsIfAbsent != 1 {
                return false
            }
        }
        return true
    }

    /// The value of one entry; missing when there is none.
    private func value(
        _ action: RateLimitActionRecord, in block: BlockView, _ request: borrowing RequestView,
        _ query: RateLimitQuery, _ text: inout OutputBuffer
    ) -> Bytes {
        switch action.kind {
        // A host that belongs to no cluster has an empty name, as in Envoy.
        case .sourceCluster: return query.sourceCluster.isMissing ? Bytes("") : query.sourceCluster
        case .destinationCluster: return clusterName
        case .requestHeader: return Substitution.header(block.bytes(action.name), request)
        case .queryParameter: return decodedParameter(block.bytes(action.name), request, &text)
        case .remoteAddress, .maskedRemoteAddress:
            guard let address = IPAddress(RequestHash.address(request.source)) else { return .missing }
            let start = text.needed
            if action.kind == .remoteAddress {
                address.write(to: &text)
            } else {
                let length = address.isVersion6 ? action.version6 : action.version4
                IPRange(address, length: Int(length)).first.write(to: &text)
                text.append(UInt8(ascii: "/"))
                text.append(decimal: UInt64(length))
            }
            return text.written(from: start)
        case .fixed: return block.bytes(action.value)
        case .headerMatch, .queryParameterMatch:
            let holds =
                action.kind == .headerMatch
                ? headersHold(action.conditions, in: block, request)
                : DecodedQuery(request.path).holds(action.conditions, in: block)
            return holds == (action.expectsMatch == 1) ? block.bytes(action.value) : .missing
        case .requestMetadata, .routeMetadata:
            let value = metadata(action, in: block, request.facts)
            if !value.isEmpty { return value }
            let fallback = block.bytes(action.value)
            return fallback.isEmpty ? .missing : fallback
        }
    }

    private func decodedParameter(
        _ name: Bytes, _ request: borrowing RequestView, _ text: inout OutputBuffer
    ) -> Bytes {
        let value = DecodedQuery(request.path).encodedValue(of: name)
        guard DecodedQuery.isEncoded(value) else { return value }
        let start = text.needed
        EscapedText(value).write(to: &text)
        return text.written(from: start)
    }

    private func headersHold(
        _ conditions: BlockArray<Condition>, in block: BlockView, _ request: borrowing RequestView
    ) -> Bool {
        let parts = TargetParts(request.path)
        for index in 0..<Int(conditions.count)
        where !ConditionMatcher.holds(block[conditions, index], in: block, request, parts, random: 0) {
            return false
        }
        return true
    }

    /// The text of metadata; missing for values of other kinds too.
    private func metadata(_ action: RateLimitActionRecord, in block: BlockView, _ facts: FactList) -> Bytes {
        if action.kind == .requestMetadata {
            let value = FactMatcher.metadata(block.bytes(action.name), action.path, in: block, facts)
            return value?.kind == .text ? value?.text ?? .missing : .missing
        }
        guard let details = routeDetails,
            let node = details.block.metadataNode(details.record.metadata, at: action.path, from: block),
            node.kind == .text
        else { return .missing }
        return details.block.bytes(node.text)
    }

    /// How much the request's metadata allows; `nil` when it does not say both numbers and unit.
    private func limit(_ record: RateLimitRecord, in block: BlockView, _ facts: FactList) -> RateLimitOverride? {
        guard record.limit.exists else { return nil }
        let place = block[record.limit]
        let filter = block.bytes(place.filter)
        guard let requests = FactMatcher.metadata(filter, place.requests, in: block, facts), requests.kind == .number,
            let unit = FactMatcher.metadata(filter, place.unit, in: block, facts), unit.kind == .text,
            let known = RateLimitOverride.Unit(named: unit.text)
        else { return nil }
        // A larger number loses its upper bits, as in Envoy.
        let whole = Int64(exactly: requests.number.rounded(.towardZero)) ?? 0
        return RateLimitOverride(requestsPerUnit: UInt32(truncatingIfNeeded: whole), unit: known)
    }
}
