// Fairlead: the door for Envoy's configurations
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel

/// Reads Envoy v3 configurations, in YAML, JSON or protobuf's binary form: whole bootstrap documents, single resources,
/// or lists of resources.
///
/// It is the beginning of the road of configurations: bytes in, plain values and every problem out, each problem with
/// its file, line, column and path. It does no input or output of its own.
public struct EnvoyLoader: Sendable {
    /// The notations that a document may be in.
    public enum Format: Sendable {
        /// YAML, as Envoy reads it.
        case yaml
        /// JSON, by protobuf's mapping.
        case json
        /// Protobuf's binary form.
        case protobuf
    }

    /// What a document may hold.
    public enum Kind: Sendable, CaseIterable {
        /// A whole configuration: `envoy.config.bootstrap.v3.Bootstrap`.
        case bootstrap
        /// Resources of any kinds, as discovery services answer: `envoy.service.discovery.v3.DiscoveryResponse`.
        case resources
        /// One `envoy.config.listener.v3.Listener`.
        case listener
        /// One `envoy.config.cluster.v3.Cluster`.
        case cluster
        /// One `envoy.config.endpoint.v3.ClusterLoadAssignment`.
        case assignment
        /// One `envoy.config.route.v3.RouteConfiguration`.
        case routeConfiguration
        /// One `envoy.service.runtime.v3.Runtime`: a layer of runtime values.
        case runtime
    }

    /// Whether a field or a type that is not known is an error, and not a warning.
    public var isStrict = false
    /// The names of the load-balancing policies that there are; of several that a cluster would take, the first of them
    /// is chosen. The built-in ones unless said otherwise.
    public var policies: Set<String> = Lowering.builtInPolicies
    /// Reads a file that a configuration names; `nil` when it cannot. Reads none unless said otherwise.
    public var readFile: @Sendable (String) -> [UInt8]? = { _ in nil }
    /// Looks up an environment variable that a configuration names. Knows none unless said otherwise.
    public var environmentVariable: @Sendable (String) -> String? = { _ in nil }

    /// A loader; see the properties for what can be set.
    public init() {}

    /// Reads `bytes`. Without a format, the end of the file's name or the first bytes tell it; without a kind, the
    /// `@type` or the fields of a text do, and bytes are a `google.protobuf.Any` or a bootstrap document. `file` serves
    /// these and the messages. O(size of the document).
    public func load(
        _ bytes: [UInt8], as kind: Kind? = nil, format: Format? = nil, file: String? = nil
    ) -> LoadedConfiguration {
        let reading = DocumentReading.read(
            bytes, as: kind, format: format?.documentFormat, file: file,
            options: EnvoyDocument.Options(isStrict: isStrict))
        var lowering = Lowering(
            sources: ContentSources(file: readFile, environmentVariable: environmentVariable), policies: policies)
        reading.lower(with: &lowering)
        var validation = Validator.problems(in: lowering.configuration)
        if reading.kind != .bootstrap {
            // What a single resource refers to may be elsewhere; whoever takes it all together looks for it.
            validation.removeAll { $0.code == .unknownReference }
        }
        for index in validation.indices { validation[index].path = lowering.origins.origin(of: validation[index].path) }
        let found = ProblemMerging.merge(
            reading: reading.document.problems, lowering: lowering.trail.problems, validation: validation,
            understood: lowering.understood, isStrict: isStrict)
        let located = ProblemMerging.inOrder(found.map(reading.document.locate))
        return LoadedConfiguration(
            kind: reading.kind, configuration: lowering.configuration, administration: lowering.administration,
            locality: lowering.locality, localCluster: lowering.localCluster,
            problems: located, origins: lowering.origins, document: reading.document)
    }
}

extension EnvoyLoader.Format {
    /// The same notation, as the readers call it.
    var documentFormat: DocumentFormat {
        switch self {
        case .yaml: .yaml
        case .json: .json
        case .protobuf: .binary
        }
    }
}
