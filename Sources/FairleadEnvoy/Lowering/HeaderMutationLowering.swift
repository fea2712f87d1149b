// Fairlead: header mutations, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// The header mutations of one level.
    mutating func mutations(
        requestAdditions: [HeaderValueOptionProto], requestRemovals: [String],
        responseAdditions: [HeaderValueOptionProto], responseRemovals: [String]
    ) -> HeaderMutations {
        var mutations = HeaderMutations()
        mutations.requestAdditions = each("request_headers_to_add", requestAdditions) { $0.addition($1) }
        mutations.requestRemovals = requestRemovals
        mutations.responseAdditions = each("response_headers_to_add", responseAdditions) { $0.addition($1) }
        mutations.responseRemovals = responseRemovals
        return mutations
    }

    /// One added header.
    mutating func addition(_ proto: HeaderValueOptionProto) -> HeaderMutations.Addition {
        guard proto.hasHeader else {
            trail.error(.missingField, at: "header", "is missing")
            return HeaderMutations.Addition("x", "")
        }
        return HeaderMutations.Addition(
            proto.header.key, within("header") { $0.format($0.value(proto.header), at: "value") }, rule: rule(proto),
            keepsEmptyValue: proto.keepEmptyValue)
    }

    private mutating func value(_ proto: HeaderValueProto) -> String {
        guard !proto.rawValue.isEmpty else { return proto.value }
        if !proto.value.isEmpty {
            trail.warning(.invalidValue, at: "value", "has no effect beside raw_value")
        }
        if let text = String(validating: proto.rawValue, as: UTF8.self) { return text }
        refuse("raw_value", "a value that is not UTF-8")
        return ""
    }

    private mutating func rule(_ proto: HeaderValueOptionProto) -> HeaderMutations.Addition.Rule {
        guard known(proto.appendAction, at: "append_action") else { return .appendOrAdd }
        if proto.hasAppend {
            if proto.appendAction != .appendIfExistsOrAdd {
                trail.error(.invalidValue, at: "append", "Both append and append_action are set and it's not allowed")
            } else {
                return proto.append.value ? .appendOrAdd : .overwriteOrAdd
            }
        }
        return HeaderMutations.Addition.Rule(rawValue: UInt8(clamping: proto.appendAction.rawValue)) ?? .appendOrAdd
    }
}
