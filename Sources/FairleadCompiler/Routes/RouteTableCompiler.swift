// Fairlead: compiling a route table's domains
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
public import FairleadDataPlane
import FairleadModel

/// Compiles the domains of a route table into its block. The virtual hosts are blocks of their own.
public enum RouteTableCompiler {
    /// Compiles `table`, which has passed the validator.
    public static func compile(_ table: RouteConfiguration) -> Block {
        var writer = BlockWriter(header: RouteTableHeader.self)
        var header = RouteTableHeader()
        header.name = writer.text(table.name)
        header.hostCount = UInt32(table.virtualHosts.count)
        header.mutations = writer.append(mutations: table.headerMutations)
        header.details = writer.details(of: table)
        header.hostHeader = writer.text(table.virtualHostHeader.map { ASCII.lowercased($0) })
        if table.ignoresPortInHostMatching { header.flags.insert(.ignoresPort) }
        if table.ignoresPathParameters { header.flags.insert(.ignoresPathParameters) }
        if table.mostSpecificHeaderMutationsWin { header.flags.insert(.mostSpecificMutationsWin) }

        var exact = Bucket(.folded)
        var suffixes = Bucket([.folded, .fromBack])
        var prefixes = Bucket(.folded)
        for (ordinal, host) in table.virtualHosts.enumerated() {
            for domain in host.domains {
                let text = ASCII.lowercased(domain)
                // Envoy's order of tests: a text with a star at both ends is a suffix wildcard for "…*".
                if text == "*" {
                    header.catchAll = UInt32(ordinal) + 1
                } else if text.utf8.first == UInt8(ascii: "*") {
                    suffixes.add(String(text.dropFirst()), ordinal, isWhole: false, &writer)
                } else if text.utf8.last == UInt8(ascii: "*") {
                    prefixes.add(String(text.dropLast()), ordinal, isWhole: false, &writer)
                } else {
                    exact.add(text, ordinal, isWhole: true, &writer)
                }
            }
        }
        if exact.isEmpty, suffixes.isEmpty, prefixes.isEmpty { header.flags.insert(.onlyCatchAll) }
        header.exact = exact.build(&writer).exact
        header.suffixes = suffixes.build(&writer).prefixes
        header.prefixes = prefixes.build(&writer).prefixes
        header.suffixTexts = writer.append(suffixes.places)
        header.prefixTexts = writer.append(prefixes.places)
        writer.setHeader(header)
        return writer.finish()
    }

    /// Domains of one kind, filed under the ordinal of their virtual host.
    private struct Bucket {
        private var texts: TextIndexBuilder
        private var ordinals: [UInt32] = []
        /// Where the texts of wildcards lie.
        private(set) var places: [BlockText] = []

        init(_ reading: TextReading) { texts = TextIndexBuilder(reading) }

        var isEmpty: Bool { ordinals.isEmpty }

        mutating func add(_ text: String, _ ordinal: Int, isWhole: Bool, _ writer: inout BlockWriter) {
            let place = writer.text(text)
            texts.add(text, at: place, isWhole: isWhole)
            if !isWhole { places.append(place) }
            ordinals.append(UInt32(ordinal))
        }

        func build(_ writer: inout BlockWriter) -> TextIndexBuilder.Result {
            texts.build(into: &writer, values: ordinals)
        }
    }
}

/// Compiles the directory of clusters: ids by name, for clusters that a header names.
public enum DirectoryCompiler {
    /// Files each name under its id.
    public static func compile(_ clusters: [(name: String, id: UInt32)]) -> Block {
        var writer = BlockWriter(header: DirectoryHeader.self)
        var texts = TextIndexBuilder([])
        for cluster in clusters { texts.add(cluster.name, at: writer.text(cluster.name), isWhole: true) }
        var header = DirectoryHeader()
        header.names = texts.build(into: &writer, values: clusters.map { $0.id }).exact
        writer.setHeader(header)
        return writer.finish()
    }
}
