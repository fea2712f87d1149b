// Fairlead: the command
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FairleadProxy

/// `fairlead`: checks configurations, says where requests go, and serves them.
@main
struct FairleadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fairlead", abstract: "Routing and load balancing by Envoy's configuration.",
        version: Proxy.version,
        subcommands: [CheckCommand.self, RouteCommand.self, ExplainCommand.self, DiffCommand.self, ServeCommand.self])
}
