// Fairlead: an explanation as text
// SPDX-License-Identifier: Apache-2.0

public import FairleadDataPlane
import FairleadModel

extension Explanation {
    /// The explanation for people: a few lines, in the order of the request's road. It ends with an end of line.
    public var text: String {
        var lines: [String] = []
        lines.append("route table   " + (routeTable ?? "(none of that id)"))
        if action.disposition == .badRequest { lines.append("virtual host  (none: the request has no authority)") }
        if let virtualHost { describe(virtualHost, &lines) }
        if let route { describe(route, &lines) }
        lines.append("action        " + action.line)
        if let cluster { describe(cluster, &lines) }
        if let pick { describe(pick, &lines) }
        if !agreesWithIndex { lines.append("DEFECT        the index answers differently: please report this") }
        var text = ""
        for line in lines { text += line + "\n" }
        return text
    }

    private func describe(_ choice: VirtualHostChoice, _ lines: inout [String]) {
        let host = choice.host.map { "\"\($0)\"" } ?? "a request without a host"
        guard let domain = choice.domain else {
            lines.append("virtual host  (none: no domain is for \(host))")
            return
        }
        lines.append("virtual host  \(domain.virtualHost), by \(domain.kind.word) domain \"\(domain.text)\"")
        for other in choice.beaten {
            lines.append(
                "              beats \"\(other.text)\" of \(other.virtualHost): \(other.reasonBeaten(by: domain))")
        }
        switch choice.tlsDemand {
        case nil: break
        case .redirects: lines.append("              it demands TLS, and the request came without")
        case .schemeIsUnknown:
            lines.append("              it demands TLS, and takes no request whose scheme nobody knows")
        }
    }

    private func describe(_ choice: RouteChoice, _ lines: inout [String]) {
        if let taken = choice.taken {
            lines.append("route         \(taken.line)")
        } else {
            lines.append("route         (none of \(choice.earlierCount) matches)")
        }
        for rejected in choice.earlier {
            lines.append("              not \(rejected.route.line): \(rejected.reason.line)")
        }
        if choice.earlier.count < choice.earlierCount {
            lines.append("              and \(choice.earlierCount - choice.earlier.count) more that do not match")
        }
    }

    private func describe(_ cluster: ClusterSelection, _ lines: inout [String]) {
        var line = "cluster       " + (cluster.name ?? "(none)")
        if !cluster.exists { line += " does not exist: \(cluster.notFoundStatus)" }
        switch cluster.method {
        case .fixed: lines.append(line)
        case .tree: lines.append(line + ", by a match tree")
        case .header(let name, let value):
            lines.append(line + ", by header \(name): " + (value.map { "\"\($0)\"" } ?? "absent"))
        case .weighted(let draw):
            lines.append(
                line + ", by weight: \(draw.source.word) gives \(draw.number), modulo \(draw.total) \(draw.point)")
            for (index, share) in draw.shares.enumerated() {
                let points = share.start == share.end ? "nothing" : "\(share.start) … \(share.end - 1)"
                lines.append(
                    "              \(index == draw.chosen ? "takes" : "not") \(share.isHeader ? "the one in header " : "")"
                        + "\(share.cluster): \(points)")
            }
        }
    }

    private func describe(_ pick: EndpointSelection, _ lines: inout [String]) {
        guard pick.result != .clusterNotFound else { return }
        if let drop = pick.drop {
            lines.append(
                "drop          \(drop.numerator) of \(drop.denominator); chance gives \(drop.drawn): "
                    + (pick.result == .dropped ? "dropped" : "kept"))
        }
        if pick.isNamedByRequest { lines.append("named by      the request itself") }
        if let subset = pick.subset { lines.append("subset        " + subset) }
        for (index, target) in pick.targets.enumerated() {
            let isChosen = index == pick.chosen
            var line = (isChosen ? "priority      " : "              not ") + "\(target.priority)"
            line += ", \(target.hosts) hosts: \(target.share) of 100"
            if target.isPanic { line += ", in panic" }
            if isChosen, let point = pick.point {
                line += "; \(pick.hashDecidesPriority ? "hash" : "chance") gives \(point)"
            }
            lines.append(line)
        }
        guard pick.result != .dropped else { return }
        if let hash = pick.hash { lines.append("hash          \(hash)") }
        if let zone = pick.zone { lines.append("zone          " + zone.rawValue) }
        if pick.weighedLocalities > 0 {
            lines.append("locality      by weight, of \(pick.weighedLocalities)")
        }
        lines.append("policy        \(pick.policy), over \(pick.hostCount) host\(pick.hostCount == 1 ? "" : "s")")
        lines.append("endpoint      " + (pick.endpoint?.line ?? "(none)"))
    }
}

extension Explanation.Action {
    fileprivate var line: String {
        var line = disposition.word
        if status != 0 { line += " \(status)" }
        if let location { line += " to " + location }
        if let bodyLength { line += ", \(bodyLength) bytes" }
        if let path { line += ", path \"\(path)\"" }
        if let authority { line += ", authority \"\(authority)\"" }
        return line
    }
}

extension Explanation.RouteSummary {
    fileprivate var line: String { "#\(ordinal)" + (name.isEmpty ? "" : " " + name) + " (" + path + ")" }
}

extension Explanation.UnmetCondition {
    fileprivate var line: String {
        var line = subject + (name.isEmpty ? "" : " " + name) + " is "
        if found.isEmpty { line += "absent" }
        for (index, value) in found.enumerated() { line += (index == 0 ? "\"" : ", \"") + value + "\"" }
        return line + "; wanted: " + wanted
    }
}

extension Explanation.EndpointSelection.Endpoint {
    fileprivate var line: String {
        var line = address
        if let hostname { line += " (\(hostname))" }
        if !locality.isEmpty { line += " in " + locality }
        return line + ", weight \(weight), \(health.word), \(activeRequests) active"
    }
}
