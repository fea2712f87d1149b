// Fairlead: one list of problems out of three
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Puts together what reading, lowering and validation found, so that one fault makes one problem.
enum ProblemMerging {
    /// All problems, less those that only follow from others.
    ///
    /// A value that could not be read is missing afterwards: what later steps say of it, of what it holds, or of its
    /// absence is dropped, and so is every reference that finds nothing. What lowering says of a field that it does not
    /// take is more to the point than the reader's remark that its contents are not interpreted. A type at one of the
    /// paths of `understood` is taken although the schema does not have it.
    static func merge(
        reading: [Problem], lowering: [Problem], validation: [Problem], understood: Set<String>, isStrict: Bool
    ) -> [Problem] {
        let reading = reading.filter { $0.code != .unknownExtension || !understood.contains($0.path) }
        var broken: Set<String> = []
        var around: Set<String> = []
        for problem in reading where problem.severity == .error {
            for (index, prefix) in prefixes(of: problem.path).enumerated() {
                if index == 0 { broken.insert(prefix) } else { around.insert(prefix) }
            }
        }
        let references = broken.isEmpty ? validation : validation.filter { $0.code != .unknownReference }
        let later = (lowering + references).filter { problem in
            guard !broken.isEmpty else { return true }
            if problem.code == .missingField || problem.code == .invalidValue, around.contains(problem.path) {
                return false
            }
            return !prefixes(of: problem.path).contains { !$0.isEmpty && broken.contains($0) }
        }
        let refused = Set(later.filter { remarks.contains($0.code) }.map(\.path))
        let earlier = reading.filter { problem in
            problem.severity == .error || !remarks.contains(problem.code)
                || !prefixes(of: problem.path).contains { refused.contains($0) }
        }
        var merged = earlier + later
        if isStrict {
            for index in merged.indices where merged[index].code == .unknownExtension {
                merged[index].severity = .error
            }
        }
        return merged
    }

    /// What readers warn of without knowing whether it matters.
    private static let remarks: Set<Problem.Code> = [.unsupported, .unknownExtension]

    /// The path itself, then every path around it, the empty one last.
    private static func prefixes(of path: String) -> [String] {
        var prefixes = [path]
        var rest = path[...]
        while let cut = rest.lastIndex(where: { $0 == "." || $0 == "[" }) {
            rest = rest[..<cut]
            prefixes.append(String(rest))
        }
        if !path.isEmpty { prefixes.append("") }
        return prefixes
    }

    /// The problems in the order of the text; those without a place stay where they are found, at the end.
    static func inOrder(_ problems: [Problem]) -> [Problem] {
        problems.enumerated().sorted { left, right in
            let a = left.element.place ?? Problem.Place(line: .max, column: .max)
            let b = right.element.place ?? Problem.Place(line: .max, column: .max)
            return (a.line, a.column, left.offset) < (b.line, b.column, right.offset)
        }.map(\.element)
    }
}
