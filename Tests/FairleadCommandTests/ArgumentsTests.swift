// Fairlead: tests of durations and addresses on the command line
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead
import Testing

@testable import FairleadCommand

@Suite struct ArgumentsTests {
    @Test(arguments: [
        ("5s", Duration.seconds(5)), ("250ms", .milliseconds(250)), ("2m", .seconds(120)), ("1h", .seconds(3600)),
        ("0s", .zero),
    ])
    func durationsHaveAUnit(text: String, duration: Duration) {
        #expect(DurationArgument(argument: text)?.duration == duration)
    }

    @Test(arguments: ["", "5", "s", "-5s", "5 s", "1.5s", "5d", "99999999999999999999s"])
    func otherDurationsAreRefused(text: String) { #expect(DurationArgument(argument: text) == nil) }

    @Test func addressesAreHostAndPortOrAPath() {
        #expect(AddressArgument(argument: "10.0.0.1:80")?.address == .socket(host: "10.0.0.1", port: 80))
        #expect(AddressArgument(argument: "[::1]:80")?.address == .socket(host: "::1", port: 80))
        #expect(AddressArgument(argument: ":80")?.address == .socket(host: "127.0.0.1", port: 80))
        #expect(AddressArgument(argument: "/tmp/x")?.address == .pipe(path: "/tmp/x"))
        for text in ["", "80", "a:", "a:b", "a:70000"] { #expect(AddressArgument(argument: text) == nil) }
    }

    @Test func serveWantsAFileOrTheDemonstration() throws {
        #expect(throws: (any Error).self) { try FairleadCommand.parseAsRoot(["serve"]) }
        #expect(throws: (any Error).self) { try FairleadCommand.parseAsRoot(["serve", "--demo", "--config", "x"]) }
        #expect(throws: (any Error).self) {
            try FairleadCommand.parseAsRoot(["serve", "--demo", "--concurrency", "0"])
        }
        let demo = try #require(
            try FairleadCommand.parseAsRoot(["serve", "--demo", "--for", "5s", "--no-watch"]) as? ServeCommand)
        #expect(demo.length?.duration == .seconds(5))
        #expect(!demo.watch)
        let file = try #require(
            try FairleadCommand.parseAsRoot(["serve", "--config", "x", "--admin", ":1"]) as? ServeCommand)
        #expect(file.admin?.address == .socket(host: "127.0.0.1", port: 1))
        #expect(file.watch)
    }
}
