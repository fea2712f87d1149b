// Fairlead: the demonstration's own requests
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// The demonstration's own requests, and what is expected of their answers.
struct DemoTraffic {
    /// A request and what its answer has to be.
    private struct Question {
        var path: String
        var user: String?
        var status: Int
        /// How often it is asked, among all.
        var share: Int
    }

    private static let questions = [
        Question(path: "/shop/1", status: 200, share: 8), Question(path: "/beta", status: 200, share: 4),
        Question(path: "/cart", user: "ann", status: 200, share: 1),
        Question(path: "/cart", user: "bob", status: 200, share: 1),
        Question(path: "/cart", user: "cleo", status: 200, share: 1),
        Question(path: "/cart", user: "dan", status: 200, share: 1), Question(path: "/flaky", status: 200, share: 3),
        Question(path: "/old", status: 302, share: 1), Question(path: "/hello", status: 200, share: 1),
        Question(path: "/nowhere", status: 404, share: 1),
    ]

    /// How often each status came.
    private(set) var statuses: [Int: Int] = [:]
    /// What was not as expected, each thing once.
    private(set) var surprises: [String] = []
    private var backendOfUser: [String: String] = [:]
    private var askedBackends: Set<String> = []
    private var count = 0

    /// How many requests were answered.
    var answered: Int { statuses.values.reduce(0, +) }

    /// Sends requests over `connections` connections, about `rate` a second, until `end`.
    mutating func run(port: Int, connections: Int, rate: Int, until end: ContinuousClock.Instant) async {
        let schedule = Self.questions.flatMap { Array(repeating: $0, count: $0.share) }
        let pause = Duration.nanoseconds(1_000_000_000 * connections / max(rate, 1))
        var lanes: [[(Question, DemoClient.Answer?)]] = []
        await withTaskGroup(of: [(Question, DemoClient.Answer?)].self) { group in
            for lane in 0..<connections {
                group.addTask { await Self.ask(schedule, from: lane * 5, port: port, pause: pause, until: end) }
            }
            for await answers in group { lanes.append(answers) }
        }
        for answers in lanes { for (question, answer) in answers { judge(question, answer) } }
    }

    /// The questions of one connection, one after the other.
    private static func ask(
        _ schedule: [Question], from first: Int, port: Int, pause: Duration, until end: ContinuousClock.Instant
    ) async -> [(Question, DemoClient.Answer?)] {
        var answers: [(Question, DemoClient.Answer?)] = []
        guard let client = try? await DemoClient.connect(port: port) else { return [(schedule[0], nil)] }
        var next = first
        while ContinuousClock.now < end {
            let question = schedule[next % schedule.count]
            next += 1
            let headers = question.user.map { [("x-user", $0)] } ?? []
            let answer = try? await client.ask(question.path, headers)
            answers.append((question, answer))
            guard answer != nil else { break }
            try? await Task.sleep(for: pause)
        }
        await client.close()
        return answers
    }

    private mutating func judge(_ question: Question, _ answer: DemoClient.Answer?) {
        guard let answer else { return note("no answer to \(question.path)") }
        statuses[answer.status, default: 0] += 1
        if answer.status != question.status {
            note("\(question.path) gave \(answer.status), not \(question.status)")
        }
        guard let backend = answer.backend else { return }
        askedBackends.insert(backend)
        if let user = question.user {
            if let former = backendOfUser[user], former != backend { note("user \(user) was sent to two endpoints") }
            backendOfUser[user] = backend
        }
    }

    /// Notes what can only be seen in the end, and only of many requests: that each of `backends` was asked, but those
    /// that fail.
    mutating func judgeReach(of backends: [DemoBackend]) {
        guard answered >= 300 else { return }
        for backend in backends where !backend.fails && !askedBackends.contains(backend.name) {
            note("\(backend.name) was never asked")
        }
    }

    private mutating func note(_ surprise: String) {
        if !surprises.contains(surprise) { surprises.append(surprise) }
    }
}
