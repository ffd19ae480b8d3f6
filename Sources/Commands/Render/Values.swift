import Istio
import Meshes
import Operations
import Terminal
import Values

/// `sail values`
func printValues(_ request: Request) throws -> Int32 {
    let mesh = try request.options.mesh()
    if request.wantsSchema {
        let schema = mesh.valuesSchema
        let output = Output {
            Array((try schema.json(escapingHTML: false, indentation: .init()) + "\n").utf8)
        } value: {
            schema
        }
        return try request.print(output)
    }
    if let key = request.explain { return try explain(key, mesh, request) }
    let composed = mesh.parts.map { (name: $0.component.rawValue, values: Value.map($0.composedValues)) }
    return try request.print(
        Output(String(decoding: try yamlStream(composed.map { ($0.name, $0.values) }), as: UTF8.self)) {
            .map(Mapping(composed.map { (key: $0.name, value: $0.values) }))
        })
}

private func explain(_ key: String, _ mesh: Mesh, _ request: Request) throws -> Int32 {
    let explanation = try mesh.explanation(of: key)
    return try request.print(Output(explanation.text(request.console)) { explanation.value })
}

extension KeyExplanation {
    fileprivate func text(_ console: Console) throws -> String {
        var text = console.labelled(try summary)
        if !keys.isEmpty {
            text += wrap(keys.joined(separator: ", "), width: max(20, console.width - 2)).map { "  \($0)\n" }.joined()
        }
        guard isSet else { return text + "no layer sets it\n" }
        var table = Table(["COMPONENT", "LAYER", "VALUE"])
        for row in layers {
            table.append([row.component.rawValue, row.layer, try row.value.json(escapingHTML: false)])
        }
        return text + "\n" + table.text(width: console.window, style: console.style)
    }

    /// What all readers have in common in one line, else a line for each.
    private var summary: [(label: String, text: String)] {
        get throws {
            guard !readers.isEmpty else { return [("read by", "no component")] }
            let types = Set(readers.map(\.type))
            let names = readers.map(\.component.rawValue).joined(separator: ", ")
            var rows: [(label: String, text: String)] = [("read by", names)]
            for reader in types.count == 1 ? readers.prefix(1) : readers[...] {
                rows.append((types.count == 1 ? "type" : "type in \(reader.component)", reader.type))
            }
            let defaults = try readers.map { try $0.defaultValue?.json(escapingHTML: false) ?? "none" }
            let isSame = Set(defaults).count == 1
            for (reader, text) in zip(readers, defaults).prefix(isSame ? 1 : readers.count) {
                rows.append((isSame ? "default" : "default in \(reader.component)", text))
            }
            if !keys.isEmpty { rows.append(("keys", "\(keys.count), below")) }
            return rows
        }
    }

    /// The keys that some reader knows by name.
    private var keys: [String] {
        Set(readers.flatMap(\.keys)).sorted { $0.precedesByBytes($1) }
    }

    fileprivate var value: Value {
        [
            "key": .string(key),
            "readers": .list(
                readers.map { reader in
                    [
                        "component": .string(reader.component.rawValue), "type": .string(reader.type),
                        "default": reader.defaultValue ?? .null, "keys": .list(reader.keys.map(Value.string)),
                    ]
                }),
            "isSet": .bool(isSet),
            "layers": .list(
                layers.map { row in
                    ["component": .string(row.component.rawValue), "layer": .string(row.layer), "value": row.value]
                }),
        ]
    }
}
