import Foundation
import PackagePlugin

/// Writes charts/ and profiles/ into one Swift file of the target that uses this plugin.
@main
struct EmbedAssets: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let root = context.package.directoryURL
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
        let folders = ["charts", "profiles"]
        let inputs = folders.flatMap { contents(of: root.appending(path: $0)) }
        return [
            .buildCommand(
                displayName: "Embedding charts and profiles",
                executable: try context.tool(named: "embed-assets").url,
                arguments: [root.path, output.path] + folders,
                inputFiles: inputs,
                outputFiles: [output])
        ]
    }

    /// The folder itself, and all files and folders below it: a folder changes when a file comes or goes.
    private func contents(of folder: URL) -> [URL] {
        let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return [folder] + (found?.compactMap { $0 as? URL } ?? []).sorted { $0.path < $1.path }
    }
}
