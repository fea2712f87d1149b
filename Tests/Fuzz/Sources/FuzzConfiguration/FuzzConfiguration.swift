// Fairlead: fuzzing what a configuration's bytes can do
// SPDX-License-Identifier: Apache-2.0

import CFuzzer
import Fairlead
import FairleadEnvoy
import FairleadRE2

/// The first byte chooses format and kind, the rest is the document. Whatever it is, the answer is a configuration or a
/// list of located problems; a configuration that loads is either taken by an engine or refused with problems, and a
/// refused one leaves the engine as it was.
func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard size > 1, let data else { return 0 }
    let bytes = [UInt8](UnsafeBufferPointer(start: data + 1, count: size - 1))
    let formats: [EnvoyLoader.Format] = [.yaml, .json, .protobuf]
    let kinds = EnvoyLoader.Kind.allCases
    let loader = EnvoyLoader()
    let loaded = loader.load(
        bytes, as: kinds[Int(data[0]) / formats.count % kinds.count], format: formats[Int(data[0]) % formats.count])
    var options = EngineOptions()
    options.maximumWorkers = 2
    options.plugins.patternEngine = RE2PatternEngine()
    let engine = Engine(options: options)
    do {
        try engine.apply(loaded.update)
    } catch {
        precondition(!error.problems.isEmpty, "refused without a reason")
        precondition(engine.blockImages.isEmpty, "a refused update left a trace")
    }
    return 0
}

/// Hands the command line and the test to libFuzzer.
@main
struct Fuzzer {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { fuzz($0, $1) }
    }
}
