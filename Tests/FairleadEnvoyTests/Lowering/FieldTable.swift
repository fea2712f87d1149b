// Fairlead: the page about every field of the schema
// SPDX-License-Identifier: Apache-2.0

@testable import FairleadEnvoy

/// Composes `docs/envoy-fields.md` out of the tables that lowering goes by.
struct FieldTable {
    /// What comes of a field, in the order of the columns.
    private enum Fate: CaseIterable {
        case acted
        case kept
        case refused
        case carried
    }

    private let schema = Schema.envoy
    private var uses: [String: [FieldUse]] = [:]
    private let whole = Set(FieldUseTests.whole.map { $0.0 })
    /// Messages that a field which is read holds, so that whoever reads it looks at them.
    private var judged: Set<Int> = []

    init() {
        for use in FieldUseTests.uses { uses[use.message, default: []].append(use) }
        for (index, message) in schema.messages.enumerated() where uses[message.name] != nil { judge(index) }
        for (index, message) in schema.messages.enumerated() where whole.contains(message.name) { judge(index) }
    }

    private mutating func judge(_ index: Int) {
        let message = schema.messages[index]
        for field in message.fields where isRead(field, of: message) {
            guard case .message(let held) = field.type, judged.insert(held).inserted else { continue }
            judge(held)
        }
    }

    private func isRead(_ field: FieldSchema, of message: MessageSchema) -> Bool {
        guard message.form != .opaque else { return false }
        let fates = uses[message.name]?.map { fate(of: field, in: message, $0) } ?? [fate(of: field, in: message, nil)]
        return fates.contains { $0 == .acted || $0 == .kept }
    }

    /// What comes of a field where `use` accounts for its message; without one lowering reads the message in full.
    private func fate(of field: FieldSchema, in message: MessageSchema, _ use: FieldUse?) -> Fate {
        if let use, !use.reads(field.number) { return use.refuses(field.number) ? .refused : .carried }
        if FieldFate.names(field.name, of: message.name, in: FieldFate.refused) { return .refused }
        if FieldFate.names(field.name, of: message.name, in: FieldFate.carried) { return .carried }
        return FieldFate.names(field.name, of: message.name, in: FieldFate.kept) ? .kept : .acted
    }

    /// The whole page.
    var page: String {
        var text = """
            # Every field of the schema

            What comes of each field of Envoy's v3 schema that Fairlead knows, generated from the tables that loading goes by:
            `scripts/field-table.sh` writes this page, and a test holds it to them. [Parity with Envoy](envoy-parity.md) tells
            what is different where a field is acted on.

            - **acted on**: it does what it does in Envoy; contents that cannot be are refused where they stand.
            - **for the host**: it is kept and handed on, and written back by config dumps; it is the host (or the reference
              proxy) that acts on it, no decision of the engine looks at it.
            - **refused**: whoever sets it gets an error, because without it requests would go elsewhere or be answered
              otherwise. Switched off (`false`, or an empty list) it is as good as absent.
            - **not acted on**: it is known, and whoever sets it gets a warning that nothing comes of it.
            - Fields that are not here are **unknown**: a warning, or an error under `--strict`, with the nearest known name.


            """
        var package = ""
        let known = schema.messages.indices.filter { isShown(schema.messages[$0]) }
        for index in known.sorted(by: { schema.messages[$0].name < schema.messages[$1].name }) {
            let message = schema.messages[index]
            let (home, name) = FieldTable.split(message.name)
            if home != package {
                if !package.isEmpty { text += "\n" }
                text +=
                    "## \(home)\n\n| message | acted on | for the host | refused | not acted on |\n|---|---|---|---|---|\n"
                package = home
            }
            let rows = rows(index, message)
            for (number, row) in rows.enumerated() {
                let holder = rows.count > 1 ? " of " + (FieldFate.holders[message.name]?[number] ?? "") : ""
                text += "| \(name)\(holder) | \(row) |\n"
            }
        }
        return text
    }

    private func isShown(_ message: MessageSchema) -> Bool {
        !message.name.hasPrefix("google.protobuf.") && message.form != .mapEntry
    }

    /// Packages are in lower case, messages are not.
    private static func split(_ name: String) -> (package: String, message: String) {
        let parts = name.split(separator: ".")
        let count = parts.prefix { $0.first?.isUppercase == false }.count
        return (parts[..<count].joined(separator: "."), parts[count...].joined(separator: "."))
    }

    private func rows(_ index: Int, _ message: MessageSchema) -> [String] {
        if message.form == .opaque { return ["– | – | – | not looked into: what holds it decides"] }
        if let uses = uses[message.name] { return uses.map { row(message, $0) } }
        if whole.contains(message.name) { return [row(message, nil)] }
        if message.fields.isEmpty { return ["no fields | – | – | –"] }
        if judged.contains(index) { return [list(message.fields) + " (as far as what holds it says) | – | – | –"] }
        return ["– | – | – | " + list(message.fields) + " (what holds it decides)"]
    }

    private func row(_ message: MessageSchema, _ use: FieldUse?) -> String {
        Fate.allCases.map { wanted in list(message.fields.filter { fate(of: $0, in: message, use) == wanted }) }
            .joined(separator: " | ")
    }

    private func list(_ fields: [FieldSchema]) -> String {
        fields.isEmpty ? "–" : fields.map { "`\($0.name)`" }.joined(separator: ", ")
    }
}
