import Arguments
import Istio
import Meshes
import Objects
import Operations
import Values
import YAML

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
    let files = try files(of: objects, request.format)
    try ManifestFolder(folder).replace(with: files)
    return try request.print(Array("wrote \(files.count) files to \(folder)\n".utf8))
}

func output(of objects: [MeshObject]) -> Output {
    var output = Output(text: { stream(of: objects) }, value: { try list(of: objects) })
    output.yaml = output.text
    return output
}

/// One YAML stream, each object under a line that names its template.
private func stream(of objects: [MeshObject]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(objects.reduce(0) { $0 + $1.text.count + 80 })
    for object in objects { append(object, to: &bytes) }
    return bytes
}

/// One `List` for kubectl.
private func list(of objects: [MeshObject]) throws -> Value {
    let items = try objects.map { try value(of: $0) }
    return ["apiVersion": "v1", "kind": "List", "items": .list(items)]
}

private func value(of object: MeshObject) throws -> Value {
    try Value(yaml: object.text.bytes, numbers: .native)
}

/// A file per object; names sort in the order of application, so that `kubectl apply -f FOLDER` keeps it.
func files(of objects: [MeshObject], _ format: Format) throws -> [(name: String, bytes: [UInt8])] {
    let suffix = format == .json ? "json" : "yaml"
    let width = max(3, String(max(0, objects.count - 1)).utf8.count)
    return try objects.enumerated().map { index, object in
        let number = String(repeating: "0", count: width - "\(index)".utf8.count) + "\(index)"
        let identity = object.identity
        var file = Output(text: { stream(of: [object]) }, value: { try value(of: object) })
        file.yaml = file.text
        let owner = object.component.map { $0.rawValue + "-" } ?? ""
        let kind = filePart(identity.kind.lowercased(), length: 60)
        return ("\(number)-\(owner)\(kind)-\(filePart(identity.name)).\(suffix)", try file.bytes(format))
    }
}
