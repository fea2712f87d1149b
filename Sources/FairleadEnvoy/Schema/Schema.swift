// Fairlead: Envoy's schema as the text and wire readers walk it
// SPDX-License-Identifier: Apache-2.0

/// Every message and enum of our .proto files, built once from the committed descriptor set.
///
/// Text is transcoded, and binary input checked for what we do not know, along this table; SwiftProtobuf's generated
/// messages carry no descriptors of their own.
final class Schema: Sendable {
    let messages: [MessageSchema]
    let enums: [EnumSchema]
    private let messageIndex: [String: Int]

    init(messages: [MessageSchema], enums: [EnumSchema]) {
        self.messages = messages
        self.enums = enums
        messageIndex = Dictionary(
            messages.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The index of the message of that full name.
    func message(named name: String) -> Int? { messageIndex[name] }

    /// The schema of the generated messages.
    static let envoy = SchemaBuilder.build(descriptorSet: DescriptorSet.base64)
}
