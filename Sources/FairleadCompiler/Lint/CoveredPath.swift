// Fairlead: which paths a rule is for
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import FairleadPlugin

/// A route's rule for the path, as the search for shadows sees it.
struct CoveredPath {
    /// The kinds of rules.
    enum Kind: UInt8 {
        case prefix
        case exact
        case separatedPrefix
        case pattern
        case connect
        case template

        /// The kinds of rules that, with the same text, are for all that this one is for. Prefixes are looked at as
        /// beginnings.
        var coveringKinds: [Kind] {
            switch self {
            case .prefix: []
            case .exact: [.exact, .separatedPrefix]
            case .separatedPrefix: [.separatedPrefix]
            case .pattern: [.pattern]
            case .connect: [.connect]
            case .template: [.template]
            }
        }
    }

    /// The kind.
    let kind: Kind
    /// The text; of a pattern the text that all its matches begin with.
    let text: [UInt8]
    /// What tells rules of one kind apart: the text, or the whole pattern.
    let identity: [UInt8]
    /// The identity in lower case.
    let foldedIdentity: [UInt8]
    /// The text in lower case.
    let folded: [UInt8]
    /// Whether case does not count.
    let folds: Bool
    /// Whether the text has letters whose case could count.
    let hasLetters: Bool
    /// What begins with these bytes is all covered; `nil` for rules that cover no beginning.
    let coveredBeginning: [UInt8]?
    /// The pattern.
    let pattern: CompiledPattern?

    init(_ match: RouteMatch, _ engine: (any PatternEngine)?) {
        var text: [UInt8]
        var pattern: CompiledPattern?
        var beginning: [UInt8]?
        var source: [UInt8]?
        switch match.path {
        case .prefix(let prefix):
            kind = .prefix
            text = Array(prefix.utf8)
            beginning = text
        case .exact(let path):
            kind = .exact
            text = Array(path.utf8)
        case .separatedPrefix(let prefix):
            kind = .separatedPrefix
            text = Array(prefix.utf8)
            beginning = text + [UInt8(ascii: "/")]
        case .pattern(let written):
            kind = .pattern
            source = Array(written.utf8)
            pattern = try? engine?.compile(written)
            text = pattern?.requiredPrefix ?? []
            // All that can come as a path is within ASCII, where ".*" is anything.
            if let simple = SimplePattern(written), !simple.ignoresCase {
                switch simple.form {
                case .prefix: beginning = Array(simple.text.utf8)
                case .separatedPrefix: beginning = Array(simple.text.utf8) + [UInt8(ascii: "/")]
                case .suffix where simple.text.isEmpty: beginning = []
                case .exact, .suffix, .contains: break
                }
            }
        case .connect:
            kind = .connect
            text = []
        case .template(let written):
            kind = .template
            source = Array(written.utf8)
            text = (try? PathTemplate(written)).map { Array($0.filedText.utf8) } ?? []
        }
        folds = !match.isCaseSensitive && kind != .pattern && kind != .connect && kind != .template
        if folds {
            text = CoveredPath.folded(text)
            beginning = beginning.map { CoveredPath.folded($0) }
        }
        self.text = text
        identity = source ?? text
        foldedIdentity = CoveredPath.folded(source ?? text)
        self.pattern = pattern
        coveredBeginning = beginning
        folded = CoveredPath.folded(text)
        hasLetters = (beginning ?? text).contains { ASCII.lowercased($0) &- 97 < 26 }
    }

    /// `text` with its ASCII letters in lower case.
    static func folded(_ text: [UInt8]) -> [UInt8] { text.map { ASCII.lowercased($0) } }
}
