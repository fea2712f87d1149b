// Fairlead: the updates of the stress
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Configurations and updates that add, change and remove everything there is.
enum Updates {
    static func endpoints(_ count: Int, first: Int = 0) -> [LocalityEndpoints] {
        let all = (first..<(first + count)).map { Endpoint(.socket(host: "10.0.0.1", port: UInt16(1000 + $0))) }
        return [LocalityEndpoints(endpoints: all)]
    }

    static func host(_ number: Int) -> VirtualHost {
        var forward = ForwardAction(to: .cluster("c\(number % 3)"))
        forward.retryPolicy = RetryPolicy(on: .serverError)
        forward.retryPolicy?.avoidsPreviousHosts = true
        forward.hashPolicies = [HashPolicy(.header("x-key", substitution: nil))]
        let weighted = WeightedClusters([.init("c0", weight: 1), .init("c1", weight: 2)])
        return VirtualHost(
            name: "h", domains: ["*.example"],
            routes: [
                Route(name: "a\(number)", match: RouteMatch(.prefix("/a")), action: .forward(forward)),
                Route(match: RouteMatch(.prefix("/b")), action: .forward(forward)),
                Route(match: RouteMatch(.exact("/weighted")), action: .forward(ForwardAction(to: .weighted(weighted)))),
                Route(match: RouteMatch(.prefix("/")), action: .directResponse(DirectResponse(status: 404))),
            ])
    }

    static func cluster(_ number: Int, _ count: Int) -> Cluster {
        var cluster = Cluster(name: "c\(number)", endpoints: endpoints(count, first: number))
        let policies = [LoadBalancing.roundRobin, LoadBalancing.leastRequest, LoadBalancing.ringHash]
        cluster.loadBalancing = LoadBalancing(policy: policies[number % policies.count])
        cluster.circuitBreakers.normal.retries = 2
        return cluster
    }

    static func configuration() -> Configuration {
        Configuration(
            routeConfigurations: [RouteConfiguration(name: "t", virtualHosts: [host(0)])],
            clusters: (0..<3).map { cluster($0, 4) })
    }

    static func update(_ number: Int, _ chance: inout RandomSource) -> ConfigurationUpdate {
        let which = Int(chance.next(below: 3))
        switch number % 6 {
        case 0: return ConfigurationUpdate([.setVirtualHost(host(number), routeConfiguration: "t")])
        case 1: return ConfigurationUpdate([.removeCluster("c\(which)")])
        case 2: return ConfigurationUpdate((0..<3).map { .setCluster(cluster($0, 1 + number % 7)) })
        case 3: return ConfigurationUpdate(replacingEverythingWith: configuration())
        default:
            let port = UInt16(1000 + chance.next(below: 12))
            let address = Address.socket(host: "10.0.0.1", port: port)
            return ConfigurationUpdate([
                number % 6 == 4
                    ? .setEndpoint(Endpoint(address), locality: Locality(), priority: 0, assignment: "c\(which)")
                    : .removeEndpoint(address, assignment: "c\(which)")
            ])
        }
    }

    /// What is wrong once everybody has stopped: nothing may be left over.
    static func complaints(_ engine: Engine, _ deciders: [Decider]) -> [String] {
        var complaints: [String] = []
        let wrong = deciders.reduce(0) { $0 + $1.wrong }
        if wrong > 0 { complaints.append("\(wrong) decisions were not whole") }
        for decider in deciders { decider.worker.refresh() }
        engine.poll(now: Instant(nanoseconds: .max))
        let statistics = engine.statistics
        if statistics.liveSnapshots != 1 { complaints.append("\(statistics.liveSnapshots) snapshots are alive") }
        if statistics.retiredParts != 0 { complaints.append("\(statistics.retiredParts) parts are left over") }
        for cluster in engine.clusterStatistics {
            let active = cluster.endpoints.reduce(0) { $0 + $1.activeRequests }
            if active != 0 { complaints.append("\(cluster.name): \(active) requests never ended") }
            if cluster.activeRetries != [0, 0] { complaints.append("\(cluster.name): retry permits are lost") }
        }
        return complaints
    }
}
