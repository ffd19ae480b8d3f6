package import Values
internal import YAML

extension Value {
    /// The value as `-o yaml` prints it.
    package func printedYAML() throws -> [UInt8] { try yamlBytes() }
}

/// One stream of YAML documents, each after `---` and, where it has one, a line of comment.
package func yamlStream(_ documents: [(comment: String?, value: Value)]) throws -> [UInt8] {
    try documents.flatMap { comment, value in
        try Array("---\n".utf8) + Array((comment.map { "# \($0)\n" } ?? "").utf8) + value.printedYAML()
    }
}
