// Fairlead: answers to gRPC requests
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// How a proxy's own answers travel to gRPC clients: always as status 200 without a body, with `content-type`
/// `application/grpc`, and what there is to say in `grpc-status` and `grpc-message`.
public enum GRPCAnswer {
    /// The value of `grpc-status` for an answer that would have had an HTTP status: gRPC's own mapping of 400 (13), 401
    /// (16), 403 (7), 404 (12), 429, 502, 503 and 504 (14); 2 for all others, also for 200.
    public static func status(http status: UInt16) -> UInt8 {
        switch status {
        case 400: 13
        case 401: 16
        case 403: 7
        case 404: 12
        case 429, 502, 503, 504: 14
        default: 2
        }
    }

    /// Writes the value of `grpc-message` for an answer with `body`: bytes outside of visible ASCII, `%` and `~` are
    /// escaped, as Envoy does it. A body without bytes has no such header.
    public static func writeMessage(_ body: Bytes, into output: inout OutputBuffer) {
        for index in 0..<body.count {
            let byte = body[index]
            if byte < 0x20 || byte >= UInt8(ascii: "~") || byte == UInt8(ascii: "%") {
                output.append(escaped: byte)
            } else {
                output.append(byte)
            }
        }
    }
}
