// Fairlead: substitution commands
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// A substitution command that the engine can act on, with its parameters judged.
public struct SubstitutionCommand: Hashable, Sendable {
    /// What the command stands for.
    public enum Subject: UInt8, Hashable, Sendable {
        /// The first value of a request header, or else of another one.
        case requestHeader = 1
        /// The first value of a response header, or else of another one.
        case responseHeader
        /// The path with its query.
        case path
        /// The path without its query.
        case pathAlone
        /// The path with its query, as it was before a rewrite: `x-envoy-original-path`.
        case originalPath
        /// The path without its query, as it was before a rewrite.
        case originalPathAlone
        /// The first of `x-envoy-original-path` and the path that is there.
        case firstPath
        /// The same without the query.
        case firstPathAlone
        /// The first value of a query parameter.
        case queryParameter
        /// The whole query.
        case query
        /// The downstream protocol.
        case protocolName
        /// The response's status, 0 as long as there is none.
        case responseCode
        /// What the response came to be by.
        case responseDetails
        /// Envoy's short flags of what went wrong, `-` for nothing.
        case responseFlags
        /// The endpoint's address.
        case endpointAddress
        /// The endpoint's address without its port.
        case endpointHost
        /// The endpoint's port.
        case endpointPort
        /// The endpoint's host name, or its address.
        case endpointName
        /// The same without a port.
        case endpointNameAlone
        /// The cluster's name.
        case cluster
        /// How many attempts were made.
        case attempts
        /// The client's address.
        case clientAddress
        /// The client's address without its port.
        case clientHost
        /// The client's port.
        case clientPort
        /// The address that the client came in on.
        case localAddress
        /// The same without its port.
        case localHost
        /// Its port.
        case localPort
        /// The server name that the client asked for in its TLS greeting.
        case serverName
        /// The route's name.
        case routeName
        /// The host name of the machine.
        case machineName
        /// When the request began.
        case startTime
        /// A value of the route's metadata.
        case routeMetadata
        /// A value of the virtual host's metadata.
        case virtualHostMetadata
        /// A value of the cluster's metadata.
        case clusterMetadata
        /// The body of a direct response.
        case body
    }

    /// What the command stands for.
    public let subject: Subject
    /// The most bytes of it; `nil` for all.
    public let limit: UInt32?
    /// What it is asked with: a header's name in lower case and perhaps that of another, a parameter's name, the path of a
    /// metadata value, or the form of a time.
    public let arguments: [String]

    private init(_ subject: Subject, _ call: SubstitutionCall, _ arguments: [String] = []) {
        self.subject = subject
        limit = call.limit
        self.arguments = arguments
    }

    init(_ call: SubstitutionCall) throws(SubstitutionFault) {
        switch call.name {
        case "REQ", "STREAM_INFO_REQ": self.init(.requestHeader, call, try call.headers())
        case "RESP": self.init(.responseHeader, call, try call.headers())
        case "PATH": self.init(try call.path(), call)
        case "QUERY_PARAM": self.init(.queryParameter, call, [try call.requiredParameters()])
        case "QUERY_PARAMS": self.init(try call.query(), call)
        case "START_TIME": self.init(.startTime, call, [try call.timeForm()])
        case "METADATA": self = try SubstitutionCommand(metadata: call)
        case "CLUSTER_METADATA":
            self.init(.clusterMetadata, call, SubstitutionCall.fields(try call.requiredParameters()))
        case "RESPONSE_CODE_DETAILS":
            try call.refuseLimit()
            self.init(.responseDetails, call)
        default:
            guard let subject = SubstitutionCommand.plain[call.name] else { throw call.fault }
            if call.name == "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", call.parameters != nil { throw call.unknowable }
            guard call.parameters == nil, call.limit == nil else {
                throw SubstitutionFault(.malformed, "\(call.name) does not take any parameters or length")
            }
            self.init(subject, call)
        }
    }

    private init(metadata call: SubstitutionCall) throws(SubstitutionFault) {
        let fields = SubstitutionCall.fields(call.parameters ?? "")
        let subject: Subject
        switch fields[0] {
        case "ROUTE": subject = .routeMetadata
        case "VIRTUAL_HOST": subject = .virtualHostMetadata
        case "CLUSTER": subject = .clusterMetadata
        case "DYNAMIC", "UPSTREAM_HOST", "LISTENER", "LISTENER_FILTER_CHAIN", "VIRTUAL_CLUSTER":
            throw call.unknowable
        default: throw SubstitutionFault(.malformed, "\(fields[0]) is not supported type of metadata")
        }
        self.init(subject, call, Array(fields.dropFirst()))
    }

    /// The commands that take no parameters.
    private static let plain: [String: Subject] = [
        "PROTOCOL": .protocolName, "RESPONSE_CODE": .responseCode, "RESPONSE_FLAGS": .responseFlags,
        "UPSTREAM_HOST": .endpointAddress, "UPSTREAM_REMOTE_ADDRESS": .endpointAddress,
        "UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT": .endpointHost, "UPSTREAM_REMOTE_PORT": .endpointPort,
        "UPSTREAM_HOST_NAME": .endpointName, "UPSTREAM_HOST_NAME_WITHOUT_PORT": .endpointNameAlone,
        "UPSTREAM_CLUSTER": .cluster, "UPSTREAM_CLUSTER_RAW": .cluster, "UPSTREAM_REQUEST_ATTEMPT_COUNT": .attempts,
        "DOWNSTREAM_REMOTE_ADDRESS": .clientAddress, "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT": .clientHost,
        "DOWNSTREAM_REMOTE_PORT": .clientPort, "DOWNSTREAM_LOCAL_ADDRESS": .localAddress,
        "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT": .localHost, "DOWNSTREAM_LOCAL_PORT": .localPort,
        "REQUESTED_SERVER_NAME": .serverName, "ROUTE_NAME": .routeName, "HOSTNAME": .machineName,
        "LOCAL_REPLY_BODY": .body,
    ]
}

extension SubstitutionCall {
    /// What is wrong with a command that the engine does not act on.
    var fault: SubstitutionFault {
        SubstitutionCall.beyondKnowledge.contains(name)
            ? unknowable : SubstitutionFault(.malformed, "Not supported field in StreamInfo: \(name)")
    }

    /// That Envoy knows the command and the engine cannot know what it stands for.
    var unknowable: SubstitutionFault {
        SubstitutionFault(
            .unknowable,
            "%\(name)\(parameters.map { "(\($0))" } ?? "")% stands for something that the engine does not know")
    }

    /// What stands in parentheses, which may not be empty.
    func requiredParameters() throws(SubstitutionFault) -> String {
        guard let parameters, !parameters.isEmpty else {
            throw SubstitutionFault(.malformed, "\(name) requires parameters")
        }
        return parameters
    }

    /// One or two names of headers in lower case: `x` or `x?y`.
    func headers() throws(SubstitutionFault) -> [String] {
        let text = try requiredParameters()
        let names = text.utf8.split(separator: UInt8(ascii: "?"), omittingEmptySubsequences: false)
        guard names.count <= 2 else {
            throw SubstitutionFault(.malformed, "More than 1 alternative header specified in token: \(text)")
        }
        var lowered: [String] = []
        for name in names {
            guard name.enumerated().allSatisfy({ SubstitutionCall.isHeaderByte($1, isFirst: $0 == 0) }) else {
                throw SubstitutionFault(
                    .malformed, "Invalid header configuration. Format string contains invalid characters.")
            }
            if !name.isEmpty { lowered.append(String(decoding: name.map(ASCII.lowercased), as: UTF8.self)) }
        }
        return lowered
    }

    /// Which path is meant: `WQ` (the default) or `NQ`, then `ORIG`, `PATH` or `ORIG_OR_PATH` (the default).
    func path() throws(SubstitutionFault) -> SubstitutionCommand.Subject {
        let fields = SubstitutionCall.fields(parameters ?? "")
        guard ["", "WQ", "NQ"].contains(fields[0]) else {
            throw SubstitutionFault(.malformed, "Invalid PATH option: '\(fields[0])', only 'WQ'/'NQ' are allowed")
        }
        let isAlone = fields[0] == "NQ"
        switch fields.count > 1 ? fields[1] : "" {
        case "", "ORIG_OR_PATH": return isAlone ? .firstPathAlone : .firstPath
        case "ORIG": return isAlone ? .originalPathAlone : .originalPath
        case "PATH": return isAlone ? .pathAlone : .path
        default:
            throw SubstitutionFault(
                .malformed, "Invalid PATH option: '\(fields[1])', only 'ORIG'/'PATH'/'ORIG_OR_PATH' are allowed")
        }
    }

    /// The whole query, as it is.
    func query() throws(SubstitutionFault) -> SubstitutionCommand.Subject {
        switch parameters ?? "" {
        case "", "ORIG": return .query
        case "DECODED": throw unknowable
        case let option:
            throw SubstitutionFault(
                .malformed, "Invalid QUERY_PARAMS option: '\(option)', only 'ORIG'/'DECODED' are allowed")
        }
    }

    /// That there must be no limit.
    func refuseLimit() throws(SubstitutionFault) {
        if limit != nil { throw SubstitutionFault(.malformed, "\(name) does not allow length to be specified.") }
    }

    /// The form of a time, if the engine can write all of it.
    func timeForm() throws(SubstitutionFault) -> String {
        try refuseLimit()
        let form = parameters ?? ""
        guard TimeForm.isWritable(form) else { throw unknowable }
        return form
    }

    /// The parts between colons; at least one.
    static func fields(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map {
            String(decoding: Array($0), as: UTF8.self)
        }
    }

    /// Whether a header's name may hold `byte`; the names of pseudo-headers begin with a colon.
    private static func isHeaderByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: ":"): isFirst
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// The form of a point in time, as `strftime` reads it.
enum TimeForm {
    /// Whether the engine writes everything that `form` asks for: `%Y %m %d %H %M %S %y %j %e %b %B %a %A %T %F %D %R %Z
    /// %z %s`, parts of a second (`%f`, `%1f` … `%9f`), and what is no directive at all.
    static func isWritable(_ form: String) -> Bool {
        var bytes = form.utf8[...]
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "%"), var directive = bytes.popFirst() else { continue }
            if directive &- UInt8(ascii: "1") < 9 {
                guard let letter = bytes.popFirst(), letter == UInt8(ascii: "f") else { return false }
                directive = letter
            }
            guard "YmdHMSyjebBaATFDRZzsf%".utf8.contains(directive) else { return false }
        }
        return true
    }
}
