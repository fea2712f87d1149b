// Fairlead: reads test vectors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftProtobuf

/// The vectors of `Tests/Vectors/envoy/<name>.json`, a list of objects, read by SwiftProtobuf's own JSON reader.
func vectors(_ name: String) throws -> [Google_Protobuf_Value] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Vectors/envoy/\(name).json")
    return try Google_Protobuf_ListValue(jsonUTF8Data: Data(contentsOf: file)).values
}

extension Google_Protobuf_Value {
    /// A member of an object; null when it has none of that name.
    subscript(_ key: String) -> Google_Protobuf_Value {
        structValue.fields[key] ?? Google_Protobuf_Value(nilLiteral: ())
    }
}
