// Fairlead: what least request can be told
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The parameters of `LeastRequestPolicy`, read and sound.
struct LeastRequestConfiguration {
    /// How many hosts are sampled, at least 2: `choice_count`.
    var choices: UInt32
    /// Whether all hosts are looked at instead: `selection_method` is `FULL_SCAN`, or the older `enable_full_scan`.
    var scansAll: Bool
    /// Whether a host may be sampled twice, as in Envoy: `fairlead.sample_with_replacement`.
    var withReplacement: Bool
    /// How much active requests count against weight, not negative: `active_request_bias`, a number or its
    /// `default_value`.
    var bias: Double

    /// The configuration that `parameters` ask for, and everything that is wrong with them.
    static func read(
        _ parameters: PolicyParameters
    ) -> (configuration: LeastRequestConfiguration, problems: [Problem]) {
        var reader = ParameterReader(parameters)
        let choices = reader.unsigned("choice_count", default: 2, in: 2...UInt64(UInt32.max))
        let method = reader.choice("selection_method", of: ["N_CHOICES", "FULL_SCAN"])
        let scansAll = reader.bool("enable_full_scan", default: false)
        let withReplacement = reader.bool("fairlead.sample_with_replacement", default: false)
        let plainName = "active_request_bias"
        let name = parameters[plainName] == nil ? plainName + ".default_value" : plainName
        var bias = reader.number(name, default: 1)
        if !(bias >= 0 && bias.isFinite) {
            reader.report(.warning, at: name, "is \(bias), has to be 0 or more; 1 is used, as Envoy does")
            bias = 1
        }
        reader.finish(others: ["active_request_bias", "slow_start_config", "locality_lb_config"])
        let configuration = LeastRequestConfiguration(
            choices: UInt32(choices), scansAll: method == 1 || scansAll, withReplacement: withReplacement, bias: bias)
        return (configuration, reader.problems)
    }
}
