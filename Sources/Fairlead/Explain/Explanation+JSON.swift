// Fairlead: an explanation as JSON
// SPDX-License-Identifier: Apache-2.0

public import FairleadDataPlane
import FairleadModel

extension Explanation {
    /// The explanation as one line of JSON. `docs/explain.md` tells the keys; they stay, new ones may come. Numbers of 64
    /// bits are texts, as many readers of JSON lose bits of them.
    public var json: String {
        var json = JSONComposer()
        json.open("{")
        json.add("generation", generation)
        json.add("route_table", routeTable)
        add(virtualHost, to: &json)
        add(route, to: &json)
        add(action, to: &json)
        add(cluster, to: &json)
        add(pick, to: &json)
        json.add("agrees_with_index", agreesWithIndex)
        json.close("}")
        return json.text
    }

    private func add(_ choice: VirtualHostChoice?, to json: inout JSONComposer) {
        guard let choice else { return json.add("virtual_host", String?.none) }
        json.open("{", "virtual_host")
        json.add("name", choice.domain?.virtualHost)
        json.add("host", choice.host)
        json.add("domain", choice.domain?.text)
        json.add("domain_kind", choice.domain?.kind.word)
        json.open("[", "beaten")
        for domain in choice.beaten {
            json.open("{")
            json.add("domain", domain.text)
            json.add("domain_kind", domain.kind.word)
            json.add("virtual_host", domain.virtualHost)
            json.add("reason", choice.domain.map { domain.reasonBeaten(by: $0) })
            json.close("}")
        }
        json.close("]")
        json.add("tls_demand", choice.tlsDemand.map { $0 == .redirects ? "redirects" : "scheme_is_unknown" })
        json.close("}")
    }

    private func add(_ choice: RouteChoice?, to json: inout JSONComposer) {
        guard let choice else { return json.add("route", String?.none) }
        json.open("{", "route")
        json.add("index", choice.taken?.ordinal)
        json.add("name", choice.taken?.name)
        json.add("match", choice.taken?.path)
        json.add("path", choice.path)
        json.add("earlier_count", choice.earlierCount)
        json.open("[", "earlier")
        for rejected in choice.earlier {
            json.open("{")
            json.add("index", rejected.route.ordinal)
            json.add("name", rejected.route.name)
            json.add("match", rejected.route.path)
            json.add("subject", rejected.reason.subject)
            json.add("subject_name", rejected.reason.name.isEmpty ? nil : rejected.reason.name)
            json.add("wanted", rejected.reason.wanted)
            json.open("[", "found")
            for value in rejected.reason.found { json.add(element: value) }
            json.close("]")
            json.close("}")
        }
        json.close("]")
        json.close("}")
    }

    private func add(_ action: Action, to json: inout JSONComposer) {
        json.open("{", "action")
        json.add("kind", action.disposition.word)
        json.add("status", action.status == 0 ? nil : action.status)
        json.add("location", action.location)
        json.add("path", action.path)
        json.add("authority", action.authority)
        json.add("body_length", action.bodyLength)
        json.close("}")
    }

    private func add(_ cluster: ClusterSelection?, to json: inout JSONComposer) {
        guard let cluster else { return json.add("cluster", String?.none) }
        json.open("{", "cluster")
        json.add("name", cluster.name)
        json.add("exists", cluster.exists)
        json.add("not_found_status", cluster.exists ? nil : cluster.notFoundStatus)
        switch cluster.method {
        case .fixed: json.add("method", "fixed")
        case .tree: json.add("method", "tree")
        case .header(let name, let value):
            json.add("method", "header")
            json.add("header", name)
            json.add("header_value", value)
        case .weighted(let draw):
            json.add("method", "weighted")
            json.add("number", String(draw.number))
            json.add("number_from", draw.source.word)
            json.add("total", draw.total)
            json.add("point", draw.point)
            json.open("[", "shares")
            for (index, share) in draw.shares.enumerated() {
                json.open("{")
                json.add(share.isHeader ? "cluster_header" : "cluster", share.cluster)
                json.add("start", share.start)
                json.add("end", share.end)
                json.add("chosen", index == draw.chosen)
                json.close("}")
            }
            json.close("]")
        }
        json.close("}")
    }

    private func add(_ pick: EndpointSelection?, to json: inout JSONComposer) {
        guard let pick else { return json.add("pick", String?.none) }
        json.open("{", "pick")
        json.add("result", pick.result.word)
        json.add("policy", pick.policy)
        if let drop = pick.drop {
            json.open("{", "drop")
            json.add("numerator", drop.numerator)
            json.add("denominator", drop.denominator)
            json.add("drawn", drop.drawn)
            json.close("}")
        }
        if pick.isNamedByRequest { json.add("named_by_request", true) }
        if let subset = pick.subset { json.add("subset", subset) }
        json.add("point", pick.point)
        json.add("point_from", pick.point == nil ? nil : pick.hashDecidesPriority ? "hash" : "chance")
        json.open("[", "targets")
        for (index, target) in pick.targets.enumerated() {
            json.open("{")
            json.add("priority", target.priority)
            json.add("hosts", target.hosts)
            json.add("share", target.share)
            json.add("chosen", index == pick.chosen)
            json.close("}")
        }
        json.close("]")
        if let zone = pick.zone { json.add("zone", zone.rawValue) }
        json.add("weighed_localities", pick.weighedLocalities)
        json.add("host_count", pick.hostCount)
        json.add("hash", pick.hash.map { String($0) })
        if let endpoint = pick.endpoint {
            json.open("{", "endpoint")
            json.add("address", endpoint.address)
            json.add("hostname", endpoint.hostname)
            json.add("locality", endpoint.locality)
            json.add("weight", endpoint.weight)
            json.add("health", endpoint.health.word)
            json.add("active_requests", endpoint.activeRequests)
            json.close("}")
        } else {
            json.add("endpoint", String?.none)
        }
        json.close("}")
    }
}
