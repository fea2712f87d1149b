// Fairlead: tests of pickers behind slots
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadTestKit
import Testing

@Suite struct PickerSlotTests {
    /// Picks by everything that it can see, and moves its cursor.
    struct Curious: Picker {
        func pick(_ table: PickTable, _ context: inout PickContext) -> Int {
            context.words[0] &+= 1
            _ = context.random.next()
            return Int(table.uint32(at: 0)) + Int(context.attempt) + context.loads.count + Int(context.hash)
                + (context.hasHash ? 1000 : 0) + context.clusterActiveRequests
        }
    }

    @Test func aTypedSlotAsksItsPicker() {
        let slot: PickerSlot = TypedSlot(Curious())
        let words = PinnedWords(zeros: 1)
        var writer = TableWriter()
        writer.append(UInt32(5))
        let seen = FakeHosts(3).withLoads { loads in
            PinnedWords(writer.bytes).withTable { table in
                words.withWorkerWords { words -> (Int, UInt64) in
                    var context = PickContext(
                        random: RandomSource(seed: 1), hash: 20, hasHash: true, attempt: 100, loads: loads,
                        words: words,
                        clusterActiveRequests: 10_000)
                    let index = slot.pick(table, &context)
                    return (index, context.random.state)
                }
            }
        }
        #expect(seen.0 == 5 + 100 + 3 + 20 + 1000 + 10_000)
        // What it drew is gone from the caller's source, and its words are kept.
        var source = RandomSource(seed: 1)
        _ = source.next()
        #expect(seen.1 == source.state)
        #expect(words.words == [1])
    }

    @Test func aSlotWithoutAPickerPicksNobody() {
        FakeHosts(1).withLoads { loads in
            PinnedWords([]).withTable { table in
                PinnedWords(zeros: 0).withWorkerWords { words in
                    var context = PickContext(
                        random: RandomSource(seed: 1), hash: 0, hasHash: false, attempt: 0, loads: loads, words: words)
                    #expect(PickerSlot().pick(table, &context) == -1)
                    #expect(context.clusterActiveRequests == -1)
                }
            }
        }
    }

    @Test func aPatternOfNoEngineMatchesNothingAndReplacesNothing() {
        let pattern = CompiledPattern()
        Bytes.withBytes(of: "text") { text in
            #expect(!pattern.matches(text))
            #expect(OutputBuffer.text { pattern.replaceAll(in: text, with: .missing, into: &$0) } == "text")
        }
        #expect(pattern.requiredPrefix == [])
        #expect(pattern.programSize == 0)
        #expect(pattern.fault(inSubstitution: "\\9") == nil)
    }
}
