package import Values

/// What is stored of a program that the user gave a run: enough to ask for it again, and nothing that could be run.
package struct StoredCommand: Sendable, Equatable {
    /// The program's name without its folder.
    package let name: String
    /// The SHA-256 of the program and its arguments in hexadecimal; empty where what is stored is no digest.
    package let digest: String

    package init(name: String, digest: String) {
        (self.name, self.digest) = (name, digest)
    }

    /// The commands among the stored settings of a release record, each under the name of its flag.
    static func all(_ request: Value) -> [String: StoredCommand] {
        var commands: [String: StoredCommand] = [:]
        for (flag, value) in request["commands"]?.map ?? Mapping() {
            commands[flag] = StoredCommand(
                name: value["name"]?.string ?? "", digest: value["digest"]?.string.flatMap(storedDigest) ?? "")
        }
        return commands
    }

    /// As it is stored.
    package var note: Value { ["name": .string(name), "digest": .string("sha256:" + digest)] }
}

/// The hexadecimal digits of `sha256:…`; `nil` for another form.
func storedDigest(_ text: String) -> String? {
    guard text.hasPrefix("sha256:") else { return nil }
    let digits = String(text.dropFirst("sha256:".count))
    let isHex = digits.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
    }
    return digits.utf8.count == 64 && isHex ? digits : nil
}
