// Fairlead: where a reader stands
// SPDX-License-Identifier: Apache-2.0

/// The path of a reader on its way through a document. Steps are pushed at every field, so they refer to names rather
/// than hold them; a `ProtoPath` is made only for a problem.
struct PathStack {
    enum Step {
        case field(FieldSchema)
        case index(Int)
        case key(ArraySlice<UInt8>)
        /// A name that the schema does not have, as it was written.
        case unknown(ArraySlice<UInt8>)
    }

    private var prefix: ProtoPath
    private var steps: [Step] = []

    /// A stack that begins at `prefix`.
    init(_ prefix: ProtoPath = ProtoPath()) { self.prefix = prefix }

    mutating func push(_ step: Step) { steps.append(step) }

    mutating func pop() { steps.removeLast() }

    /// The path so far.
    var path: ProtoPath {
        var path = prefix
        for step in steps {
            switch step {
            case .field(let field): path.steps.append(.field(field.name))
            case .index(let index): path.steps.append(.index(index))
            case .key(let key): path.steps.append(.key(String(decoding: key, as: UTF8.self)))
            case .unknown(let name): path.steps.append(.field(String(decoding: name, as: UTF8.self)))
            }
        }
        return path
    }
}
