import Meshes
import Operations
import Terminal
import Values

/// `sail images`
func printImages(_ request: Request) throws -> Int32 {
    let objects = try request.options.objects(
        of: request.isFromCluster ? request.options.storedMesh() : request.options.mesh())
    let names = try images(of: objects)
    if request.wantsDigests || request.format == .wide { return try printDigests(names, request) }
    return try request.print(Output(names.map { $0 + "\n" }.joined()) { .list(names.map { .string($0) }) })
}

/// Each image and, where the catalogue has it, its digest.
private func printDigests(_ names: [String], _ request: Request) throws -> Int32 {
    let images = names.map { name in
        let at = name.firstIndex(of: "@") ?? name.endIndex
        let digest = name[at...].dropFirst()
        return (name: String(name[..<at]), digest: digest.isEmpty ? nil : String(digest))
    }
    let table = Table(["IMAGE", "DIGEST"], rows: images.map { [$0.name, $0.digest ?? "-"] })
    let unknown = images.count { $0.digest == nil }
    if unknown > 0 {
        request.console.note("no digest is known of \(unknown) of \(images.count) images; a --catalogue may have them")
    }
    var output = Output(table.text(style: request.console.style)) {
        .list(
            images.map { image in
                var map: Mapping = ["image": .string(image.name)]
                if let digest = image.digest { map["digest"] = .string(digest) }
                return .map(map)
            })
    }
    output.names = { names }
    return try request.print(output)
}
