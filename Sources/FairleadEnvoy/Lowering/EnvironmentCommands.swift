// Fairlead: environment variables in texts with substitution commands
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration

/// Replaces `%ENVIRONMENT(NAME)%`: the engine has no environment, whoever loads a document has one, and Envoy too looks
/// only once.
enum EnvironmentCommands {
    /// `text` with the values of environment variables in their commands' place, a `-` for one that is not there.
    static func replaced(in text: String, _ value: (String) -> String?) -> String {
        let marker = Array("%ENVIRONMENT(".utf8)
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            // An escaped percent sign is no beginning of a command.
            if bytes[index...].starts(with: [UInt8(ascii: "%"), UInt8(ascii: "%")]) {
                result += bytes[index...(index + 1)]
                index += 2
            } else if bytes[index...].starts(with: marker), let call = SubstitutionCall(bytes, at: index),
                let name = call.parameters, !name.isEmpty
            {
                let known = Array((value(name) ?? "-").utf8)
                for byte in known.prefix(call.limit.map { Int($0) } ?? known.count) {
                    result.append(byte)
                    if byte == UInt8(ascii: "%") { result.append(byte) }
                }
                index = call.end
            } else if bytes[index] == UInt8(ascii: "%"), let call = SubstitutionCall(bytes, at: index) {
                result += bytes[index..<call.end]
                index = call.end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
