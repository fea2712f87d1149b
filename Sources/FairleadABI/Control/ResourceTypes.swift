// Fairlead: types of resources and notations, for C
// SPDX-License-Identifier: Apache-2.0

public import CFairlead
import Fairlead
import FairleadEnvoy

extension EnvoyLoader.Kind {
    /// The kind of document that holds a resource of C's type; `nil` when there is no such type.
    init?(_ resource: fl_resource) {
        switch Int(resource) {
        case Int(FL_RESOURCE_LISTENER): self = .listener
        case Int(FL_RESOURCE_ROUTE_CONFIGURATION): self = .routeConfiguration
        case Int(FL_RESOURCE_CLUSTER): self = .cluster
        case Int(FL_RESOURCE_ENDPOINTS): self = .assignment
        case Int(FL_RESOURCE_RUNTIME): self = .runtime
        default: return nil
        }
    }
}

/// A notation as C names it: `.some(nil)` leaves it to the loader, `nil` is none.
func format(_ format: fl_format) -> EnvoyLoader.Format?? {
    switch Int(format) {
    case Int(FL_FORMAT_AUTO): .some(nil)
    case Int(FL_FORMAT_YAML): .yaml
    case Int(FL_FORMAT_JSON): .json
    case Int(FL_FORMAT_PROTOBUF): .protobuf
    default: nil
    }
}

/// See update.h.
@c @implementation
public func fl_resource_of_type_url(
    _ type_url: fl_bytes, _ out_resource: UnsafeMutablePointer<fl_resource>?
) -> fl_status {
    guard let out = unsafe out_resource else { return Status.invalidArgument }
    let url = unsafe Bytes(type_url)
    let name = url.dropFirst(url.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0).string
    switch name {
    case "envoy.config.listener.v3.Listener": unsafe out.pointee = fl_resource(FL_RESOURCE_LISTENER)
    case "envoy.config.route.v3.RouteConfiguration":
        unsafe out.pointee = fl_resource(FL_RESOURCE_ROUTE_CONFIGURATION)
    case "envoy.config.cluster.v3.Cluster": unsafe out.pointee = fl_resource(FL_RESOURCE_CLUSTER)
    case "envoy.config.endpoint.v3.ClusterLoadAssignment": unsafe out.pointee = fl_resource(FL_RESOURCE_ENDPOINTS)
    case "envoy.service.runtime.v3.Runtime": unsafe out.pointee = fl_resource(FL_RESOURCE_RUNTIME)
    default: return Status.unknownResourceType
    }
    return Status.ok
}
