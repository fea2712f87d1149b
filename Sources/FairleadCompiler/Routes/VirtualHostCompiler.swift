// Fairlead: compiling a virtual host
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
public import FairleadDataPlane
import FairleadModel
public import FairleadPlugin

/// A compiled virtual host: its block, and the names of the clusters that its records call by number.
public struct CompiledVirtualHost {
    /// The block; its patterns hang beside it already, the clusters' ids do not yet.
    public let block: Block
    /// The clusters by the numbers of the records, in the order of their first mention.
    public let clusterNames: [String]
}

/// Compiles one virtual host into its block. Its only inputs are the virtual host, the registry's pattern engine and the
/// runtime values that the virtual host refers to.
public struct VirtualHostCompiler {
    var writer = BlockWriter(header: VirtualHostHeader.self)
    var patterns: PatternTable
    var clusterNames: [String] = []
    private var clusterNumbers: [String: UInt32] = [:]
    private var entries: [RouteEntry] = []

    let runtime: RuntimeValues

    private init(_ registry: PluginRegistry, _ runtime: RuntimeValues) {
        self.runtime = runtime
        patterns = PatternTable(registry.patternEngine)
    }

    /// Compiles `host`, which has passed `Compiler.check`.
    public static func compile(
        _ host: VirtualHost, _ registry: PluginRegistry, runtime: RuntimeValues = RuntimeValues()
    ) -> CompiledVirtualHost {
        var compiler = VirtualHostCompiler(registry, runtime)
        return compiler.compile(host)
    }

    private mutating func compile(_ host: VirtualHost) -> CompiledVirtualHost {
        var header = VirtualHostHeader()
        header.name = writer.text(host.name)
        header.mutations = mutations(host.headerMutations)
        header.retry = retry(host.retryPolicy)
        header.details = details(of: host)
        switch host.tlsRequirement {
        case .none: break
        case .externalOnly: header.flags.insert(.externalTLS)
        case .all: header.flags.insert(.allTLS)
        }
        if host.includesRequestAttemptCount { header.flags.insert(.requestAttemptCount) }
        if host.includesAttemptCountInResponse { header.flags.insert(.responseAttemptCount) }

        var index: RouteIndexBuilder? = RouteIndexBuilder()
        entries.reserveCapacity(host.routes.count)
        add(host.routes, to: &index)
        if let matcher = host.matcher { header.tree = compile(matcher) }
        header.routes = writer.append(entries)
        if let index { header.index = index.build(into: &writer, CandidateListBuilder(routes: entries), &patterns) }
        writer.setHeader(header)
        let block = writer.finish()
        block.attach(patterns: patterns.compiled)
        block.attach(patternSets: patterns.sets)
        return CompiledVirtualHost(block: block, clusterNames: clusterNames)
    }

    /// Shorter lists of a match tree are looked through one by one.
    private static let longList = 8

    /// Compiles routes that only a match tree leads to; answers the ordinal of the first, and the index over a long list.
    mutating func addList(_ routes: [Route]) -> (first: UInt32, index: BlockReference<RouteIndex>) {
        let first = UInt32(entries.count)
        var index = routes.count < VirtualHostCompiler.longList ? nil : RouteIndexBuilder()
        add(routes, to: &index)
        guard let index else { return (first, .none) }
        let built = index.build(into: &writer, CandidateListBuilder(routes: entries), &patterns)
        return (first, writer.append(shared: built))
    }

    private mutating func add(_ routes: [Route], to index: inout RouteIndexBuilder?) {
        for route in routes { entries.append(compile(route, UInt32(entries.count), &index)) }
    }

    private mutating func compile(
        _ route: Route, _ ordinal: UInt32, _ index: inout RouteIndexBuilder?
    ) -> RouteEntry {
        let conditions = writer.append(route.match.conditions(&writer, &patterns, runtime))
        let ignoresCase = !route.match.isCaseSensitive
        var pathKind = RouteEntry.PathKind.prefix
        var pattern: UInt32 = 0
        var path = ""
        var isWhole = false
        var filedText: String?
        switch route.match.path {
        case .prefix(let text): path = text
        case .exact(let text):
            path = text
            pathKind = .exact
            isWhole = true
        case .separatedPrefix(let text):
            path = text
            pathKind = .separatedPrefix
        case .pattern(let text):
            path = text
            pathKind = .pattern
            pattern = patterns.number(text)
            filedText = patterns.requiredPrefix(pattern)
        case .connect:
            pathKind = .connect
            index?.addConnect(ordinal)
        case .template(let text):
            path = text
            pathKind = .template
            // Rules have refused what is no template; such a route would match nothing.
            let template = try? PathTemplate(text)
            pattern = template?.record(&writer).offset ?? 0
            filedText = template?.filedText ?? ""
            isWhole = template?.isWhole ?? false
        }
        let folds = ignoresCase && filedText == nil
        if folds { path = ASCII.lowercased(path) }
        let place = writer.text(path)
        if index != nil, pathKind != .connect {
            index?.add(
                PathIndexBuilder.Filing(
                    ordinal: ordinal, text: filedText ?? path, place: filedText.map { writer.text($0) } ?? place,
                    isWhole: isWhole,
                    isUnconditional: conditions.count == 0 && (pathKind == .exact || pathKind == .prefix)), folds: folds
            )
        }
        let (kind, action) = self.action(route)
        var entry = RouteEntry(
            name: writer.text(route.name), path: place, conditions: conditions, action: action,
            mutations: mutations(route.headerMutations), pattern: pattern, pathKind: pathKind, actionKind: kind,
            ignoresCase: folds)
        entry.details = writer.details(of: route)
        return entry
    }

    /// The number by which the block's records call the cluster.
    mutating func cluster(_ name: String) -> UInt32 {
        if let known = clusterNumbers[name] { return known }
        let number = UInt32(clusterNames.count)
        clusterNames.append(name)
        clusterNumbers[name] = number
        return number
    }

    /// Header mutations; none when there are none.
    mutating func mutations(_ mutations: HeaderMutations) -> BlockReference<MutationsRecord> {
        writer.append(mutations: mutations)
    }
}

extension BlockWriter {
    /// Stores header mutations; none when there are none.
    mutating func append(mutations: HeaderMutations) -> BlockReference<MutationsRecord> {
        guard !mutations.isEmpty else { return .none }
        let record = MutationsRecord(
            requestAdditions: append(additions: mutations.requestAdditions),
            requestRemovals: append(mutations.requestRemovals.map { text(ASCII.lowercased($0)) }),
            responseAdditions: append(additions: mutations.responseAdditions),
            responseRemovals: append(mutations.responseRemovals.map { text(ASCII.lowercased($0)) }))
        return append(shared: record)
    }

    private mutating func append(additions: [HeaderMutations.Addition]) -> BlockArray<AdditionRecord> {
        append(additions.map { record(of: $0) })
    }

    /// One added header.
    mutating func record(of addition: HeaderMutations.Addition) -> AdditionRecord {
        let name = text(ASCII.lowercased(addition.name))
        let (value, format) = textOrPieces(addition.value)
        return AdditionRecord(
            name: name, value: value, format: format, rule: addition.rule.rawValue,
            keepsEmptyValue: addition.keepsEmptyValue)
    }
}
