import FuzzSmoke
import Glibc
import System

// fuzz-smoke [--count N | --seconds N] [--seed N] [--kind NAME]… [--kept FOLDER] [--output FOLDER] [--replay FILE]: inputs that
// are changed at random, read as the tool reads them. Exits with 1 where one of them ends in a signal, a hang or more than 1 GiB of
// memory. --kept has a folder of inputs for each kind, which are read too; --seconds is the processor's time for each kind.

var count = 20_000
var seconds: Double?
var keptFolder: String?
var seed: UInt64 = 1
var kinds: [String] = []
var folder = "out/fuzz-smoke"
var replayed: String?

var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
    let value = arguments.popFirst() ?? ""
    switch argument {
    case "--count": count = Int(value) ?? count
    case "--seconds": seconds = Double(value).map { min($0, 86400) }
    case "--kept": keptFolder = value
    case "--seed": seed = UInt64(value) ?? seed
    case "--kind": kinds.append(value)
    case "--output": folder = value
    case "--replay": replayed = value
    default:
        say(
            "fuzz-smoke [--count N | --seconds N] [--seed N] [--kind NAME]... [--kept FOLDER] [--output FOLDER] [--replay FILE]"
        )
        exit(2)
    }
}

signal(SIGPIPE, SIG_IGN)
raiseStackLimit()
let subjects = Subject.all.filter { kinds.isEmpty || kinds.contains($0.name) }
let batch = Batch()
if let replayed {
    guard let bytes = try? readWholeFile(replayed, limit: FileLimit.archive) else {
        say("\(replayed): cannot be read")
        exit(2)
    }
    let ways = subjects.map { batch.replay($0, bytes) }
    for (subject, way) in zip(subjects, ways) { say("\(subject.name): \(way?.description ?? "an answer")") }
    exit(ways.contains { $0 != nil } ? 1 : 0)
}

// The inputs that all others are made of are good ones.
for subject in subjects where !subject.good.contains(where: subject.read) {
    say("\(subject.name): no good input is taken")
}
if seconds != nil { count = .max }
say("fuzz-smoke: \(seconds.map { "\(Int($0)) seconds" } ?? "\(count) inputs") of each kind, seed \(seed)")
var failures = 0
var total = 0
for subject in subjects {
    let kept = keptFolder.map { keptInputs($0 + "/" + subject.name) } ?? []
    let tally = batch.run(subject, seed: seed, kept: kept, numbers: 0..<max(0, count), seconds: seconds)
    say(tally.line(subject.name))
    let input = subject.inputs(seed: seed, kept: kept)
    for failure in tally.failures {
        let path = "\(folder)/\(subject.name)-\(seed)-\(failure.number)"
        let isSaved = save(input(failure.number), to: path)
        say("  input \(failure.number): \(failure.way.description)\(isSaved ? "; saved as \(path)" : "")")
    }
    failures += tally.failures.count
    total += tally.inputs
}
say("total: \(total) inputs, \(failures) failures")
exit(failures == 0 ? 0 : 1)

/// A line to standard output at once: what is buffered would be there twice after a fork.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

/// The files of a folder, none where there is no such folder.
func keptInputs(_ folder: String) -> [[UInt8]] {
    (folderNames(folder) ?? []).compactMap { try? readWholeFile(folder + "/" + $0, limit: FileLimit.archive) }
}

/// Writes a failing input, making its folder where that is missing; answers whether that was done.
func save(_ bytes: [UInt8], to path: String) -> Bool {
    var prefix = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/").dropLast() {
        prefix += "/" + part
        mkdir(prefix, 0o755)
    }
    guard let file = fopen(path, "w") else { return false }
    let written = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && written == bytes.count
}
