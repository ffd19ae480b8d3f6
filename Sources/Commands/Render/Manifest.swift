import Arguments
import Meshes
import Operations
import Terminal
import Values

/// `sail manifest …`
let manifestCommand = Command<Request>(
    "manifest", summary: "Make the manifests of a mesh", section: "Render",
    children: [
        Command(
            "generate", summary: "Print every object of the mesh, in an order safe for one kubectl apply -f -",
            groups: [.mesh, .values, .patching, .output([.component, .outputFolder]), .common],
            examples: [
                (
                    "sail manifest generate --profile ambient | kubectl apply -f -",
                    "Everything, straight to the cluster"
                ),
                ("sail manifest generate --set cni.logging.level=debug -c cni", "One component with your own value"),
            ],
            body: generate),
        Command(
            "diff", summary: "Compare two manifests, object by object; exits 1 where they differ",
            discussion: """
                Each side is a file or folder of manifests, - for standard input, an Istio version rendered with these \
                values, a revision's number, or COMPONENT@REVISION of the cluster.
                """,
            operands: [.side("FROM"), .side("TO")],
            groups: [
                .mesh, .values, .patching, .plan, .output([.component]), .cluster, .common,
            ],
            examples: [("sail manifest diff v1.29.6 v1.30.3", "What an upgrade would bring")],
            exitStatus: ManualNotes.ofDifference, body: compare),
    ])

private func generate(_ request: Request) throws -> Int32 {
    let objects = try request.options.objects(of: request.options.mesh())
    guard let folder = request.outputFolder else { return try request.print(output(of: objects)) }
    let files = try manifestFiles(of: objects, asJSON: request.format == .json)
    try ManifestFolder(folder).replace(with: files)
    return try request.print(Array("wrote \(files.count) files to \(folder)\n".utf8))
}

func output(of objects: [MeshObject]) -> Output {
    var output = Output(text: { manifestStream(of: objects) }, value: { try manifestList(of: objects) })
    output.yaml = output.text
    return output
}
