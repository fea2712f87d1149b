// Fairlead: problems gathered along a walk
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Gathers problems while something is walked, and knows where the walk is: validation and the loaders of layer 5 use it.
///
/// The path is put together only when a problem is reported, so that a walk without problems makes no texts.
public struct ProblemTrail: Sendable {
    private struct Step: Sendable {
        var field: String
        /// The index in a list, -1 for a field that is none.
        var index: Int
    }

    /// What was found, in the order of the walk.
    public private(set) var problems: [Problem] = []
    private var steps: [Step] = []

    /// A trail for a walk that starts at `root`, the empty path unless said otherwise.
    public init(at root: String = "") {
        if !root.isEmpty { steps.append(Step(field: root, index: -1)) }
    }

    /// The path of the place where the walk is.
    public var path: String { path(to: "", index: -1) }

    /// The path of `field`, seen from where the walk is; with an index, of that item of it.
    public func path(to field: String, index: Int = -1) -> String {
        var text = ""
        for step in steps { ProblemTrail.append(step, to: &text) }
        if !field.isEmpty { ProblemTrail.append(Step(field: field, index: index), to: &text) }
        return text
    }

    private static func append(_ step: Step, to text: inout String) {
        if !text.isEmpty { text += "." }
        text += step.field
        if step.index >= 0 { text += "[\(step.index)]" }
    }

    /// Steps into `field`, or into the item at `index` of it. `leave` steps back.
    public mutating func enter(_ field: String, index: Int = -1) { steps.append(Step(field: field, index: index)) }

    /// Steps back out of what was entered last.
    public mutating func leave() { _ = steps.popLast() }

    /// Walks `body` inside of `field`.
    public mutating func within(_ field: String, _ body: (inout ProblemTrail) -> Void) {
        enter(field)
        body(&self)
        leave()
    }

    /// Walks `body` once for each of `items`, inside of the item of `field` that has its index.
    public mutating func each<Item>(
        _ field: String, _ items: [Item], _ body: (inout ProblemTrail, Item) -> Void
    ) {
        for index in items.indices {
            enter(field, index: index)
            body(&self, items[index])
            leave()
        }
    }

    /// Reports an error at `field`, seen from where the walk is; at the place itself when `field` is empty.
    public mutating func error(_ code: Problem.Code, at field: String = "", index: Int = -1, _ message: String) {
        problems.append(Problem(.error, code, at: path(to: field, index: index), message))
    }

    /// Reports a warning at `field`, seen from where the walk is; at the place itself when `field` is empty.
    public mutating func warning(_ code: Problem.Code, at field: String = "", index: Int = -1, _ message: String) {
        problems.append(Problem(.warning, code, at: path(to: field, index: index), message))
    }
}
