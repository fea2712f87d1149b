// Fairlead: compiling actions
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension VirtualHostCompiler {
    /// Stores an action and answers its kind and place; equal actions share one record.
    mutating func action(_ route: Route) -> (RouteEntry.ActionKind, UInt32) {
        switch route.action {
        case .forward(let forward): (.forward, record(forward, route.match).offset)
        case .redirect(let redirect): (.redirect, record(redirect).offset)
        case .directResponse(let response):
            (.directResponse, record(response).offset)
        case .nonForwarding: (.nonForwarding, 0)
        }
    }

    private mutating func record(_ response: DirectResponse) -> BlockReference<DirectResponseRecord> {
        var record = DirectResponseRecord(status: response.status, body: writer.append(bytes: response.body))
        if let format = response.format {
            if let json = format.json {
                record.json = writer.append(json: json)
                record.contentType = writer.text("application/json")
            } else {
                record.format = writer.append(pieces: format.text)
            }
            record.omitsMissing = format.omitsMissing ? 1 : 0
            if !format.contentType.isEmpty { record.contentType = writer.text(format.contentType) }
        }
        return writer.append(shared: record)
    }

    private mutating func record(_ forward: ForwardAction, _ match: RouteMatch) -> BlockReference<ForwardRecord> {
        var record = ForwardRecord()
        switch forward.target {
        case .cluster(let name): record.cluster = cluster(name)
        case .header(let name):
            record.target = .header
            record.header = writer.text(ASCII.lowercased(name))
        case .weighted(let weighted):
            record.target = .weighted
            record.weighted = self.weighted(weighted, forward)
        case .matched(let tree):
            record.target = .tree
            record.cluster = compile(tree).offset
        }
        record.priority = forward.priority.rawValue
        record.notFoundStatus = forward.clusterNotFound.rawValue
        record.appendsForwardedHost = forward.appendsForwardedHost ? 1 : 0
        rewritePath(forward.pathRewrite, match, &record)
        rewriteHost(forward.hostRewrite, &record)
        record.retry = retry(forward.retryPolicy)
        record.hashPolicies = writer.append(forward.hashPolicies.map { hashRecord($0) })
        record.extras = extras(of: forward)
        if let timeout = forward.timeout { record.timeout = timeout.wholeNanoseconds }
        if let idleTimeout = forward.idleTimeout { record.idleTimeout = idleTimeout.wholeNanoseconds }
        return writer.append(shared: record)
    }

    private mutating func rewritePath(
        _ rewrite: ForwardAction.PathRewrite?, _ match: RouteMatch, _ record: inout ForwardRecord
    ) {
        switch rewrite {
        case nil: break
        // An empty text is how the schema spells "no rewrite".
        case .prefix(let text)?:
            guard !text.isEmpty else { return }
            record.pathRewrite = .prefix
            record.path = writer.text(text)
        case .pattern(let substitution)?:
            record.pathRewrite = .pattern
            record.pathPattern = patterns.number(substitution.pattern)
            record.path = writer.text(substitution.substitution)
        case .format(let text)?:
            guard !text.isEmpty else { return }
            record.pathRewrite = .format
            record.path = BlockText(pieces: writer.append(pieces: text))
        case .template(let text)?:
            // Rules have refused what does not fit together.
            guard case .template(let matched) = match.path, let template = try? PathTemplate(matched),
                let rewrite = PathTemplateRewrite(text)
            else { return }
            record.pathRewrite = .template
            record.pathPattern = rewrite.record(template, &writer).offset
        }
    }

    private mutating func rewriteHost(_ rewrite: ForwardAction.HostRewrite?, _ record: inout ForwardRecord) {
        switch rewrite {
        case nil: break
        case .literal(let host)?:
            record.hostRewrite = .literal
            record.host = writer.text(host)
        case .endpointHostname?: record.hostRewrite = .endpointHostname
        case .header(let name)?:
            record.hostRewrite = .header
            record.host = writer.text(ASCII.lowercased(name))
        case .pathPattern(let substitution)?:
            record.hostRewrite = .pathPattern
            record.hostPattern = patterns.number(substitution.pattern)
            record.host = writer.text(substitution.substitution)
        case .format(let text)?:
            record.hostRewrite = .format
            record.host = BlockText(pieces: writer.append(pieces: text))
        }
    }

    private mutating func weighted(
        _ weighted: WeightedClusters, _ forward: ForwardAction
    ) -> BlockReference<WeightedRecord> {
        var end: UInt32 = 0
        var entries: [WeightedEntry] = []
        for entry in weighted.entries {
            let fallback = UInt64(entry.weight)
            let wanted = weighted.runtimeKey(of: entry).map { runtime.whole($0, fallback: fallback) } ?? fallback
            // The sum was checked to fit, but runtime values may exceed it; it must not trap.
            let weight = UInt32(clamping: wanted)
            end = end.addingReportingOverflow(weight).overflow ? .max : end + weight
            var record = WeightedEntry(
                cluster: entry.header == nil ? cluster(entry.cluster) : 0, end: end,
                header: writer.text(entry.header.map { ASCII.lowercased($0) }),
                host: writer.text(entry.hostRewrite), mutations: mutations(entry.headerMutations))
            record.details = writer.details(of: entry, forward)
            entries.append(record)
        }
        let record = WeightedRecord(
            entries: writer.append(entries), total: UInt64(end),
            header: writer.text(weighted.randomValueHeader.map { ASCII.lowercased($0) }),
            usesHash: weighted.usesHashPolicy)
        return writer.append(shared: record)
    }

    private mutating func hashRecord(_ policy: HashPolicy) -> HashRecord {
        switch policy.source {
        case .header(let name, let substitution):
            var record = HashRecord(.header, isTerminal: policy.isTerminal)
            record.name = writer.text(ASCII.lowercased(name))
            if let substitution {
                record.pattern = patterns.number(substitution.pattern)
                record.substitution = writer.text(substitution.substitution)
            }
            return record
        case .cookie(let cookie):
            var record = HashRecord(.cookie, isTerminal: policy.isTerminal)
            record.name = writer.text(cookie.name)
            if let timeToLive = cookie.timeToLive {
                record.timeToLive = timeToLive.wholeMilliseconds / 1000
                record.attributes = writer.text(cookie.attributeText)
            }
            return record
        case .sourceIP: return HashRecord(.sourceIP, isTerminal: policy.isTerminal)
        case .queryParameter(let name):
            var record = HashRecord(.queryParameter, isTerminal: policy.isTerminal)
            record.name = writer.text(name)
            return record
        case .filterState(let key):
            var record = HashRecord(.filterState, isTerminal: policy.isTerminal)
            record.name = writer.text(key)
            return record
        }
    }

    private mutating func record(_ redirect: RedirectAction) -> BlockReference<RedirectRecord> {
        var record = RedirectRecord()
        record.status = redirect.status.rawValue
        record.port = redirect.port
        record.stripsQuery = redirect.stripsQuery ? 1 : 0
        // Empty texts are how the schema spells "no change".
        record.host = writer.text(redirect.host.flatMap { $0.isEmpty ? nil : $0 })
        switch redirect.scheme {
        case nil, .scheme("")?: break
        case .https?: record.isHTTPSRedirect = 1
        case .scheme(let scheme)?: record.scheme = writer.text(scheme)
        }
        switch redirect.path {
        case nil, .path("")?, .prefix("")?, .format("")?: break
        case .path(let path)?:
            record.pathRewrite = .path
            record.path = writer.text(path)
        case .prefix(let text)?:
            record.pathRewrite = .prefix
            record.path = writer.text(text)
        case .pattern(let substitution)?:
            record.pathRewrite = .pattern
            record.pattern = patterns.number(substitution.pattern)
            record.path = writer.text(substitution.substitution)
        case .format(let text)?:
            record.pathRewrite = .format
            record.path = BlockText(pieces: writer.append(pieces: text))
        }
        return writer.append(shared: record)
    }
}

extension HashPolicy.Cookie {
    /// What follows the value of a generated cookie, in Envoy's order.
    fileprivate var attributeText: String {
        var text = ""
        let seconds = (timeToLive?.wholeMilliseconds ?? 0) / 1000
        if seconds > 0 { text += "; Max-Age=\(seconds)" }
        if !path.isEmpty { text += "; Path=" + path }
        for attribute in attributes {
            text += "; " + attribute.name
            if !attribute.value.isEmpty { text += "=" + attribute.value }
        }
        return text + "; HttpOnly"
    }
}
