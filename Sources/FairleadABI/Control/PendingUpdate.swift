// Fairlead: an update on its way from documents to the engine
// SPDX-License-Identifier: Apache-2.0

import CFairlead
import Fairlead
import FairleadEnvoy

/// What `fl_update *` points to: changes, the documents that they were read from, and what is wrong with those.
///
/// Used by one thread at a time, as its caller promises.
final class PendingUpdate {
    /// The engine that it is for.
    let engine: Engine
    private var update = ConfigurationUpdate()
    private var documents: [LoadedConfiguration] = []
    /// What the documents say that the engine was not told at its creation.
    private var notes: [Problem] = []

    init(_ engine: Engine) { self.engine = engine }

    /// Notes that everything goes.
    func removeEverything() { update.changes.append(.removeEverything) }

    /// Notes that the resource called `name` goes.
    func remove(_ kind: EnvoyLoader.Kind, _ name: String) {
        switch kind {
        case .listener: update.changes.append(.removeListener(name))
        case .routeConfiguration: update.changes.append(.removeRouteConfiguration(name))
        case .cluster: update.changes.append(.removeCluster(name))
        case .assignment: update.changes.append(.removeAssignment(name))
        case .runtime: update.changes.append(.removeRuntimeLayer(name))
        case .bootstrap, .resources: break
        }
    }

    /// Reads a document and notes its changes; answers whether it had no errors.
    func add(
        _ content: [UInt8], as kind: EnvoyLoader.Kind, format: EnvoyLoader.Format?, file: String?, isStrict: Bool
    ) -> Bool {
        var loader = EnvoyLoader()
        loader.isStrict = isStrict
        loader.policies = Set(engine.policyNames)
        let loaded = loader.load(content, as: kind, format: format, file: file)
        documents.append(loaded)
        if !loaded.localCluster.isEmpty, loaded.localCluster != engine.localCluster {
            notes.append(
                Problem(
                    .warning, .unsupported, at: "cluster_manager.local_cluster_name",
                    "has no effect: the engine was not made with this local_cluster", file: file))
        }
        update.changes += loaded.update.changes
        return loaded.isValid
    }

    /// Applies it.
    ///
    /// - Returns: the generation that serves it, and all warnings.
    /// - Throws: every problem, of the documents and of the engine.
    func apply() throws(ProblemList) -> (generation: UInt64, warnings: [Problem]) {
        let found = documents.flatMap { $0.problems } + notes
        guard documents.allSatisfy({ $0.isValid }) else { throw ProblemList(check()) }
        do throws(ProblemList) {
            return (try engine.apply(update), found)
        } catch {
            throw ProblemList(found + located(error.problems).filter { !found.contains($0) })
        }
    }

    /// Judges and compiles it, and publishes nothing.
    ///
    /// - Returns: the candidate, and all warnings.
    /// - Throws: every problem, of the documents and of the engine.
    func prepare() throws(ProblemList) -> (candidate: UpdateCandidate, warnings: [Problem]) {
        let found = documents.flatMap { $0.problems } + notes
        guard documents.allSatisfy({ $0.isValid }) else { throw ProblemList(check()) }
        do throws(ProblemList) {
            return (try engine.prepare(update), found)
        } catch {
            throw ProblemList(found + located(error.problems).filter { !found.contains($0) })
        }
    }

    /// Every problem, of the documents and of the engine.
    func check() -> [Problem] {
        let found = documents.flatMap { $0.problems } + notes
        // The loader applies the engine's rules of values too: what both say is said once.
        let later = located(engine.check(update)).filter { !found.contains($0) }
        guard !documents.allSatisfy({ $0.isValid }) else { return found + later }
        // What could not be read is missing or replaced now: nothing that only follows from that is told.
        let broken = found.filter { $0.severity == .error }.map { $0.path }
        return found
            + later.filter { problem in
                problem.code != .unknownReference
                    && !broken.contains { leads($0, to: problem.path) || leads(problem.path, to: $0) }
            }
    }

    /// Whether what stands at `path` is, or is inside of, what stands at `outer`.
    private func leads(_ outer: String, to path: String) -> Bool {
        guard path.hasPrefix(outer) else { return false }
        let rest = path.dropFirst(outer.count)
        return outer.isEmpty || rest.isEmpty || rest.first == "." || rest.first == "["
    }

    /// Problems of the engine, which knows resources by their names, shown where they stand in the documents.
    private func located(_ problems: [Problem]) -> [Problem] {
        guard !problems.isEmpty else { return [] }
        var places: [String: (document: Int, path: String)] = [:]
        for (number, document) in documents.enumerated() {
            func add(_ list: String, _ names: [String]) {
                for (index, name) in names.enumerated() {
                    places["\(list)[\"\(name)\"]"] = (number, "\(list)[\(index)]")
                }
            }
            add("listeners", document.configuration.listeners.map { $0.name })
            add("route_configurations", document.configuration.routeConfigurations.map { $0.name })
            add("clusters", document.configuration.clusters.map { $0.name })
            add("assignments", document.configuration.assignments.map { $0.name })
            add("runtime_layers", document.configuration.runtimeLayers.map { $0.name })
        }
        return problems.map { problem in
            guard let (head, rest) = split(problem.path), let place = places[head] else { return problem }
            var moved = problem
            moved.path = place.path + rest
            return documents[place.document].locate([moved])[0]
        }
    }

    /// `clusters["shop"]` and what follows it.
    private func split(_ path: String) -> (head: String, rest: String)? {
        // A name may hold what ends it; the first end that is followed by nothing or by a step is taken.
        var index = path.startIndex
        while let quote = path[index...].firstIndex(of: "\"") {
            index = path.index(after: quote)
            guard index < path.endIndex, path[index] == "]" else { continue }
            let end = path.index(after: index)
            if end == path.endIndex || path[end] == "." || path[end] == "[" {
                return (String(path[..<end]), String(path[end...]))
            }
        }
        return nil
    }
}
