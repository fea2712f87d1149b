// Fairlead: tests of the rules for retries and hash policies
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct RoutePolicyRulesTests {
    private func findings(_ change: (inout RetryPolicy) -> Void) -> [String] {
        var policy = RetryPolicy(on: .serverError)
        change(&policy)
        var host = VirtualHost(name: "v", domains: ["*"], routes: [route { $0.retryPolicy = policy }])
        let ofRoute = outline(Validator.problems(in: host)).map {
            String($0.dropFirst("routes[0].route.retry_policy.".count))
        }
        host.routes = []
        host.retryPolicy = policy
        let ofHost = outline(Validator.problems(in: host)).map { String($0.dropFirst("retry_policy.".count)) }
        #expect(ofRoute == ofHost)
        return ofRoute
    }

    @Test func theBackOffGrows() {
        #expect(findings { _ in }.isEmpty)
        #expect(findings { $0.backOffMaximum = .milliseconds(25) }.isEmpty)
        #expect(findings { $0.backOffMaximum = .milliseconds(24) } == ["retry_back_off.max_interval [invalid-value]"])
        #expect(findings { $0.backOffBase = .zero } == ["retry_back_off.base_interval [invalid-value]"])
        #expect(
            findings {
                $0.backOffBase = .seconds(-3)
                $0.backOffMaximum = .seconds(-2)
            } == ["retry_back_off.base_interval [invalid-value]", "retry_back_off.max_interval [invalid-value]"])
    }

    @Test func thePerTryTimeoutIsNotNegative() {
        #expect(findings { $0.perTryTimeout = .zero }.isEmpty)
        #expect(findings { $0.perTryTimeout = .seconds(-1) } == ["per_try_timeout [invalid-value]"])
    }

    @Test func hashPoliciesNeedNames() {
        let policies: [HashPolicy] = [
            HashPolicy(.header("", substitution: PatternSubstitution(pattern: "", substitution: "\n"))),
            HashPolicy(.cookie(.init(name: "", timeToLive: .seconds(-1), attributes: [.init("", "\n")]))),
            HashPolicy(.queryParameter("")), HashPolicy(.sourceIP), HashPolicy(.header("x", substitution: nil)),
            HashPolicy(
                .cookie(.init(name: "c", timeToLive: .zero, path: "/", attributes: [.init("SameSite", "None")]))),
        ]
        let problems = Validator.problems(in: table(route { $0.hashPolicies = policies }))
        #expect(
            outline(problems)
                == [
                    "hash_policy[0].header.header_name [invalid-value]",
                    "hash_policy[0].header.regex_rewrite.pattern.regex [invalid-value]",
                    "hash_policy[0].header.regex_rewrite.substitution [invalid-value]",
                    "hash_policy[1].cookie.name [invalid-value]", "hash_policy[1].cookie.ttl [invalid-value]",
                    "hash_policy[1].cookie.attributes[0].name [invalid-value]",
                    "hash_policy[1].cookie.attributes[0].value [invalid-value]",
                    "hash_policy[2].query_parameter.name [invalid-value]",
                ].map { firstRoute + ".route." + $0 })
    }
}
