// Fairlead: tests of texts with substitution commands
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import Testing

@Suite struct SubstitutionFormatTests {
    /// The pieces of a text: texts as they are, commands as their subject, arguments and limit.
    static func pieces(_ text: String) throws -> [String] {
        try SubstitutionFormat(parsing: text).parts.map { part in
            switch part {
            case .literal(let bytes): "'" + String(decoding: bytes, as: UTF8.self) + "'"
            case .command(let command):
                "\(command.subject)\(command.arguments)" + (command.limit.map { ":\($0)" } ?? "")
            }
        }
    }

    /// What is wrong with a text.
    static func fault(_ text: String) -> SubstitutionFault? {
        do throws(SubstitutionFault) {
            _ = try SubstitutionFormat(parsing: text)
            return nil
        } catch {
            return error
        }
    }

    @Test func textsAndCommandsAreToldApart() throws {
        #expect(try Self.pieces("") == [])
        #expect(try Self.pieces("plain é") == ["'plain é'"])
        #expect(try Self.pieces("a%%b%%%%") == ["'a%b%%'"])
        #expect(
            try Self.pieces("%%%REQ(X-A)%%REQ(b?:Path):12%%%x") == [
                "'%'", #"requestHeader["x-a"]"#, #"requestHeader["b", ":path"]:12"#, "'%x'",
            ])
        #expect(try Self.pieces("%PROTOCOL%-%ROUTE_NAME%") == ["protocolName[]", "'-'", "routeName[]"])
    }

    @Test func parametersMayHoldParenthesesAndPercentSigns() throws {
        #expect(try Self.pieces("%START_TIME(%Y-%m-%d %H:%M%%)%") == [#"startTime["%Y-%m-%d %H:%M%%"]"#])
        #expect(try Self.pieces("%QUERY_PARAM(a)b)%") == [#"queryParameter["a)b"]"#])
        #expect(try Self.pieces("%METADATA(ROUTE:a:b c):3%") == [#"routeMetadata["a", "b c"]:3"#])
    }

    @Test func pathsHaveTwoOptions() throws {
        let options: [(String, String)] = [
            ("PATH", "firstPath"), ("PATH(WQ)", "firstPath"), ("PATH(NQ)", "firstPathAlone"),
            ("PATH(WQ:ORIG)", "originalPath"), ("PATH(NQ:ORIG)", "originalPathAlone"), ("PATH(:PATH)", "path"),
            ("PATH(NQ:PATH)", "pathAlone"), ("PATH(NQ:ORIG_OR_PATH)", "firstPathAlone"),
        ]
        for (command, subject) in options { #expect(try Self.pieces("%\(command)%") == [subject + "[]"]) }
    }

    /// Envoy 1.40's own words.
    static let malformed: [(String, String)] = [
        ("100%", "Incorrect configuration: 100%. Couldn't find valid command at position 3"),
        ("%REQ(x", "Incorrect configuration: %REQ(x. Couldn't find valid command at position 0"),
        ("%req(x)%", "Incorrect configuration: %req(x)%. Couldn't find valid command at position 0"),
        ("%REQ (x)%", "Incorrect configuration: %REQ (x)%. Couldn't find valid command at position 0"),
        ("%REQ(x):a%", "Incorrect configuration: %REQ(x):a%. Couldn't find valid command at position 0"),
        ("%%REQ(x)%", "Incorrect configuration: %%REQ(x)%. Couldn't find valid command at position 8"),
        ("%%%", "Incorrect configuration: %%%. Couldn't find valid command at position 2"),
        ("%NOPE%", "Not supported field in StreamInfo: NOPE"),
        ("%REQ%", "REQ requires parameters"), ("%RESP()%", "RESP requires parameters"),
        ("%QUERY_PARAM%", "QUERY_PARAM requires parameters"),
        ("%REQ(x?y?z)%", "More than 1 alternative header specified in token: x?y?z"),
        ("%REQ(x y)%", "Invalid header configuration. Format string contains invalid characters."),
        ("%PROTOCOL(x)%", "PROTOCOL does not take any parameters or length"),
        ("%ROUTE_NAME:2%", "ROUTE_NAME does not take any parameters or length"),
        ("%START_TIME:3%", "START_TIME does not allow length to be specified."),
        ("%PATH(x)%", "Invalid PATH option: 'x', only 'WQ'/'NQ' are allowed"),
        ("%PATH(WQ:X)%", "Invalid PATH option: 'X', only 'ORIG'/'PATH'/'ORIG_OR_PATH' are allowed"),
        ("%QUERY_PARAMS(X)%", "Invalid QUERY_PARAMS option: 'X', only 'ORIG'/'DECODED' are allowed"),
        ("%METADATA(X:a)%", "X is not supported type of metadata"),
        ("%METADATA%", " is not supported type of metadata"),
    ]

    @Test(arguments: malformed.indices)
    func whatEnvoyRefusesIsRefusedInItsWords(index: Int) {
        let (text, message) = Self.malformed[index]
        #expect(Self.fault(text)?.kind == .malformed)
        #expect(Self.fault(text)?.message == message)
    }

    @Test(arguments: [
        "%UPSTREAM_TLS_CIPHER%", "%TRAILER(x)%", "%DURATION%", "%METADATA(DYNAMIC:a)%", "%ENVIRONMENT(HOME)%",
        "%QUERY_PARAMS(DECODED)%", "%START_TIME(%G)%", "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(24)%",
    ])
    func whatOnlyEnvoyKnowsIsToldApart(_ text: String) {
        #expect(Self.fault(text)?.kind == .unknowable)
        #expect(Self.fault(text)?.message == "\(text) stands for something that the engine does not know")
    }

    @Test func aLimitBeyondAllNumbersIsNone() throws {
        #expect(try Self.pieces("%REQ(x):99999999999999999999%") == [#"requestHeader["x"]:4294967295"#])
    }
}
