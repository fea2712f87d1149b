// Fairlead: tests of requests on JSON lines
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Testing

@testable import FairleadCommand

@Suite struct RequestLineTests {
    /// What `line` reads as, or what is wrong with it.
    static func read(_ line: [UInt8]) -> Result<Request, LineFault> {
        let request = Request()
        return Bytes.withBytes(of: line) { bytes in
            var reader = RequestLine(bytes)
            do throws(LineFault) {
                try reader.read(into: request)
                return .success(request)
            } catch {
                return .failure(error)
            }
        }
    }

    static func path(_ line: String) -> String? {
        guard case .success(let request) = read(Array(line.utf8)) else { return nil }
        return request.view.path.string
    }

    static func fault(_ line: String) -> String? {
        guard case .failure(let fault) = read(Array(line.utf8)) else { return nil }
        return fault.message
    }

    @Test func everyFieldIsRead() throws {
        let line = """
            { "method" : "POST", "scheme":"https","authority":"a.b:1","path":"/p?q","headers":[ ["X-A","1"] , ["x-a",""]],\
            "source":"10.0.0.1:1234" , "else": [true,false,null,{"a":[1.5e-3,-0]}] }
            """
        let request = try Self.read(Array(line.utf8)).get()
        let view = request.view
        #expect(view.method.string == "POST")
        #expect(view.connection == .isEncrypted)
        #expect(view.authority.string == "a.b:1")
        #expect(view.path.string == "/p?q")
        #expect(view.source.string == "10.0.0.1:1234")
        #expect((0..<view.headers.count).map { view.headers[$0].name.string } == ["X-A", "x-a"])
    }

    @Test func whatTheHostKnowsIsRead() throws {
        let line = #"""
            {"path":"/","tls":{"presented":true,"validated":false,"x":true},
             "metadata":{"f":{"a":{"b":[1,"x",{"y":null}]},"c":-2.5e1}},
             "filter_state":{"k":"v","ip":{"address":"10.0.0.1"}}}
            """#
        let request = try Self.read(Array(line.utf8)).get()
        let view = request.view
        #expect(view.connection == .certificatePresented)
        let facts = (0..<view.facts.count).map { view.facts[$0] }
        #expect(facts.map(\.name.string) == ["f", "f", "k", "ip"])
        #expect(facts.map(\.depth) == [2, 1, 0, 0])
        #expect(facts[0].step(1).string == "b")
        #expect(
            facts[0].value.count == 3 && facts[0].value[1].text.string == "x" && facts[0].value[2].kind == .structure)
        #expect(facts[1].value.number == -25)
        #expect(facts[2].value.kind == .text && facts[3].value.kind == .address)
    }

    @Test(arguments: [
        #"{"path":"/","tls":true}"#, #"{"path":"/","tls":{"presented":1}}"#, #"{"path":"/","metadata":[]}"#,
        #"{"path":"/","filter_state":{"k":1}}"#, #"{"path":"/","filter_state":{"k":{"address":1}}}"#,
        #"{"path":"/","metadata":{"f":{"a":1,}}}"#, #"{"path":"/","metadata":{"f":{"a"}}}"#,
    ])
    func oddFactsAreFaults(_ line: String) {
        #expect(Self.fault(line) != nil)
    }

    @Test func whatIsMissingOrNullHasItsDefault() throws {
        let request = try Self.read(
            Array(#"{"path":"/","method":null,"scheme":null,"headers":null,"source":null}"#.utf8)
        ).get()
        let view = request.view
        #expect(view.method.string == "GET")
        #expect(view.connection.isEmpty)
        #expect(view.authority.isMissing)
        #expect(view.source.isMissing)
    }

    @Test func theLastOfRepeatedKeysCounts() throws {
        let line = #"{"path":"/a","headers":[["a","1"]],"path":"/b","headers":[["b","2"]]}"#
        let view = try Self.read(Array(line.utf8)).get()
        #expect(view.view.path.string == "/b")
        #expect(view.view.headers[0].name.string == "b")
    }

    @Test func escapesAreResolved() {
        #expect(Self.path(#"{"path":"\/\"\\\b\f\n\r\t\u0041\u00e9\u20AC"}"#) == "/\"\\\u{8}\u{c}\n\r\tAé€")
        #expect(Self.path(#"{"path":"\ud83d\ude00"}"#) == "😀")
        #expect(Self.path("{\"path\":\"😀\"}") == "😀")
        #expect(Self.path(#"{"p\u0061th":"/x"}"#) == "/x")
    }

    @Test(arguments: [
        "", "null", "1", "[]", "\"x\"", "{", "{}", "{\"path\"}", "{\"path\":}", "{\"path\":\"/\"", "{\"path\":\"/\",}",
        "{\"path\":1}", "{\"path\":null}", "{\"path\":\"/\"}}", "{\"path\":\"/\"} {}", "{'path':'/'}", "{path:\"/\"}",
        "{\"path\":\"/\",\"x\":01}", "{\"path\":\"/\",\"x\":1.}", "{\"path\":\"/\",\"x\":.5}",
        "{\"path\":\"/\",\"x\":+1}",
        "{\"path\":\"/\",\"x\":1e}", "{\"path\":\"/\",\"x\":nul}", "{\"path\":\"/\",\"x\":NaN}",
        "{\"path\":\"/\",\"x\":[1,]}",
        "{\"path\":\"\\x\"}", "{\"path\":\"\\u12\"}", "{\"path\":\"\\ud83d\"}", "{\"path\":\"\\ud83dx\"}",
        "{\"path\":\"\\ude00\"}", "{\"path\":\"\\ud83d\\u0041\"}", "{\"path\":\"a\tb\"}", "{\"path\":\"a",
        "{\"path\":\"/\",\"headers\":{}}", "{\"path\":\"/\",\"headers\":[\"a\"]}",
        "{\"path\":\"/\",\"headers\":[[\"a\"]]}",
        "{\"path\":\"/\",\"headers\":[[\"a\",\"b\",\"c\"]]}", "{\"path\":\"/\",\"headers\":[[\"a\",1]]}",
        "{\"path\":\"/\",\"method\":true}",
    ])
    func whatIsNoRequestIsAFault(line: String) { #expect(Self.fault(line) != nil) }

    @Test func faultsSayWhere() {
        #expect(Self.fault(#"{"path": 1}"#) == "expected a string at byte 10")
        #expect(Self.fault("{}") == "no \"path\"")
        #expect(Self.fault(#"{"path":"/"} x"#) == "expected nothing more at byte 14")
    }

    @Test func deepNestingIsAFaultAndNoCrash() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(Self.fault("{\"path\":\"/\",\"x\":\(deep)") == "nested deeper than 64")
        let fine = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        #expect(Self.path("{\"path\":\"/\",\"x\":\(fine)}") == "/")
    }

    @Test(arguments: [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]] as [[UInt8]])
    func bytesThatAreNotUTF8AreAFault(bytes: [UInt8]) {
        let line = Array("{\"path\":\"/".utf8) + bytes + Array("\"}".utf8)
        guard case .failure(let fault) = Self.read(line) else {
            Issue.record("it was read")
            return
        }
        #expect(fault.message.hasPrefix("a string is not UTF-8"))
    }

    @Test func noBytesWhatsoeverCrash() {
        // Every beginning of a line, and every byte of it replaced by others.
        let line = Array(#"{"path":"/\u00e9\ud83d\ude00","headers":[["a","b"]],"n":[-1.5e+3,true]}"#.utf8)
        for end in 0..<line.count { _ = Self.read(Array(line[..<end])) }
        for index in line.indices {
            for byte in [0, 0x22, 0x5c, 0x5b, 0x7b, 0x80, 0xff] as [UInt8] {
                var changed = line
                changed[index] = byte
                _ = Self.read(changed)
            }
        }
    }
}
