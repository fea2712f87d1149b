// Fairlead: one message or enum of the schema
// SPDX-License-Identifier: Apache-2.0

/// One message of the schema: its fields by name and by number, and the form that it takes in text.
final class MessageSchema: Sendable {
    /// How a message is written in text: most as a mapping of their fields, a few of Google's in a form of their own.
    enum Form: Equatable, Sendable {
        case fields
        /// Declared by name only: carried as bytes, not interpreted.
        case opaque
        case mapEntry
        case any, duration, timestamp, structure, value, list
        /// A boxed scalar, written as the bare scalar.
        case wrapper(ScalarType)
    }

    /// The full name, for example `envoy.config.route.v3.Route`.
    let name: String
    let form: Form
    let fields: [FieldSchema]
    /// The names of its oneofs, by index.
    let oneofs: [String]
    private let names: NameTable
    private let indexByNumber: [Int: Int]

    init(name: String, form: Form, fields: [FieldSchema], oneofs: [String]) {
        self.name = name
        self.form = form
        self.fields = fields
        self.oneofs = oneofs
        var table = NameTable()
        var numbers: [Int: Int] = [:]
        for (index, field) in fields.enumerated() {
            table.insert(field.name, index)
            table.insert(field.jsonName, index)
            numbers[field.number] = index
        }
        names = table
        indexByNumber = numbers
    }

    /// The index of the field called `name`, in either spelling.
    func fieldIndex(named name: Span<UInt8>) -> Int? { names.find(name) }

    /// The index of the field of that number.
    func fieldIndex(numbered number: Int) -> Int? { indexByNumber[number] }
}

/// One enum of the schema: its values by name and by number.
final class EnumSchema: Sendable {
    let name: String
    /// Names and numbers, in the order of the .proto file.
    let values: [(name: String, number: Int32)]
    private let exact: NameTable
    private let folded: NameTable

    init(name: String, values: [(name: String, number: Int32)]) {
        self.name = name
        self.values = values
        var exact = NameTable()
        var folded = NameTable()
        for (index, value) in values.enumerated() {
            exact.insert(value.name, index)
            folded.insert(EnumSchema.fold(value.name.utf8), index)
        }
        self.exact = exact
        self.folded = folded
    }

    /// The number of the value called `name`. Like Envoy, any case will do, and `-` stands for `_`.
    func number(named name: Span<UInt8>) -> Int32? {
        if let index = exact.find(name) { return values[index].number }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.count)
        for index in name.indices { bytes.append(name[index]) }
        return folded.find(EnumSchema.fold(bytes).utf8.span).map { values[$0].number }
    }

    private static func fold(_ name: some Sequence<UInt8>) -> String {
        String(decoding: name.map { $0 == 0x2D ? 0x5F : ($0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0) }, as: UTF8.self)
    }
}
