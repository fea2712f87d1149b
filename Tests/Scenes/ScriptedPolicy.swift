// Fairlead: a policy that does as a test tells it
// SPDX-License-Identifier: Apache-2.0

public import Fairlead

/// A load-balancing policy whose picks a test decides, registered and used like any other.
public final class ScriptedPolicy: LoadBalancingPolicy {
    /// What a pick does.
    public typealias Script = @Sendable (PickTable, inout PickContext) -> Int

    /// The name that clusters ask for it by.
    public let name: String
    private let policyTraits: PolicyTraits
    private let script: Script

    /// A policy called `name` that picks what `script` answers.
    public init(_ name: String, traits: PolicyTraits = PolicyTraits(), _ script: @escaping Script) {
        self.name = name
        policyTraits = traits
        self.script = script
    }

    /// The traits that it was given.
    public func traits(for parameters: PolicyParameters) -> PolicyTraits { policyTraits }

    /// Writes the number of hosts, and their weights.
    public func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {
        table.append(UInt64(hosts.count))
        table.append(contentsOf: hosts.weights)
    }

    /// The script behind a slot.
    public func makePicker(_ parameters: PolicyParameters) -> PickerSlot { TypedSlot(ScriptedPicker(script: script)) }
}

private struct ScriptedPicker: Picker {
    let script: ScriptedPolicy.Script

    func pick(_ table: PickTable, _ context: inout PickContext) -> Int { script(table, &context) }
}

extension EngineOptions {
    /// The scene's options with one policy more.
    public static func scene(with policy: ScriptedPolicy) -> EngineOptions {
        var options = EngineOptions.scene
        options.plugins.register(policy)
        return options
    }
}
