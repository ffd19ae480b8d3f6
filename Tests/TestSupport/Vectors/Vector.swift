import Foundation
package import Values

/// What real Helm answered to one small input (`Tests/Fixtures/vectors`, whose README is `docs/vectors.md`'s source).
package struct Vector: Sendable {
    package let id: String
    package let area: String
    package let feature: String
    /// Every field as it stands in the file.
    package let fields: Value

    package init?(_ fields: Value) {
        guard let id = fields["id"]?.string, let area = fields["area"]?.string, let feature = fields["feature"]?.string
        else { return nil }
        self.id = id
        self.area = area
        self.feature = feature
        self.fields = fields
    }

    /// `nil`: render a chart.
    package var operation: String? { fields["op"]?.string }

    /// Whether the answer holds in the local time zone; some speak of UTC only.
    package var isForThisZone: Bool {
        guard let zone = fields["tz"]?.string else { return true }
        return TimeZone.current.identifier == zone || zone == "UTC" && TimeZone.current.secondsFromGMT() == 0
    }

    /// All vectors of a file.
    package static func read(_ path: String) throws -> [Vector] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try data.split(separator: 0x0A).compactMap { line in
            let fields = try Value(json: Array(line))
            return Vector(fields)
        }
    }

    /// The files of vectors in the repository.
    package static let folder = Repository.fixtures.appendingPathComponent("vectors").path
}

/// What was made of a vector's input.
package struct Answer: Sendable, Equatable {
    /// Text by path, or the one text of a parsing operation under "".
    package var files: [String: Text] = [:]
    /// Where among the files the output of `template` is.
    package var mainPath: String
    package var error: Text?
    package var warnings: [String] = []

    package init(
        files: [String: Text] = [:], mainPath: String = "", error: Text? = nil, warnings: [String] = []
    ) {
        self.files = files
        self.mainPath = mainPath
        self.error = error
        self.warnings = warnings
    }
}

extension Vector {
    /// Where the answer differs from Helm's, in words for a person; `nil` where it does not.
    package func difference(from answer: Answer) -> String? {
        if let difference = errorDifference(answer.error) { return difference }
        if answer.error != nil { return nil }
        if let difference = outputDifference(answer) { return difference }
        let warnings = (fields["warnings"]?.list ?? []).compactMap(\.string)
        return warnings == answer.warnings.sorted()
            ? nil : "warnings\n    expected \(warnings)\n    got      \(answer.warnings.sorted())"
    }

    private func errorDifference(_ error: Text?) -> String? {
        if let expected = fields["error"]?.string {
            guard let error else { return "no error\n    expected \(expected.debugDescription)" }
            return error == Text(expected)
                ? nil
                : "error\n    expected \(expected.debugDescription)\n    got      \(error.string.debugDescription)"
        }
        if let prefix = fields["errorPrefix"]?.string, let suffix = fields["errorSuffix"]?.string {
            guard let error else { return "no error\n    expected \(prefix.prefix(200).debugDescription)" }
            let matches =
                error.string.hasPrefix(prefix) && error.string.hasSuffix(suffix)
                && error.count == fields["errorLength"]?.int
            return matches
                ? nil
                : """
                long error (\(fields["errorLength"]?.int ?? 0) bytes, got \(error.count))
                    expected \(prefix.prefix(300).debugDescription)
                    got      \(error.string.prefix(300).debugDescription)
                    end of it expected \(suffix.suffix(200).debugDescription)
                    got                \(error.string.suffix(200).debugDescription)
                """
        }
        return error.map { "unexpected error\n    \($0.string.debugDescription)\n    expected \(expectedText)" }
    }

    private var expectedText: String {
        fields["expect"]?.string?.debugDescription ?? "\(fields["expectFiles"] ?? .null)"
    }

    private func outputDifference(_ answer: Answer) -> String? {
        let files = answer.files
        let expected = expectedFiles(mainPath: answer.mainPath)
        for path in Set(expected.keys).union(files.keys).sorted() where expected[path] != files[path] {
            let texts = [expected[path], files[path]].map { $0?.string.debugDescription ?? "no such file" }
            return "\(path)\n    expected \(texts[0])\n    got      \(texts[1])"
        }
        return nil
    }

    private func expectedFiles(mainPath: String) -> [String: Text] {
        if let files = fields["expectFiles"]?.map {
            return Dictionary(uniqueKeysWithValues: files.map { ($0.key, Text($0.value.string ?? "")) })
        }
        guard let text = fields["expect"]?.string else { return [:] }
        return [mainPath: Text(text)]
    }
}
