import GoTemplate
import Sprig
import Values

extension Metadata {
    /// Makes spaces of white space, drops what cannot be printed, and refuses what Helm refuses.
    mutating func validate() throws(ChartError) {
        for path in Metadata.sanitized { self[keyPath: path] = sanitize(self[keyPath: path]) }
        sources = sources?.map(sanitize)
        keywords = keywords?.map(sanitize)
        if apiVersion.isEmpty { throw .invalid("chart.metadata.apiVersion is required") }
        if name.isEmpty { throw .invalid("chart.metadata.name is required") }
        if name == "." || name == ".." { throw .invalid("chart.metadata.name \(quoted(name)) is not allowed") }
        if !name.hasSameBytes(as: SlashPath.base(of: name)) {
            throw .invalid("chart.metadata.name \(quoted(name)) is invalid")
        }
        if version.isEmpty { throw .invalid("chart.metadata.version is required") }
        if !TextForms.isVersion(Text(version)) {
            throw .invalid("chart.metadata.version \(quoted(version)) is invalid")
        }
        if !["", "application", "library"].contains(type) {
            throw .invalid("chart.metadata.type must be application or library")
        }
        try validateMaintainers()
        try validateDependencies()
    }

    private static let sanitized: [any WritableKeyPath<Metadata, String> & Sendable] = [
        \.name, \.description, \.home, \.icon, \.condition, \.tags, \.appVersion, \.kubeVersion,
    ]

    private mutating func validateMaintainers() throws(ChartError) {
        guard let maintainers else { return }
        for (index, entry) in maintainers.enumerated() {
            guard var maintainer = entry else {
                throw .invalid("maintainers must not contain empty or null nodes")
            }
            maintainer.name = sanitize(maintainer.name)
            maintainer.email = sanitize(maintainer.email)
            maintainer.url = sanitize(maintainer.url)
            self.maintainers?[index] = maintainer
        }
    }

    private mutating func validateDependencies() throws(ChartError) {
        guard let dependencies else { return }
        var names: Set<Text> = []
        for (index, entry) in dependencies.enumerated() {
            guard var dependency = entry else {
                throw .invalid("dependencies must not contain empty or null nodes")
            }
            try dependency.validate()
            self.dependencies?[index] = dependency
            let key = dependency.alias.isEmpty ? dependency.name : dependency.alias
            if !names.insert(Text(key)).inserted {
                throw .invalid("more than one dependency with name or alias \(quoted(key))")
            }
        }
    }
}

extension Dependency {
    fileprivate mutating func validate() throws(ChartError) {
        name = sanitize(name)
        version = sanitize(version)
        repository = sanitize(repository)
        condition = sanitize(condition)
        tags = tags?.map(sanitize)
        let isPlain = alias.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        if !isPlain { throw .invalid("dependency \(quoted(name)) has disallowed characters in the alias") }
    }
}

/// The text with a space for each white space and without what Go calls not printable.
private func sanitize(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        if scalar.properties.isWhitespace {
            result.unicodeScalars.append(" ")
        } else if isPrintable(scalar) {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}
