// Fairlead: observations of endpoints, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead

/// See engine.h.
@c @implementation
public func fl_engine_observe(
    _ engine: OpaquePointer?, _ observations: UnsafePointer<fl_observation>?, _ count: Int
) -> fl_status {
    guard let engine = unsafe EngineHandle.at(engine), count >= 0, unsafe observations != nil || count == 0 else {
        return Status.invalidArgument
    }
    var list: [EndpointObservation] = []
    for index in 0..<count {
        guard let observation = unsafe observations?[index],
            let health = HealthStatus(rawValue: UInt8(clamping: unsafe observation.checked_health))
        else { return Status.invalidArgument }
        let ejected = unsafe observation.flags & fl_observation_flags(FL_OBSERVATION_EJECTED) != 0
        list.append(
            EndpointObservation(
                cluster: unsafe Bytes(observation.cluster).string,
                address: Address(text: unsafe Bytes(observation.address).string),
                state: EndpointState(checkedHealth: health, isEjected: ejected)))
    }
    return engine.observe(list).isEmpty ? Status.ok : Status.notFound
}
