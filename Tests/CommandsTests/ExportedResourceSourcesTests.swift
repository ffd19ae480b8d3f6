import Foundation
import TestSupport
import Testing

/// Resources of the Sail Operator from charts and a catalogue of the user's: they are read back with the same.
@Suite struct ExportedResourceSourcesTests {
    private let folder = NSTemporaryDirectory() + "sail-" + UUID().uuidString

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func sail(_ line: String) -> Answer {
        let environment = ["XDG_CACHE_HOME": folder, "HOME": folder, "KUBECONFIG": folder + "/none"]
        return run(line.split(separator: " ").map(String.init), environment: environment, width: 200)
    }

    /// Exports with the flags, and renders what was exported with them.
    private func check(_ flags: String, version: String, comment: String) throws {
        let export = sail("export operator -O \(folder)/out --version \(version) \(flags)")
        #expect(export.code == 0, "\(export.messages)")
        let text = try String(contentsOfFile: folder + "/out/mesh.yaml", encoding: .utf8)
        #expect(text.split(separator: "\n").dropFirst().first.map(String.init) == comment)
        let wanted = sail("manifest generate --version \(version) \(flags)")
        let found = sail("manifest generate -f \(folder)/out/mesh.yaml \(flags)")
        #expect(wanted.code == 0 && found.code == 0, "\(found.messages)")
        #expect(wanted.output == found.output)
        #expect(sail("export operator --check \(folder)/out --version \(version) \(flags)").code == 0)
    }

    @Test func chartsFromElsewhere() throws {
        let server = try ChartServer(["1.32.0", "1.32.1"])
        try check(
            "--charts \(server.repository)", version: "v1.32.0",
            comment:
                "# sail reconcile gives this mesh with --charts \(server.repository); the Sail Operator has charts of "
                + "its own.")
    }

    @Test func aCatalogueOfTheUsers() throws {
        let path = folder + "/catalogue.yaml"
        try "hub: mirror.example.com/istio\nminors: [{minor: \"1.30\", releases: [{version: v1.30.7}]}]\n".write(
            toFile: path, atomically: true, encoding: .utf8)
        try check(
            "--catalogue \(path)", version: "v1.30.7",
            comment:
                "# sail reconcile gives this mesh with --catalogue \(path); the Sail Operator has charts of its own.")
    }

    @Test func withoutEitherNothingIsNeeded() throws {
        #expect(sail("export operator -O \(folder)/out").code == 0)
        let text = try String(contentsOfFile: folder + "/out/mesh.yaml", encoding: .utf8)
        #expect(!text.contains("sail reconcile gives"))
    }
}
