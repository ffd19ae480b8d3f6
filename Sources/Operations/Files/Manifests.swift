internal import Istio
package import Meshes
internal import Objects
package import Values
internal import YAML

/// One YAML stream, each object under a line that names its template.
package func manifestStream(of objects: [MeshObject]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(objects.reduce(0) { $0 + $1.text.count + 80 })
    for object in objects { append(object, to: &bytes) }
    return bytes
}

/// One `List` for kubectl.
package func manifestList(of objects: [MeshObject]) throws -> Value {
    ["apiVersion": "v1", "kind": "List", "items": .list(try objects.map(value))]
}

private func value(of object: MeshObject) throws -> Value {
    try Value(yaml: object.text.bytes, numbers: .native)
}

/// A file per object; names sort in the order of application, so that `kubectl apply -f FOLDER` keeps it.
package func manifestFiles(of objects: [MeshObject], asJSON: Bool) throws -> [(name: String, bytes: [UInt8])] {
    let suffix = asJSON ? "json" : "yaml"
    let width = max(3, String(max(0, objects.count - 1)).utf8.count)
    return try objects.enumerated().map { index, object in
        let number = String(repeating: "0", count: width - "\(index)".utf8.count) + "\(index)"
        let identity = object.identity
        let owner = object.component.map { $0.rawValue + "-" } ?? ""
        let kind = filePart(identity.kind.lowercased(), length: 60)
        let bytes =
            asJSON
            ? Array(try (value(of: object).json(escapingHTML: false, indentation: .init()) + "\n").utf8)
            : manifestStream(of: [object])
        return ("\(number)-\(owner)\(kind)-\(filePart(identity.name)).\(suffix)", bytes)
    }
}
