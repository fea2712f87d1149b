// Fairlead: tests of what an exchange keeps
// SPDX-License-Identifier: Apache-2.0

import FairleadScenes
import Testing

@testable import Fairlead
@testable import FairleadDataPlane

@Suite struct ExchangeStateTests {
    /// What the fields hold, by their names. Of the lists only the counts matter, and they are looked at by themselves.
    static func fields(_ state: ExchangeState) -> [String: String] {
        var fields: [String: String] = [:]
        for (name, value) in Mirror(reflecting: state).children {
            guard let name, name != "tried", name != "overrides" else { continue }
            fields[name] = "\(value)"
        }
        return fields
    }

    @Test func afterAResetNothingIsLeft() throws {
        let scene = try Scene(routes: [.forward { $0.retryPolicy = RetryPolicy(on: .serverError) }])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        let picked = attempt.slot
        let slot = try #require(picked)
        var state = exchange.state
        state.cookieValue = 1
        state.retryIncarnation = 1
        state.route = 1
        state.weightedEntry = 1
        state.cookiePolicy = 1
        state.disposition = .redirect
        state.hasHash = 1
        state.holdsRetry = 1
        state.priority = 1
        state.hearsRequest = 1
        let idle = Self.fields(.idle)
        for (name, value) in Self.fields(state) { #expect(value != idle[name], "\(name) is not tried") }
        #expect(state.tried.contains(slot))
        state.reset()
        #expect(Self.fields(state) == idle)
        #expect(!state.tried.contains(slot) && state.overrides.isEmpty)
        scene.worker.report(&attempt, .response(200), &exchange)
        scene.worker.end(&exchange)
    }
}
