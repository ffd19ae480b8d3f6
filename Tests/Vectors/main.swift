import Foundation
import TestSupport
import Values

// swift run vectors [--feature X] [--id Y] [--show N] [FILE…]: how many vectors are answered as Helm answers them.

var features: [String] = []
var ids: [String] = []
var shown = 5
var files: [String] = []

var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
    switch argument {
    case "--feature": arguments.popFirst().map { features += $0.split(separator: ",").map(String.init) }
    case "--id": arguments.popFirst().map { ids += $0.split(separator: ",").map(String.init) }
    case "--show": shown = arguments.popFirst().flatMap { Int($0) } ?? shown
    default: files.append(argument)
    }
}
if files.isEmpty {
    files = ["lang", "sprig", "helm", "yaml", "set"].map { Vector.folder + "/\($0).jsonl" }
}

/// Looks for a bare name such as `lang.jsonl` among the fixtures.
func located(_ file: String) -> String {
    FileManager.default.fileExists(atPath: file) ? file : Vector.folder + "/" + file
}

var passed: [String: Int] = [:]
var failed: [String: Int] = [:]
var skipped = 0
for vector in try files.flatMap({ try Vector.read(located($0)) }) {
    guard features.isEmpty || features.contains(vector.feature), ids.isEmpty || ids.contains(vector.id) else {
        continue
    }
    guard let answer = vector.answer() else {
        skipped += 1
        continue
    }
    let key = vector.area + " " + vector.feature
    guard let difference = vector.difference(from: answer) else {
        passed[key, default: 0] += 1
        continue
    }
    failed[key, default: 0] += 1
    if failed.values.reduce(0, +) <= shown {
        print("\(vector.id): \((vector.fields["template"]?.string ?? "").debugDescription)\n  \(difference)")
    }
}

for key in Set(passed.keys).union(failed.keys).sorted() {
    print(key, "passed", passed[key, default: 0], "failed", failed[key, default: 0])
}
print("total passed", passed.values.reduce(0, +), "failed", failed.values.reduce(0, +), "skipped", skipped)
