// Fairlead: tests of places by path
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct PlaceIndexTests {
    private let text = """
        static_resources:
          clusters:
          - name: a
            connectTimeout: 5s
            load_assignment: &la
              endpoints:
              - lb_endpoints: {endpoint: {hostname: h}}
          - name: b
            loadAssignment: *la
            typed_extension_protocol_options:
              some.options:
                "@type": a/google.protobuf.Struct
                value: {k: [x, y]}
          - !ignore name: c
            metadata: {filter_metadata: {"a.b": {name: d}}}
        """

    private func place(_ path: String) -> String {
        let place = read(text).places?.place(of: path)
        return place.map { "\($0.line):\($0.column)" } ?? "none"
    }

    @Test func valuesAreFoundByTheirPaths() {
        #expect(place("") == "1:1")
        #expect(place("static_resources") == "2:3")
        #expect(place("static_resources.clusters") == "3:3")
        #expect(place("static_resources.clusters[1]") == "8:5")
        #expect(place("static_resources.clusters[1].name") == "8:11")
    }

    @Test func bothSpellingsAreFound() {
        #expect(place("static_resources.clusters[0].connect_timeout") == "4:21")
        #expect(place("static_resources.clusters[1].load_assignment") == "9:21")
    }

    @Test func pathsGoThroughAliasesAnysMapsAndSingleValues() {
        #expect(place("static_resources.clusters[1].load_assignment.endpoints[0].lb_endpoints[0].endpoint") == "7:34")
        #expect(
            place(#"static_resources.clusters[1].typed_extension_protocol_options["some.options"].value["k"][1]"#)
                == "13:24")
        #expect(place(#"static_resources.clusters[2].metadata.filter_metadata["a.b"]["name"]"#) == "15:48")
    }

    @Test func whatWasNotWrittenHasThePlaceOfWhatIsAroundIt() {
        #expect(place("static_resources.clusters[0].lb_policy") == "3:5")
        #expect(place("static_resources.clusters[2].name") == "14:5")
        #expect(place("static_resources.clusters[9].name") == "3:3")
        #expect(place("admin.address") == "1:1")
        #expect(place("not a [path") == "1:1")
    }

    @Test func jsonNamesAreThoseOfProtoc() throws {
        for message in Schema.envoy.messages {
            for field in message.fields { #expect(PlaceIndex.jsonName(of: field.name) == field.jsonName) }
        }
    }
}
