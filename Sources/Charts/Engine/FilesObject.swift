import GoTemplate
import Values
import YAML

/// What templates see as `.Files`: a map from paths to bytes with methods of its own (Helm's engine.files).
struct FilesObject: Sendable {
    private static let type = GoType.named("engine.files", underlying: .map(bytesType))
    private static let bytesType = GoType.slice(.integer(.uint8))

    private let contents: [Text: Text]

    init(_ files: [ChartFile]) {
        contents = Dictionary(files.map { (Text($0.name), $0.data) }) { _, last in last }
    }

    private init(contents: [Text: Text]) {
        self.contents = contents
    }

    /// The map itself. Its entries, whose bytes are many values, are made only where a template looks at them.
    var map: Map {
        let contents = contents
        return Map(type: FilesObject.type, methods: methods) { contents.mapValues(FilesObject.bytes) }
    }

    private static func bytes(_ text: Text) -> GoValue {
        let byte = GoType.integer(.uint8)
        return .list(List(text.bytes.map { .uint(UInt($0), byte) }, type: bytesType))
    }

    private var methods: Methods {
        let files = self
        return { _, name in
            guard let method = FilesObject.table[name] else { return nil }
            return Function(name, method.parameters, returns: method.result) { arguments in
                try method.body(files, Text(arguments.firstText))
            }
        }
    }

    private struct Method: Sendable {
        var parameters: [GoType]
        var result: GoType
        var body: @Sendable (FilesObject, Text) throws -> GoValue
    }

    private static let table: [Text: Method] = [
        "Get": Method(parameters: [.string], result: .string) { files, name in .string(files.contents[name] ?? "") },
        "GetBytes": Method(parameters: [.string], result: bytesType) { files, name in
            bytes(files.contents[name] ?? "")
        },
        "Glob": Method(parameters: [.string], result: type) { files, pattern in .map(files.matching(pattern).map) },
        "AsConfig": Method(parameters: [], result: .string) { files, _ in files.yaml { $0.string } },
        "AsSecrets": Method(parameters: [], result: .string) { files, _ in files.yaml { base64($0.bytes) } },
        "Lines": Method(parameters: [.string], result: .stringSlice) { files, name in try files.lines(name) },
    ]

    /// The files whose paths match; all of them for a pattern that cannot be read (Helm's rule).
    private func matching(_ pattern: Text) -> FilesObject {
        guard let glob = Glob(pattern) else { return self }
        return FilesObject(contents: contents.filter { glob.matches($0.key) })
    }

    /// The lines of a file, without the newline that ends the last one; an empty file is one too short for Helm.
    private func lines(_ name: Text) throws -> GoValue {
        guard let text = contents[name] else { return .strings([]) }
        if text.isEmpty { throw FunctionError("runtime error: index out of range [-1]") }
        var bytes = text.bytes[...]
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return .strings(bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Text($0) })
    }

    /// A YAML map from the files' base names, of which the last by path wins, to their texts.
    private func yaml(_ text: (Text) -> String) -> GoValue {
        var entries = Mapping()
        for (path, content) in contents.sorted(by: { $0.key < $1.key }) {
            entries[SlashPath.base(of: path.string)] = .string(text(content))
        }
        // Helm's toYaml: nothing where there is an error, and no newline at the end.
        guard var yaml = try? Value.map(entries).yaml() else { return .string("") }
        if yaml.utf8.last == UInt8(ascii: "\n") { yaml.removeLast() }
        return .string(yaml)
    }
}
