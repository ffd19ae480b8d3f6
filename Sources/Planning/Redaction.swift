package import Values

/// Texts and objects without what is secret in them, for an archive that leaves the organisation.
package enum Redaction {
    /// The object without the data of Secrets, and without values of variables, arguments and texts that look secret.
    package static func object(_ object: Value) -> Value { value(masked(object), key: "") }

    private static func value(_ value: Value, key: String) -> Value {
        switch value {
        case .string(let string): .string(isSecret(key) && !string.isEmpty ? "***" : text(string))
        case .list(let list): .list(list.map { self.value($0, key: "") })
        case .map(let map): .map(self.map(map))
        default: value
        }
    }

    /// A map; of a variable `{name: DB_PASSWORD, value: x}` the name decides.
    private static func map(_ map: Mapping) -> Mapping {
        let name = map["name"]?.string ?? ""
        return Mapping(
            map.map { key, value in
                (key: key, value: self.value(value, key: key == "value" && value.string != nil ? name : key))
            })
    }

    /// Whether what a name stands for is kept from the archive: `DB_PASSWORD`, `apiToken`. A name of a Secret, or of a
    /// file, is no secret.
    private static func isSecret(_ name: String) -> Bool {
        let lowered = name.lowercased()
        guard !["name", "path", "file", "ref"].contains(where: lowered.hasSuffix) else { return false }
        return ["password", "passwd", "token", "credential", "apikey", "api_key", "privatekey", "private_key"]
            .contains(where: lowered.contains) || lowered.hasSuffix("secret")
    }

    /// The text with `***` for private keys, tokens in the form of a JWT, what follows `Bearer` or `Basic`, and passwords
    /// in addresses.
    package static func text(_ text: String) -> String {
        var result = text.coveringPasswords
        if result.contains("PRIVATE KEY-----") { result = withoutPrivateKeys(result) }
        guard result.contains("eyJ") || result.contains("earer ") || result.contains("asic ") else { return result }
        var words: [Substring] = []
        var follows = false
        for word in result.split(separator: " ", omittingEmptySubsequences: false) {
            words.append(follows && !word.isEmpty ? "***" : word.contains("eyJ") ? withoutTokens(word)[...] : word)
            let plain = word.lowercased()
            follows = plain.hasSuffix("bearer") || plain.hasSuffix("basic")
        }
        return words.joined(separator: " ")
    }

    private static func withoutPrivateKeys(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let mark = rest.firstRange(of: "PRIVATE KEY-----") {
            let end = rest[mark.upperBound...].firstRange(of: "PRIVATE KEY-----")
            result += rest[..<mark.upperBound] + "***"
            guard let end else { return result }
            // The dashes of the END line are kept.
            result += "-----END " + rest[end]
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    /// `eyJ…` up to what can be no part of a token.
    private static func withoutTokens(_ word: Substring) -> String {
        var result = ""
        var rest = word
        while let start = rest.firstRange(of: "eyJ")?.lowerBound {
            let token = rest[start...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "._-=+/".contains($0)) }
            result += rest[..<start] + (token.count >= 20 ? "***" : token)
            rest = rest[token.endIndex...]
        }
        return result + rest
    }
}
