import Glibc
import Values
import YAML

/// embed-assets ROOT OUTPUT FOLDER…: writes the texts of all files below the folders of ROOT into a Swift file, and what
/// their YAML files of settings hold as JSON, which is read in a tenth of the time.
func main(_ arguments: [String]) -> Int32 {
    guard arguments.count > 3 else {
        complain("usage: embed-assets ROOT OUTPUT FOLDER…\n")
        return 2
    }
    let root = arguments[1]
    let paths = arguments[3...].flatMap { files(below: $0, in: root) }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var source = Array(
        "/// Paths in the order of their bytes.\nlet embeddedFiles: [(path: String, text: String)] = [\n".utf8)
    for path in paths {
        guard let text = contents(of: root + "/" + path), String(validating: text, as: UTF8.self) != nil else {
            complain("\(root)/\(path): not readable as UTF-8 text; embed text only\n")
            return 1
        }
        source += Array("    (\"\(path)\", \"".utf8) + literal(text) + Array("\"),\n".utf8)
    }
    source += Array("]\n".utf8)
    guard let values = embeddedValues(paths.filter(holdsSettings), root) else { return 1 }
    source += values
    guard let file = fopen(arguments[2], "w"), fwrite(source, 1, source.count, file) == source.count, fclose(file) == 0
    else {
        complain("\(arguments[2]): cannot be written\n")
        return 1
    }
    return 0
}

/// Whether a file is YAML that the program reads as a value whenever it runs.
func holdsSettings(_ path: String) -> Bool {
    path.hasPrefix("profiles/") && path.hasSuffix(".yaml") || path.hasSuffix("/values.yaml")
        || path == "charts/versions.yaml"
}

/// The table of those files' values as JSON, the keys in the order of the file.
func embeddedValues(_ paths: [String], _ root: String) -> [UInt8]? {
    var source = Array(
        "\n/// Paths in the order of their bytes.\nlet embeddedValues: [(path: String, json: String)] = [\n".utf8)
    for path in paths {
        guard let text = contents(of: root + "/" + path), let value = try? Value(yaml: text, numbers: .native) else {
            complain("\(root)/\(path): not readable as YAML\n")
            return nil
        }
        source += Array("    (\"\(path)\", \"".utf8) + literal(Array(json(value).utf8)) + Array("\"),\n".utf8)
    }
    return source + Array("]\n".utf8)
}

func json(_ value: Value) -> String {
    switch value {
    case .list(let elements): "[" + elements.map(json).joined(separator: ",") + "]"
    case .map(let map): "{" + map.map { json(.string($0.key)) + ":" + json($0.value) }.joined(separator: ",") + "}"
    default: (try? value.json(escapingHTML: false)) ?? "null"
    }
}

func complain(_ message: String) {
    _ = Array(message.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// The inside of a Swift string literal for the text.
func literal(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count + text.count / 16)
    for byte in text {
        switch byte {
        case UInt8(ascii: "\n"): result += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        case UInt8(ascii: "\r"): result += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
        case UInt8(ascii: "\t"): result += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
        case 0..<32, 127: result += Array("\\u{\(String(byte, radix: 16))}".utf8)
        default: result.append(byte)
        }
    }
    return result
}

/// Paths relative to `root` of the files below `folder`. Hidden files save .helmignore, a chart's README.md and its folder
/// ci/ are left out.
func files(below folder: String, in root: String) -> [String] {
    guard let directory = opendir(root + "/" + folder) else { return [] }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if (name.hasPrefix(".") && name != ".helmignore") || name == "README.md" || name == "ci" { continue }
        let path = folder + "/" + name
        found += isFolder(root + "/" + path) ? files(below: path, in: root) : [path]
    }
    return found
}

func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
    return ferror(file) == 0 ? bytes : nil
}

exit(main(CommandLine.arguments))
