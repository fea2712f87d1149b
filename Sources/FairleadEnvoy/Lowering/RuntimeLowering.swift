// Fairlead: runtime values, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// A layer of a bootstrap document.
    mutating func runtimeLayer(_ proto: RuntimeLayerProto) {
        switch proto.layerSpecifier {
        case .staticLayer(let values)?:
            add(RuntimeLayer(proto.name, values), at: "static_layer")
        // Its values come from the host, under this name.
        case .rtdsLayer(let layer)?: add(RuntimeLayer(layer.name.isEmpty ? proto.name : layer.name), at: "")
        case .diskLayer?, .adminLayer?: trail.warning(.unsupported, "this kind of layer is not acted on yet")
        case nil: break
        }
    }

    /// Adds a layer that came by itself to the configuration.
    mutating func add(_ proto: RuntimeProto) { add(RuntimeLayer(proto.name, proto.layer), at: "layer") }

    private mutating func add(_ layer: RuntimeLayer, at field: String) {
        origins.add("runtime_layers[\(configuration.runtimeLayers.count)]", from: trail.path)
        configuration.runtimeLayers.append(layer)
        guard !layer.entries.isEmpty else { return }
        trail.enter(field)
        defer { trail.leave() }
        var hasOther = false
        for entry in layer.entries {
            if ZoneRouting.runtimeKeys.contains(entry.key) || Lowering.actsOnBreaker(entry.key) { continue }
            if runtimeKeys.contains(entry.key) || Lowering.tuningKeys.contains(where: { entry.key.hasPrefix($0) }) {
                refuse("", "the runtime value '\(entry.key)'")
            } else if field == "static_layer", !actedRuntimeKeys.contains(entry.key) {
                hasOther = true
            }
        }
        if hasOther { trail.warning(.unsupported, "runtime values that no route refers to are not acted on") }
    }

    /// Whether a runtime value of that key stands in for a cap of a circuit breaker:
    /// `circuit_breakers.<cluster>.<default|high>.<setting>`.
    private static func actsOnBreaker(_ key: String) -> Bool {
        guard key.hasPrefix("circuit_breakers.") else { return false }
        return breakerSettings.contains { setting in
            key.hasSuffix(".default." + setting) || key.hasSuffix(".high." + setting)
        }
    }

    private static let breakerSettings = [
        "max_connections", "max_pending_requests", "max_requests", "max_retries", "max_connection_pools",
        "retry_budget.budget_percent", "retry_budget.min_retry_concurrency",
    ]

    /// The beginnings of runtime keys that change how requests are balanced, limited or retried.
    private static let tuningKeys = [
        "upstream.", "circuit_breakers.", "load_balancing_policy.", "outlier_detection.", "health_check.",
    ]
}

extension RuntimeLayer {
    /// The layer of the values in `structure`.
    init(_ name: String, _ structure: Google_Protobuf_Struct) {
        var entries: [Entry] = []
        RuntimeLayer.flatten(structure, prefix: "", into: &entries)
        entries.sort { $0.key < $1.key }
        self.init(name, entries)
    }

    private static func flatten(_ structure: Google_Protobuf_Struct, prefix: String, into entries: inout [Entry]) {
        for (key, value) in structure.fields {
            let name = prefix + key
            switch value.kind {
            case .numberValue(let number)?: entries.append(Entry(name, .number(number)))
            case .stringValue(let text)?: entries.append(Entry(name, .text(text)))
            case .boolValue(let truth)?: entries.append(Entry(name, .bool(truth)))
            case .structValue(let nested)?:
                if let share = fraction(nested) {
                    entries.append(Entry(name, .fraction(share)))
                } else {
                    // Nested names may also be spelled with dots, as one.
                    flatten(nested, prefix: name + ".", into: &entries)
                }
            case .listValue?, .nullValue?, nil: break
            }
        }
    }

    /// The share that a structure spells; `nil` when it spells none.
    private static func fraction(_ structure: Google_Protobuf_Struct) -> Fraction? {
        guard structure.fields.keys.allSatisfy({ $0 == "numerator" || $0 == "denominator" }),
            case .numberValue(let number)? = structure.fields["numerator"]?.kind,
            let numerator = UInt32(exactly: number)
        else { return nil }
        switch structure.fields["denominator"]?.kind {
        case nil: return Fraction(numerator)
        case .stringValue("HUNDRED")?, .numberValue(0)?: return Fraction(numerator)
        case .stringValue("TEN_THOUSAND")?, .numberValue(1)?: return Fraction(numerator, of: .tenThousand)
        case .stringValue("MILLION")?, .numberValue(2)?: return Fraction(numerator, of: .million)
        default: return nil
        }
    }
}

extension RuntimeProto {
    /// The message that lowers to `layer`.
    init(_ layer: RuntimeLayer) {
        self.init()
        name = layer.name
        for entry in layer.entries { self.layer.fields[entry.key] = Google_Protobuf_Value(entry.value) }
    }
}

extension Google_Protobuf_Value {
    /// The value that lowers to `value`.
    fileprivate init(_ value: RuntimeValue) {
        switch value {
        case .number(let number): self.init(numberValue: number)
        case .text(let text): self.init(stringValue: text)
        case .bool(let truth): self.init(boolValue: truth)
        case .fraction(let share):
            let denominator =
                switch share.denominator {
                case .hundred: "HUNDRED"
                case .tenThousand: "TEN_THOUSAND"
                case .million: "MILLION"
                }
            var structure = Google_Protobuf_Struct()
            structure.fields["numerator"] = Google_Protobuf_Value(numberValue: Double(share.numerator))
            structure.fields["denominator"] = Google_Protobuf_Value(stringValue: denominator)
            self.init(structValue: structure)
        }
    }
}
