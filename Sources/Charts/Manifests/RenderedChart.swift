import GoTemplate
package import Values

/// A chart and its rendered files, objects and hooks.
package struct RenderedChart: Sendable {
    /// The chart as rendered, without the dependencies that are switched off.
    package let chart: Chart
    /// The outputs of the templates as they came out, sorted by path.
    package let files: [Rendered]
    /// The documents to apply, in Helm's order of installation.
    package let manifests: [Manifest]
    package let hooks: [Hook]

    /// The text of the root chart's `NOTES.txt`.
    package var notes: Text {
        let path = Text(chart.name + "/templates/NOTES.txt")
        return files.first { $0.path == path }?.text ?? ""
    }

    /// The release's manifest as Helm records it: each document under a line that names its template. With
    /// `includingCRDs`, the files below `crds/` come first.
    package func manifest(includingCRDs: Bool = false) -> Text {
        var output: [UInt8] = []
        if includingCRDs {
            for file in chart.customResourceFiles { append(Text(file.path), file.data, to: &output) }
        }
        for manifest in manifests { append(Text(manifest.path), manifest.content, to: &output) }
        return Text(output)
    }

    /// What `helm template` prints: the manifest without white space around it, then the hooks.
    package func templateOutput(
        includingCRDs: Bool = false, skippingTests: Bool = false, skippingHooks: Bool = false
    ) -> Text {
        var output = manifest(includingCRDs: includingCRDs).trimmingSpace.bytes
        output.append(UInt8(ascii: "\n"))
        for hook in hooks where !skippingHooks && !(skippingTests && hook.events.contains("test")) {
            append(Text(hook.path), hook.content, to: &output)
        }
        return Text(output)
    }

    /// What `helm template --show-only` prints for these patterns of paths below the chart's folder.
    package func templateOutput(
        showingOnly patterns: [String], includingCRDs: Bool = false, skippingTests: Bool = false
    ) throws(NoSuchTemplate) -> Text {
        let all = templateOutput(includingCRDs: includingCRDs, skippingTests: skippingTests)
        let documents = splitManifests(all).map { (text: $0, path: sourcePath(of: $0)) }
        var output: [UInt8] = []
        for pattern in patterns {
            let matcher = try? ShellPattern(pattern)
            let found = documents.filter { document in
                guard let path = document.path else { return false }
                return matcher?.matches(path) ?? false
            }
            if found.isEmpty { throw NoSuchTemplate(pattern: pattern) }
            for document in found { output += Array("---\n".utf8) + document.text.bytes + [UInt8(ascii: "\n")] }
        }
        return Text(output)
    }

    /// The output of one template as it came out, for a path below the chart's folder.
    package func rawOutput(of path: String) throws(NoSuchTemplate) -> Text {
        try files.rawOutput(of: path, in: chart)
    }

    func append(_ path: Text, _ content: Text, to output: inout [UInt8]) {
        output += "---\n# Source: ".utf8
        path.withBytes { output.append(contentsOf: $0) }
        output.append(UInt8(ascii: "\n"))
        content.withBytes { output.append(contentsOf: $0) }
        output.append(UInt8(ascii: "\n"))
    }

    /// What follows the chart's name in the first `# Source:` line; `nil` without one.
    private func sourcePath(of document: Text) -> String? {
        for line in document.string.utf8.split(separator: UInt8(ascii: "\n")) {
            let marker = Array("# Source: ".utf8)
            guard
                let start = (0...max(0, line.count - marker.count)).first(where: {
                    line.dropFirst($0).starts(with: marker)
                })
            else { continue }
            let path = line.dropFirst(start + marker.count)
            guard let slash = path.firstIndex(of: UInt8(ascii: "/")), slash > path.startIndex else { continue }
            let rest = path[path.index(after: slash)...]
            if !rest.isEmpty { return String(Substring(rest)) }
        }
        return nil
    }
}

extension [Rendered] {
    /// The outputs of the templates that a path or pattern below the chart's folder names, as they came out.
    package func rawOutput(of pattern: String, in chart: Chart) throws(NoSuchTemplate) -> Text {
        let matcher = try? ShellPattern(SlashPath.join(chart.name, pattern))
        let found = filter { matcher?.matches($0.path.string) ?? false }
        if found.isEmpty { throw NoSuchTemplate(pattern: pattern) }
        return found.rawOutput
    }

    /// All outputs, one after the other.
    package var rawOutput: Text { Text(flatMap(\.text.bytes)) }
}

/// A template that `--show-only` names and the chart does not have.
package struct NoSuchTemplate: Error, CustomStringConvertible {
    package var pattern: String
    package var description: String { "could not find template \(pattern) in chart" }
}

extension Rendered {
    /// Whether Helm takes the file for notes: by its name's end, wherever it is.
    var isNotes: Bool {
        path.withBytes { $0.suffix(9).elementsEqual("NOTES.txt".utf8) }
    }
}

extension Text {
    /// Without the white space around it, as Go's TrimSpace.
    var trimmingSpace: Text {
        withBytes { bytes in
            var start = 0
            var end = bytes.count
            while start < end {
                let (rune, width) = decodeRune(bytes, at: start)
                guard Unicode.Scalar(rune)?.properties.isWhitespace == true else { break }
                start += width
            }
            while end > start, bytes[end - 1] < 0x80, Unicode.Scalar(bytes[end - 1]).properties.isWhitespace {
                end -= 1
            }
            return Text(bytes[start..<end])
        }
    }
}
