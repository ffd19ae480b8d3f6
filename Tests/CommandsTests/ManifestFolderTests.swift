import Foundation
import Istio
import Objects
import Testing
import Values

@testable import Istio
@testable import Meshes
@testable import Operations

private func object(_ kind: String, _ name: String) -> MeshObject {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n"
    return MeshObject(
        identity: ObjectReference(apiVersion: "v1", kind: kind, name: name), component: .cni, source: "t",
        text: Text(text))
}

@Suite final class ManifestFolderTests {
    private let root: String
    private var folder: String { root + "/out" }

    init() throws {
        root = FileManager.default.temporaryDirectory.path + "/manifest-folder-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    private func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    private func write(_ name: String, _ text: String = "mine") throws {
        try text.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
    }

    private func generate(_ flags: String = "") -> Answer {
        run(("manifest generate --output-dir \(folder) " + flags).split(separator: " ").map(String.init))
    }

    @Test(arguments: [
        ("../../etc/cron.d/x", "a", "000-cni-..-..-etc-cron.d-x-a.yaml"),
        ("Role", "../../../a", "000-cni-role-..-..-..-a.yaml"),
        ("Role", "a:b/c\0d", "000-cni-role-a-b-c-d.yaml"),
        ("Role", ".hidden", "000-cni-role-.hidden.yaml"),
        ("Rôle", "ä", "000-cni-r--le---.yaml"),
    ])
    func whateverAnObjectIsCalledItsFileStaysInTheFolder(kind: String, name: String, file: String) throws {
        let files = try manifestFiles(of: [object(kind, name)], asJSON: false)
        #expect(files.map(\.name) == [file])
    }

    @Test func longAndEqualNamesHaveFilesOfTheirOwn() throws {
        let long = String(repeating: "x", count: 5_000)
        let files = try manifestFiles(of: [object("Role", long + "1"), object("Role", long + "2")], asJSON: false)
        #expect(Set(files.map(\.name)).count == 2)
        #expect(files.allSatisfy { $0.name.utf8.count < 255 })
        try ManifestFolder(folder).replace(with: files)
        #expect(names(folder).count == 3)
    }

    @Test func namesSortInOrderHoweverManyThereAre() throws {
        let files = try manifestFiles(of: (0..<1_200).map { object("Role", "r\($0)") }, asJSON: false)
        #expect(files.map(\.name) == files.map(\.name).sorted())
        #expect(files[7].name.hasPrefix("0007-"))
    }

    @Test func aMissingAndAnEmptyFolderAreTaken() throws {
        #expect(generate("-c cni").code == 0)
        let first = names(folder)
        try FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(generate("-c cni").code == 0)
        #expect(names(folder) == first)
        #expect(names(root) == ["out"])
    }

    @Test func aFolderOfSailsIsBroughtToTheNewSet() throws {
        #expect(generate().code == 0)
        let all = names(folder)
        #expect(generate("-c cni -o json").code == 0)
        let few = names(folder)
        #expect(few.count < all.count && few.contains("Kustomization"))
        #expect(few.allSatisfy { $0 == "Kustomization" || $0.hasSuffix(".json") })
        // One of them deleted by hand comes back.
        try FileManager.default.removeItem(atPath: folder + "/" + few[0])
        #expect(generate("-c cni -o json").code == 0)
        #expect(names(folder) == few)
        #expect(names(root) == ["out"])
    }

    @Test func aFolderThatHoldsAnythingElseIsRefused() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write("notes.txt")
        let refused = generate()
        #expect(refused.code == 1)
        #expect(
            refused.messages == "error: \(folder): holds notes.txt, which sail manifest generate --output-dir did not "
                + "write; give an empty folder or a new one, or remove what is not sail's\n")
        #expect(names(folder) == ["notes.txt"])
        try FileManager.default.removeItem(atPath: folder + "/notes.txt")
        #expect(generate("-c cni").code == 0)
        let own = names(folder)
        try write("999-mine.yaml")
        #expect(generate("-c cni").code == 1)
        #expect(names(folder) == (own + ["999-mine.yaml"]).sorted())
    }

    @Test func aFileALinkAndAFolderInsideAreRefused() throws {
        #expect(generate("-c cni").code == 0)
        let first = names(folder)[0]
        let target = root + "/target"
        try "precious".write(toFile: target, atomically: false, encoding: .utf8)
        try FileManager.default.removeItem(atPath: folder + "/" + first)
        try FileManager.default.createSymbolicLink(atPath: folder + "/" + first, withDestinationPath: target)
        #expect(generate("-c cni").messages.contains("holds \(first), which"))
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "precious")
        try FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: root)
        #expect(generate().messages.contains("\(folder): is a symbolic link; give the folder itself"))
        try FileManager.default.removeItem(atPath: folder)
        try "x".write(toFile: folder, atomically: false, encoding: .utf8)
        #expect(generate().messages.contains("\(folder): is no folder; give a folder"))
    }

    @Test func aForeignKustomizationIsNoLicence() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write("Kustomization", "kind: Kustomization\nresources:\n- a.yaml\n")
        try write("a.yaml")
        #expect(generate().code == 1)
        #expect(names(folder) == ["Kustomization", "a.yaml"])
    }

    @Test func aFailedWriteLeavesTheOldSetAndNothingBeside() throws {
        try ManifestFolder(folder).replace(with: [("000-a.yaml", [65])])
        #expect(throws: (any Error).self) {
            // A name that no file can have.
            try ManifestFolder(folder).replace(with: [("000-b.yaml", [66]), (String(repeating: "x", count: 300), [66])])
        }
        #expect(names(folder) == ["000-a.yaml", "Kustomization"])
        #expect(names(root) == ["out"])
    }

    @Test func theOrderIsKeptByBothWaysOfKubectl() throws {
        #expect(generate().code == 0)
        let text = try String(contentsOfFile: folder + "/Kustomization", encoding: .utf8)
        let files = names(folder).filter { $0 != "Kustomization" }
        #expect(text.hasSuffix("resources:\n" + files.map { "- \($0)\n" }.joined() + "sortOptions:\n  order: fifo\n"))
        guard let kubectl = kubectl() else {
            print("kubectl is not on PATH: its kustomize was not asked")
            return
        }
        let printed = try output(kubectl, ["kustomize", folder])
        func heads(_ text: String) -> [String] {
            text.split(separator: "\n").filter { $0.hasPrefix("kind: ") }.map(String.init)
        }
        let stream = run(["manifest", "generate"]).output
        #expect(heads(printed) == heads(stream))
        #expect(heads(printed).count == files.count)
    }

    private func kubectl() -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/kubectl" }
            .first(where: FileManager.default.isExecutableFile)
    }

    private func output(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
