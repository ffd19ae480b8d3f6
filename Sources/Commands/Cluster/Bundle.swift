import Arguments
import Istio
import Operations
import Terminal
import Values

/// `sail bundle`
let bundleCommand = Command<Request>(
    "bundle", summary: "Write a support archive of the mesh",
    discussion: """
        A .tar.gz with the objects, events and logs of the mesh, its status, history and precheck, and all versions. \
        Data of Secrets, tokens, passwords and private keys are masked. What is in it is listed first; what could not \
        be read is listed too, and is no failure. At most 64 MiB before packing: the last 2,000 lines of each container \
        of at most 40 pods, those that are not ready first.
        """,
    section: "Cluster",
    groups: [FlagGroup("Output", [.outputFile]), .installed, .common],
    examples: [("sail bundle -O mesh.tar.gz", "For a report; look into it before you send it")],
    body: bundle)

extension Flag<Request> {
    fileprivate static let outputFile = Flag.value(
        "output-file", short: "O", "FILE",
        help: "Where to write it, - for standard output; by default a name with the time",
        completion: .files
    ) { request, path in
        guard !path.isEmpty else { throw InvalidValue(expectation: "the path of a file") }
        request.outputFile = path
    }
}

private func bundle(_ request: Request) throws -> Int32 {
    let session = try ClusterSession(request.options)
    if request.namespace != nil { _ = try session.recordedHistory() }
    var plain = request
    plain.console.style = .plain
    let console = plain.console
    var bundle = try session.supportBundle()
    bundle.add("versions.txt") { Array(try versions(session).utf8) }
    bundle.add("status.txt") { try session.health().output(console).bytes(.text) }
    bundle.add("status.json") { try session.health().output(console).bytes(.json) }
    bundle.add("history.json") {
        let runs = try session.recordedHistory(withEnds: true).runs.map(\.value)
        return try Array(Value.list(runs).json(escapingHTML: false, indentation: .init()).utf8)
    }
    bundle.add("precheck.txt") { try session.precheckReport().output(console).bytes(.text) }
    let path = request.outputFile ?? bundle.folder + ".tar.gz"
    request.console.show("what the archive holds:\n" + bundle.index)
    let archive = bundle.archive
    if path == "-" { return try request.print(archive) }
    try writeFile(path, archive)
    try request.console.print("\(path)\n")
    request.console.note("look into it before you send it on: tar -tzf \(path)")
    return 0
}

private func versions(_ session: ClusterSession) throws -> String {
    var lines = [versionLine, "Istio \(try Catalogue.builtIn().defaultVersion) by default"]
    do {
        lines.append("Kubernetes \(try session.serverVersion())")
    } catch {
        lines.append("Kubernetes: \(error)")
    }
    return lines.joined(separator: "\n") + "\n"
}
