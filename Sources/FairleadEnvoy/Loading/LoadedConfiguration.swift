// Fairlead: what came of a document
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
public import FairleadModel

/// What came of a document: configuration values and every problem, those of reading, of what is not supported, and of
/// `Validator`.
public struct LoadedConfiguration: Sendable {
    /// What the document holds; `nil` when that could not be told.
    public let kind: EnvoyLoader.Kind?
    /// The values. Not to be used when there are errors: what was wrong is then missing or replaced.
    public let configuration: Configuration
    /// Where the administration interface should listen, if the document says so.
    public let administration: Address?
    /// Where the engine stands, if the document says so: for `EngineOptions.locality`.
    public let locality: Locality?
    /// The name of the cluster that the engine belongs to, empty for none: for `EngineOptions.localCluster`.
    public let localCluster: String
    /// Everything that was found, in the order of the document.
    public let problems: [Problem]
    private let origins: PathOrigins
    private let document: EnvoyDocument

    init(
        kind: EnvoyLoader.Kind?, configuration: Configuration, administration: Address?, locality: Locality?,
        localCluster: String, problems: [Problem], origins: PathOrigins, document: EnvoyDocument
    ) {
        self.locality = locality
        self.localCluster = localCluster
        self.kind = kind
        self.configuration = configuration
        self.administration = administration
        self.problems = problems
        self.origins = origins
        self.document = document
    }

    /// Whether the values may be used: no problem is an error.
    public var isValid: Bool { !problems.contains { $0.severity == .error } }

    /// The values, if they may be used. Throws all problems, warnings too, when one of them is an error.
    public func validated() throws(ProblemList) -> Configuration {
        guard isValid else { throw ProblemList(problems) }
        return configuration
    }

    /// The values as one step: a bootstrap document replaces everything, resources are added or replaced by their names.
    public var update: ConfigurationUpdate {
        var update = ConfigurationUpdate(replacingEverythingWith: configuration)
        if kind != .bootstrap {
            update.changes.removeAll { if case .removeEverything = $0 { true } else { false } }
        }
        return update
    }

    /// Problems that were found later in the configuration, shown where they stand in the document.
    ///
    /// Their paths are those of `Validator.problems(in: Configuration)`: `clusters[2].load_balancing_policy`.
    public func locate(_ problems: [Problem]) -> [Problem] {
        problems.map { problem in
            var moved = problem
            moved.path = origins.origin(of: problem.path)
            return document.locate(moved)
        }
    }
}
