// Fairlead: tests of requests that own their bytes
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct RequestTests {
    @Test func aNewRequestHasNothing() {
        let request = Request()
        let view = request.view
        for part in [view.method, view.scheme, view.authority, view.path, view.source, view.destination] {
            #expect(part.isMissing)
        }
        #expect(view.headers.count == 0)
        #expect(view.random == nil)
        #expect(view.connection == [])
    }

    @Test func everyPartIsSeenAsItWasGiven() {
        let request = Request(
            method: "POST", scheme: "https", authority: "Shop.Example:80", path: "/a?b=c#d",
            headers: [("X-Key", "v"), ("x-key", "")], source: "10.0.0.1:7")
        request.set(destination: "[::1]:443")
        request.random = 42
        request.connection = [.certificatePresented, .isInternal]
        let view = request.view
        #expect(view.method.string == "POST")
        #expect(view.scheme.string == "https")
        #expect(view.authority.string == "Shop.Example:80")
        #expect(view.path.string == "/a?b=c#d")
        #expect(view.source.string == "10.0.0.1:7")
        #expect(view.destination.string == "[::1]:443")
        #expect(view.random == 42)
        #expect(view.connection.contains(.certificatePresented) && !view.connection.contains(.certificateValidated))
        #expect(view.headers.count == 2)
        #expect(view.headers[0].name.string == "X-Key" && view.headers[0].value.string == "v")
        #expect(view.headers[1].value.isEmpty && !view.headers[1].value.isMissing)
    }

    @Test func defaultsAreAGetOverHTTP() {
        let request = Request(authority: nil, path: nil)
        let view = request.view
        #expect(view.method.string == "GET")
        #expect(view.scheme.string == "http")
        #expect(view.authority.isMissing)
        #expect(view.path.isMissing)
    }

    @Test func emptyPartsAreThereAndEmpty() {
        let request = Request(method: "", scheme: "", authority: "", path: "")
        let view = request.view
        for part in [view.method, view.scheme, view.authority, view.path] { #expect(!part.isMissing && part.isEmpty) }
    }

    @Test func textsOfAnyLengthFit() {
        let request = Request(capacity: 1)
        let long = String(repeating: "p", count: 100_000)
        request.set(authority: "first")
        request.set(path: long)
        request.set(method: "LAST")
        let view = request.view
        #expect(view.authority.string == "first")
        #expect(view.path.string == long)
        #expect(view.method.string == "LAST")
    }

    @Test(arguments: [0, 1, 15, 16, 17, 33, 1000])
    func anyNumberOfHeadersFits(count: Int) {
        let request = Request(authority: "a", path: "/")
        for index in 0..<count { request.addHeader("name-\(index)", "value \(index)") }
        let headers = request.view.headers
        #expect(headers.count == count)
        for index in 0..<count {
            #expect(headers[index].name.string == "name-\(index)")
            #expect(headers[index].value.string == "value \(index)")
        }
    }

    @Test func partsCanBeGivenAsBytes() {
        let request = Request()
        request.set(method: Array("PUT".utf8))
        request.set(authority: [0x61, 0xff])
        request.set(path: [0x2f, 0x80])
        request.addHeader([0x78], [0xfe])
        let view = request.view
        #expect(view.method.string == "PUT")
        #expect(view.authority.array == [0x61, 0xff])
        #expect(view.path.array == [0x2f, 0x80])
        #expect(view.headers[0].value.array == [0xfe])
    }

    @Test func theLastValueOfAPartCounts() {
        let request = Request(authority: "old", path: "/old")
        request.set(authority: "new.example")
        request.set(path: "/new")
        #expect(request.view.authority.string == "new.example")
        #expect(request.view.path.string == "/new")
    }

    @Test func aResetRequestHasNothingLeftOfTheOneBefore() {
        let request = Request(authority: "a", path: "/a", headers: [("x", "y")], source: "s")
        request.set(destination: "d")
        request.random = 1
        request.connection = .isInternal
        request.reset()
        #expect(request.view.authority.isMissing)
        #expect(request.view.path.isMissing)
        #expect(request.view.method.isMissing)
        #expect(request.view.source.isMissing)
        #expect(request.view.destination.isMissing)
        #expect(request.view.headers.count == 0)
        #expect(request.view.random == nil)
        #expect(request.view.connection == [])
    }

    @Test func aRequestCanBeFilledAgainAndAgain() {
        let request = Request()
        for round in 0..<1000 {
            request.reset()
            request.set(authority: "host-\(round)")
            request.set(path: "/" + String(repeating: "x", count: round % 700))
            for index in 0..<(round % 40) { request.addHeader("h\(index)", "\(round)") }
            let view = request.view
            #expect(view.authority.string == "host-\(round)")
            #expect(view.path.count == round % 700 + 1)
            #expect(view.headers.count == round % 40)
            if round % 40 > 0 { #expect(view.headers[round % 40 - 1].value.string == "\(round)") }
        }
    }
}
