// Fairlead: from the paths of values to the paths of a document
// SPDX-License-Identifier: Apache-2.0

/// Knows where in a document each configuration value was read, so that problems found in the values can be shown there.
struct PathOrigins: Sendable {
    private var origins: [String: String] = [:]

    /// Notes that the value at `path` stands at `origin` of the document.
    mutating func add(_ path: String, from origin: String) { origins[path] = origin }

    /// The place in the document that belongs to `path`: the longest noted path that it begins with is replaced.
    func origin(of path: String) -> String {
        var end = path.endIndex
        while true {
            if let origin = origins[String(path[..<end])] {
                let rest = path[end...]
                return origin.isEmpty ? String(rest.first == "." ? rest.dropFirst() : rest) : origin + rest
            }
            guard let dot = path[..<end].lastIndex(of: ".") else { return path }
            end = dot
        }
    }
}
