import Istio
import Meshes
import Operations
import Terminal
import Values
import YAML

/// `sail values`
func printValues(_ request: Request) throws -> Int32 {
    let mesh = try request.options.mesh()
    if let key = request.explain { return try explain(key, mesh, request) }
    let composed = mesh.parts.map { (name: $0.component.rawValue, values: Value.map($0.composedValues)) }
    return try request.print(
        Output(try composed.map { "---\n# \($0.name)\n" + (try $0.values.yaml()) }.joined()) {
            .map(Mapping(composed.map { (key: $0.name, value: $0.values) }))
        })
}

private func explain(_ key: String, _ mesh: Mesh, _ request: Request) throws -> Int32 {
    let rows = try mesh.explanation(of: key)
    var table = Table(["COMPONENT", "LAYER", "VALUE"])
    for row in rows { table.append([row.component.rawValue, row.layer, try row.value.json(escapingHTML: false)]) }
    return try request.print(
        Output(table.text(width: request.console.width, style: request.console.style)) {
            .list(
                rows.map { row in
                    ["component": .string(row.component.rawValue), "layer": .string(row.layer), "value": row.value]
                })
        })
}
