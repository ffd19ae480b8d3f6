import Arguments
import Meshes
import Values

/// What can follow in `--set a.b=1,c.d`: the keys below the last one, and after a key its equals sign.
func settingKeys(_ line: PartialLine) -> [Candidate] {
    let (before, key) = split(line.typed, after: ",")
    // A value can be anything.
    if key.utf8.contains(UInt8(ascii: "=")) { return [] }
    return keys(key).map { Candidate(before + $0.path + ($0.key.isMap ? "." : "="), help: $0.key.help) }
}

/// What can follow in `--explain a.b`: the keys below the last dot.
func explainedKeys(_ line: PartialLine) -> [Candidate] {
    keys(line.typed).map { Candidate($0.path + ($0.key.isMap ? "." : ""), help: $0.key.help) }
}

/// The keys that may stand where a dotted path ends, with their whole paths.
private func keys(_ typed: String) -> [(path: String, key: ValueKey)] {
    let (before, _) = split(typed, after: ".")
    // Elements of a list have the keys of the list.
    let path = before.split(separator: ".").map { String($0.prefix { $0 != "[" }) }
    return valueKeys(below: path).map { (before + $0.name, $0) }
}

/// The text up to the last mark, with it, and the rest. A mark after a backslash is part of a key.
private func split(_ text: String, after mark: Character) -> (before: String, rest: String) {
    var last = text.startIndex
    var isEscaped = false
    for index in text.indices {
        if text[index] == mark, !isEscaped { last = text.index(after: index) }
        isEscaped = text[index] == "\\" && !isEscaped
    }
    return (String(text[..<last]), String(text[last...]))
}
