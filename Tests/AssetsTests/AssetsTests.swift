import Assets
import Foundation
import TestSupport
import Testing
import Values
import YAML

private let root = Repository.root

/// Paths below charts/ and profiles/ on disk without hidden files (save .helmignore), README.md and ci/ of charts.
private func pathsOnDisk() -> [String] {
    ["charts", "profiles"].flatMap { folder in
        let found = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
        return (found?.compactMap { $0 as? String } ?? [])
            .filter { path in
                var isFolder: ObjCBool = false
                let url = root.appending(path: folder).appending(path: path)
                let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
                let hidden = path.split(separator: "/").contains { $0.hasPrefix(".") && $0 != ".helmignore" }
                let isAboutTheChart = path.hasSuffix("/README.md") || path.split(separator: "/").contains("ci")
                return exists && !isFolder.boolValue && !hidden && !isAboutTheChart
            }
            .map { folder + "/" + $0 }
    }
    .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

@Test("embedded files equal the files on disk (after adding a file: touch Package.swift)")
func embeddedFilesEqualTheFilesOnDisk() throws {
    #expect(Assets.files.map(\.path) == pathsOnDisk())
    for file in Assets.files {
        let onDisk = try Data(contentsOf: root.appending(path: file.path))
        #expect(Data(file.text.utf8) == onDisk, "\(file.path)")
    }
}

@Test(arguments: Assets.values.map(\.path))
func settingsAsJSONEqualTheFile(path: String) throws {
    let text = try #require(Assets.text(at: path))
    let json = try #require(Assets.json(at: path))
    // Every number is a float64, as the program reads both.
    let value = try Value(json: json)
    let read = try Value(yaml: text)
    #expect(value == read)
    #expect(keys(of: value) == keys(of: read))
}

/// All keys in their order.
private func keys(of value: Value) -> [String] {
    switch value {
    case .list(let elements): elements.flatMap(keys)
    case .map(let map): map.flatMap { [$0.key] + keys(of: $0.value) }
    default: []
    }
}

@Test func everyFileIsFoundByItsPath() {
    for file in Assets.files { #expect(Assets.text(at: file.path) == file.text) }
    #expect(Assets.text(at: "charts/none") == nil)
    #expect(Assets.text(at: "") == nil)
    #expect(Assets.text(at: "zzz") == nil)
}

@Test func aFolderListsOnlyItsOwnFiles() {
    let charts = Assets.files.filter { $0.path.hasPrefix("charts/") }
    #expect(Assets.files(below: "charts").map(\.path) == charts.map { String($0.path.dropFirst(7)) })
    #expect(Assets.files(below: "chart").isEmpty)
}
