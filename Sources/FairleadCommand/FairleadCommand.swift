// Fairlead: the command
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `fairlead`: checks configurations, says where requests go, and serves them.
@main
struct FairleadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fairlead", abstract: "Routing and load balancing by Envoy's configuration.", version: "0.1.0",
        subcommands: [CheckCommand.self, RouteCommand.self])
}
