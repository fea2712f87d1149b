// Fairlead: deciding and publishing at once, for the sanitizers
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Glibc
import Synchronization

/// `fairlead-stress [--updates N] [--threads N] [--plant-race]`: threads decide as fast as they can while the main
/// thread updates, publishes, reclaims, and makes and destroys workers. Run it under the thread or address sanitizer.
///
/// With `--permits N` threads take and give back requests N times in all instead, against a limit that they can just
/// exceed, and watch that it holds and that nobody is refused without need.
///
/// With `--plant-race` it also writes a plain variable from two threads: the sanitizer has to find that, or it is not
/// looking.
@main
struct StressProgram {
    static func main() throws {
        // The engine is gone by then, so that nothing of it is left to be found.
        exit(try run() ? 0 : 1)
    }

    /// Decides and publishes; answers whether all went well.
    private static func run() throws -> Bool {
        var updates = 2000
        var threads = 2
        var plantsRace = false
        var permits: Int?
        var arguments = CommandLine.arguments.dropFirst().makeIterator()
        while let argument = arguments.next() {
            switch argument {
            case "--updates": updates = arguments.next().flatMap { Int($0) } ?? updates
            case "--threads": threads = arguments.next().flatMap { Int($0) } ?? threads
            case "--plant-race": plantsRace = true
            case "--permits": permits = arguments.next().flatMap { Int($0) }
            default: print("unknown argument \(argument)")
            }
        }
        if let permits { return try PermitRun.run(operations: permits, threads: threads) }
        let engine = try Engine(Updates.configuration())
        let deciders = try (0..<threads).map { _ in
            Decider(engine, try engine.makeWorker(), plantsRace: plantsRace)
        }
        let handles = deciders.map { $0.start() }
        var chance = RandomSource(seed: 1)
        for number in 0..<updates {
            try engine.apply(Updates.update(number, &chance))
            if number % 16 == 0 { engine.poll(now: Instant(nanoseconds: UInt64(number))) }
            // Workers come and go beside the ones that decide.
            if number % 64 == 0 {
                let visitor = try engine.makeWorker()
                var exchange = visitor.begin(cluster: "c0")
                visitor.end(&exchange)
            }
        }
        Decider.stop.store(true, ordering: .releasing)
        for handle in handles { pthread_join(handle, nil) }
        let decisions = deciders.reduce(0) { $0 + $1.decisions }
        let complaints = Updates.complaints(engine, deciders)
        for complaint in complaints { print("FAILED: \(complaint)") }
        print("\(updates) updates, \(decisions) decisions by \(threads) threads")
        print("\(complaints.isEmpty ? 1 : 0) passed, \(complaints.count) failed")
        return complaints.isEmpty && decisions > 0
    }
}
