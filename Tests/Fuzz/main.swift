import FuzzSmoke
import Glibc
import System

// fuzz KIND [flags of libFuzzer] [FOLDER]…: inputs that libFuzzer makes, guided by what they reach, read as the tool reads
// them. fuzz --kinds lists the kinds; fuzz KIND --seeds FOLDER writes good inputs and a dictionary of words, seeds.dict,
// beside the folder.

/// libFuzzer's own main, which calls back with each input.
@_silgen_name("LLVMFuzzerRunDriver")
func drive(
    _ count: UnsafeMutablePointer<CInt>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ read: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

let kinds = Subject.all.map(\.name)
let words = readArguments()
if words.dropFirst().first == "--kinds" {
    print(kinds.joined(separator: "\n"))
    exit(0)
}
// libFuzzer starts itself again with its own flags alone, to merge folders of inputs.
let inherited = getenv("SAIL_FUZZ_KIND").map { String(cString: $0) }
let isNamed = words.count > 1 && kinds.contains(words[1])
guard let found = Subject.all.first(where: { $0.name == (isNamed ? words[1] : inherited) }) else {
    print("fuzz KIND [flags of libFuzzer] [FOLDER]...; kinds: \(kinds.joined(separator: " "))")
    exit(2)
}
let subject = found
if words.count == 4, words[2] == "--seeds" { exit(writeSeeds(to: words[3])) }
setenv("SAIL_FUZZ_KIND", subject.name, 1)

signal(SIGPIPE, SIG_IGN)
raiseStackLimit()
// The kind is not libFuzzer's: it goes before the name of the program.
var count = CommandLine.argc - (isNamed ? 1 : 0)
var arguments = CommandLine.unsafeArgv + (isNamed ? 1 : 0)
arguments[0] = CommandLine.unsafeArgv[0]
exit(
    drive(&count, &arguments) { bytes, count in
        let input = Array(UnsafeBufferPointer(start: bytes, count: count))
        _ = subject.read(input)
        // What is packed as it arrives would hardly ever be reached by changing packed bytes.
        if let packed = subject.packed(input) { _ = subject.read(packed) }
        return 0
    })

/// Writes the good inputs into a folder, and the words that inputs are made of as a dictionary of libFuzzer beside it.
func writeSeeds(to folder: String) -> CInt {
    func write(_ bytes: [UInt8], _ path: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        let written = fwrite(bytes, 1, bytes.count, file)
        return fclose(file) == 0 && written == bytes.count
    }
    let seeds = subject.unpacked + (subject.isPacked ? subject.good : [])
    for (index, seed) in seeds.enumerated() where !write(seed, "\(folder)/seed-\(index)") { return 1 }
    let lines = subject.words.filter { !$0.isEmpty }.map { word in
        "\"" + word.utf8.map { byte in "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() + "\"\n"
    }
    return write(Array(lines.joined().utf8), folder + ".dict") ? 0 : 1
}
