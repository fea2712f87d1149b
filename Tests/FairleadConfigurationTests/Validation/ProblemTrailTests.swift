// Fairlead: tests of the trail of problems
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct ProblemTrailTests {
    @Test func pathsFollowTheWalk() {
        var walk = ProblemTrail()
        #expect(walk.path == "")
        walk.enter("a")
        walk.each("b", ["x", "y"]) { walk, item in
            walk.within("c") { $0.error(.invalidValue, at: "d", index: 7, item) }
            walk.warning(.unsupported, item)
        }
        #expect(walk.path(to: "e", index: 3) == "a.e[3]")
        walk.leave()
        #expect(walk.path == "")
        #expect(
            outline(walk.problems) == [
                "a.b[0].c.d[7] [invalid-value]", "warning a.b[0] [unsupported]", "a.b[1].c.d[7] [invalid-value]",
                "warning a.b[1] [unsupported]",
            ])
        #expect(walk.problems.map(\.message) == ["x", "x", "y", "y"])
    }

    @Test func aWalkMayStartAnywhere() {
        var walk = ProblemTrail(at: "static_resources.clusters[3]")
        walk.error(.missingField, at: "name", "is missing")
        #expect(outline(walk.problems) == ["static_resources.clusters[3].name [missing-field]"])
    }

    @Test func leavingTheRootStaysThere() {
        var walk = ProblemTrail()
        walk.leave()
        walk.enter("a")
        #expect(walk.path == "a")
    }
}
