// Fairlead: compiling what a rate limit service is asked
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension VirtualHostCompiler {
    /// Stores rules that make descriptors.
    mutating func append(limits: [RateLimit]) -> BlockArray<RateLimitRecord> {
        writer.append(limits.map { compile(limit: $0) })
    }

    private mutating func compile(limit: RateLimit) -> RateLimitRecord {
        let actions = writer.append(limit.actions.map { compile(action: $0) })
        var record = RateLimitRecord(
            actions: actions, stage: UInt8(clamping: limit.stage), isStreamDone: limit.appliesOnStreamDone)
        if let place = limit.limit {
            record.limit = writer.append(
                shared: RateLimitPlace(
                    filter: writer.text(place.filter), requests: names(place.path + ["requests_per_unit"]),
                    unit: names(place.path + ["unit"])))
        }
        if let key = limit.runtimeKey {
            record.share = UInt8(clamping: min(runtime.whole(key, fallback: 100), 100))
            if (1..<100).contains(record.share) { record.switchName = writer.text(limit.disableKey) }
        }
        return record
    }

    private mutating func names(_ path: [String]) -> BlockArray<BlockText> {
        writer.append(path.map { writer.text($0) })
    }

    private mutating func compile(action: RateLimit.Action) -> RateLimitActionRecord {
        func made(_ kind: RateLimitActionRecord.Kind, _ key: String) -> RateLimitActionRecord {
            RateLimitActionRecord(kind, key: writer.text(key))
        }
        var record: RateLimitActionRecord
        switch action {
        case .sourceCluster: record = made(.sourceCluster, "source_cluster")
        case .destinationCluster: record = made(.destinationCluster, "destination_cluster")
        case .remoteAddress: record = made(.remoteAddress, "remote_address")
        case .requestHeader(let name, let key, let skips):
            record = made(.requestHeader, key)
            record.name = writer.text(ASCII.lowercased(name))
            record.skipsIfAbsent = skips ? 1 : 0
        case .queryParameter(let name, let key, let skips):
            record = made(.queryParameter, key)
            record.name = writer.text(name)
            record.skipsIfAbsent = skips ? 1 : 0
        case .maskedRemoteAddress(let version4, let version6):
            record = made(.maskedRemoteAddress, "masked_remote_address")
            record.version4 = UInt8(clamping: version4)
            record.version6 = UInt8(clamping: version6)
        case .fixed(let key, let value):
            record = made(.fixed, key)
            record.value = writer.text(value)
        case .headerMatch(let key, let value, let expectsMatch, let headers):
            record = made(.headerMatch, key)
            record.value = writer.text(value)
            record.expectsMatch = expectsMatch ? 1 : 0
            record.conditions = writer.append(headers.map { $0.condition(&writer, &patterns) })
        case .queryParameterMatch(let key, let value, let expectsMatch, let parameters):
            record = made(.queryParameterMatch, key)
            record.value = writer.text(value)
            record.expectsMatch = expectsMatch ? 1 : 0
            record.conditions = writer.append(parameters.map { $0.condition(&writer, &patterns) })
        case .metadata(let source):
            record = made(source.isRoutes ? .routeMetadata : .requestMetadata, source.key)
            record.value = writer.text(source.fallback)
            record.skipsIfAbsent = source.skipsIfAbsent ? 1 : 0
            if source.isRoutes {
                record.path = names([source.place.filter] + source.place.path)
            } else {
                record.name = writer.text(source.place.filter)
                record.path = names(source.place.path)
            }
        }
        return record
    }
}
