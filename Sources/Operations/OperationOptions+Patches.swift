import ClusterState
import Istio
import Meshes
import Patches
import Planning
import System
import Values

extension OperationOptions {
    /// Reads the files of --patch; throws all that is wrong with them.
    func readPatches() throws -> [PatchFile] {
        if dropsPatches, !patchFiles.isEmpty {
            throw Failures(
                failures: [Failure(nil, "--patch and --no-patch contradict each other")],
                remedy: "leave one of them out")
        }
        var faults: [String] = []
        var files: [PatchFile] = []
        for path in patchFiles {
            let name = path == "-" ? "standard input" : path
            do {
                files.append(try PatchFile(try readFile(path), name: name))
            } catch let fault as FileFailure {
                faults.append("--patch \(name): \(fault.reason)")
            } catch let fault as PatchFile.Faults {
                faults += fault.lines
            }
        }
        if !faults.isEmpty { throw PatchFile.Faults(lines: faults) }
        return files
    }

    /// Takes the stored patches where this run names none. Files that are given are the whole set: what they replace is said.
    func reusePatches(_ stored: [StoredPatchFile], in wanted: inout MeshRequest) throws {
        let names = stored.map(\.name.onOneLine)
        if stored.isEmpty { return }
        if dropsPatches || cluster.resetsValues {
            if wanted.patchFiles.isEmpty {
                ui.note("the stored patches are dropped: \(names.joined(separator: ", "))")
            }
            return
        }
        guard wanted.patchFiles.isEmpty else {
            let lost = names.filter { name in !wanted.patchFiles.contains { $0.name == name } }
            guard !lost.isEmpty else { return }
            ui.note(
                "--patch replaces the stored patches; dropped: \(lost.joined(separator: ", ")) (give them too to keep them)"
            )
            return
        }
        wanted.patchFiles = try stored.map { try PatchFile(stored: $0.content, name: $0.name) }
        ui.note("the stored patches are applied: \(names.joined(separator: ", "))")
    }

    /// Says what an installation, which stores only what it is given, drops of the patches of the last run.
    func sayDroppedPatches(_ stored: Remembered?) {
        let lost = (stored?.patchFiles ?? []).map(\.name.onOneLine).filter { !patchFiles.contains($0) }
        guard !lost.isEmpty else { return }
        ui.note(
            "the patches of the last run are dropped: \(lost.joined(separator: ", ")); sail upgrade would keep them"
        )
    }
}
