// Fairlead: tests of headers on their way through the proxy
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1
import Testing

@testable import FairleadProxy

@Suite struct HeaderRulesTests {
    static func mutations(_ change: (inout HeaderMutations) -> Void) -> HeaderMutations {
        var mutations = HeaderMutations()
        change(&mutations)
        return mutations
    }

    @Test func mutationsApplyFromTheRouteOutwards() async throws {
        let backend = try await TestBackend.start { _ in
            .response(200, headers: [("x-internal", "secret"), ("x-keep", "1")])
        }
        var route = Route.forward("/", to: "a")
        route.headerMutations = Self.mutations {
            $0.requestAdditions = [
                .init("X-Level", "route", rule: .overwriteOrAdd), .init("x-list", "route"),
                .init("x-absent", "route", rule: .addIfAbsent), .init("x-there", "route", rule: .overwriteIfExists),
                .init("x-not-there", "route", rule: .overwriteIfExists), .init("x-empty", ""),
                .init("x-kept-empty", "", keepsEmptyValue: true), .init("x-percent", "100%%"),
            ]
            $0.requestRemovals = ["x-drop"]
            $0.responseRemovals = ["X-Internal"]
        }
        let changed = route
        try await ProxyRig.run(
            [changed], clusters: [Cluster("a", ports: backend.port)],
            host: {
                $0.headerMutations = Self.mutations {
                    $0.requestAdditions = [.init("x-level", "host", rule: .overwriteOrAdd), .init("x-list", "host")]
                    $0.responseAdditions = [.init("x-added", "host")]
                }
            }
        ) { rig async throws in
            let response = try await TestClient.get(
                rig.port, "/", [("x-drop", "1"), ("x-there", "client"), ("x-absent", "client")])
            #expect(response.header("x-internal") == nil)
            #expect(response.header("x-keep") == "1")
            #expect(response.header("x-added") == "host")
            let seen = try #require(backend.seen.first)
            #expect(seen.head.headers["x-level"] == ["host"])
            #expect(seen.head.headers["x-list"] == ["route", "host"])
            #expect(seen.header("x-absent") == "client")
            #expect(seen.header("x-there") == "route")
            #expect(seen.header("x-percent") == "100%")
            #expect(seen.header("x-kept-empty") == "")
            for name in ["x-drop", "x-not-there", "x-empty"] { #expect(seen.header(name) == nil) }
        }
        await backend.stop()
    }

    @Test func rewritesLeaveATrace() async throws {
        let backend = try await TestBackend.start { _ in .response(200) }
        let route = Route.forward("/old/", to: "a") {
            $0.pathRewrite = .prefix("/new/")
            $0.hostRewrite = .literal("inner.example")
            $0.appendsForwardedHost = true
        }
        try await ProxyRig.run([route], clusters: [Cluster("a", ports: backend.port)]) { rig async throws in
            _ = try await TestClient.get(rig.port, "/old/x?q", [("x-forwarded-host", "first.example")])
            let seen = try #require(backend.seen.first)
            #expect(seen.head.uri == "/new/x?q")
            #expect(seen.header("host") == "inner.example")
            #expect(seen.header("x-envoy-original-path") == "/old/x?q")
            #expect(seen.header("x-envoy-original-host") == "test.example")
            #expect(seen.header("x-forwarded-host") == "first.example,test.example")
        }
        await backend.stop()
    }

    @Test func theHostCanComeFromTheEndpoint() async throws {
        let backend = try await TestBackend.start { _ in .response(200) }
        var cluster = Cluster("a", ports: backend.port)
        cluster.assignment.localities[0].endpoints[0].hostname = "endpoint.example"
        let named = cluster
        let route = Route.forward("/", to: "a") { $0.hostRewrite = .endpointHostname }
        try await ProxyRig.run([route], clusters: [named]) { rig async throws in
            _ = try await TestClient.get(rig.port, "/")
            #expect(backend.seen.first?.header("host") == "endpoint.example")
            #expect(backend.seen.first?.header("x-envoy-original-host") == "test.example")
        }
        await backend.stop()
    }

    @Test func envoysOwnHeadersCanBeLeftOut() async throws {
        let backend = try await TestBackend.start { _ in .response(200) }
        let route = Route.forward("/old", to: "a") { $0.pathRewrite = .prefix("/new") }
        try await ProxyRig.run(
            [route], clusters: [Cluster("a", ports: backend.port)], manager: { $0.suppressesEnvoyHeaders = true }
        ) { rig async throws in
            let response = try await TestClient.get(rig.port, "/old")
            #expect(response.header("x-envoy-upstream-service-time") == nil)
            let seen = try #require(backend.seen.first)
            #expect(seen.head.uri == "/new")
            #expect(seen.header("x-envoy-original-path") == nil)
            #expect(seen.header("x-envoy-expected-rq-timeout-ms") == nil)
        }
        await backend.stop()
    }

    @Test func theResponseCarriesWhatTheListenerSays() async throws {
        let backend = try await TestBackend.start { _ in
            .response(
                200, headers: [("Server", "inner"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("Keep-Alive", "9")])
        }
        try await ProxyRig.run(
            [.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)],
            manager: {
                $0.setsRequestIDInResponse = true
                $0.serverName = "outer"
            }
        ) { rig async throws in
            let response = try await TestClient.get(rig.port, "/", [("x-request-id", "mine")])
            #expect(response.header("server") == "outer")
            #expect(response.count(of: "server") == 1)
            #expect(response.header("date") == "Sun, 06 Nov 1994 08:49:37 GMT")
            #expect(response.header("x-request-id") == "mine")
            #expect(response.header("keep-alive") == nil)
            #expect(response.header("x-envoy-upstream-service-time") != nil)
        }
        await backend.stop()
    }

    @Test func aRequestWithoutABodySaysSoWhereOneIsUsual() async throws {
        let backend = try await TestBackend.start { _ in .response(200) }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            _ = try await TestClient.ask(rig.port, "POST / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await TestClient.get(rig.port, "/")
            #expect(backend.seen.first?.header("content-length") == "0")
            #expect(backend.seen.last?.header("content-length") == nil)
        }
        await backend.stop()
    }

    @Test(arguments: [204, 304])
    func aResponseWithoutABodyHasNone(status: Int) async throws {
        let backend = try await TestBackend.start { _ in .raw("HTTP/1.1 \(status) X\r\nX-A: 1\r\n\r\n") }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let client = try await TestClient.connect(rig.port)
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try await client.response()
                #expect(response.status == status)
                #expect(response.header("transfer-encoding") == nil)
                #expect(response.header("x-a") == "1")
            }
            client.close()
        }
        await backend.stop()
    }

    @Test func aHeadRequestKeepsTheLengthAndHasNoBody() async throws {
        let backend = try await TestBackend.start { _ in .raw("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n") }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let client = try await TestClient.connect(rig.port)
            for _ in 0..<2 {
                try await client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.response(toHead: true).header("content-length") == "7")
            }
            client.close()
        }
        await backend.stop()
    }

    @Test func aResponseUntilTheEndOfTheConnectionIsChunkedForTheClient() async throws {
        let backend = try await TestBackend.start { _ in .raw("HTTP/1.1 200 OK\r\n\r\nall of it", closes: true) }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let client = try await TestClient.connect(rig.port)
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try await client.response()
                #expect(response.text == "all of it")
                #expect(response.header("transfer-encoding") == "chunked")
            }
            client.close()
            let old = try await TestClient.ask(rig.port, "GET / HTTP/1.0\r\nHost: a\r\n\r\n")
            #expect(old.text == "all of it")
            #expect(old.header("connection") == "close")
        }
        await backend.stop()
    }

    @Test func aClientThatWaitsIsToldToGoOn() async throws {
        let backend = try await TestBackend.start { .response(200, body: String(buffer: $0.body)) }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let client = try await TestClient.connect(rig.port)
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await client.response().status == 100)
            try await client.send("abc")
            #expect(try await client.response().text == "abc")
            #expect(backend.seen.first?.header("expect") == nil)
            client.close()
        }
        await backend.stop()
    }

    @Test func aMadeUpCookieKeepsAClientAtItsEndpoint() async throws {
        let first = try await TestBackend.start { _ in .response(200, body: "first") }
        let second = try await TestBackend.start { _ in .response(200, body: "second") }
        var cluster = Cluster("a", ports: first.port, second.port)
        cluster.loadBalancing = LoadBalancing(policy: LoadBalancing.ringHash)
        let ring = cluster
        let route = Route.forward("/", to: "a") {
            $0.hashPolicies = [HashPolicy(.cookie(.init(name: "stay", timeToLive: .seconds(60), path: "/")))]
        }
        try await ProxyRig.run([route], clusters: [ring]) { rig async throws in
            let response = try await TestClient.get(rig.port, "/")
            let cookie = try #require(response.header("set-cookie"))
            #expect(cookie.hasPrefix("stay=\"") && cookie.hasSuffix("; Max-Age=60; Path=/; HttpOnly"))
            let pair = String(cookie.prefix { $0 != ";" })
            for _ in 0..<10 {
                let again = try await TestClient.get(rig.port, "/", [("cookie", pair)])
                #expect(again.text == response.text)
                #expect(again.header("set-cookie") == nil)
            }
        }
        await first.stop()
        await second.stop()
    }
}
