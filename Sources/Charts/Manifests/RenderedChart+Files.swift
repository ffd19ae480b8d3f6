package import Values

extension RenderedChart {
    /// What `helm template --output-dir` writes: each document, in the order in which it is written, with the file that it
    /// is added to.
    package func fileOutput(
        includingCRDs: Bool = false, skippingTests: Bool = false, skippingHooks: Bool = false
    ) -> [(path: String, text: Text)] {
        var parts: [(path: String, text: Text)] = []
        if includingCRDs { parts += chart.customResourceFiles.map { ($0.path, $0.data) } }
        parts += manifests.map { ($0.path, $0.content) }
        parts += hooks.filter { !skippingHooks && !(skippingTests && $0.events.contains("test")) }
            .map { ($0.path, $0.content) }
        return parts.map { part in
            var bytes: [UInt8] = []
            append(Text(part.path), part.text, to: &bytes)
            return (part.path, Text(bytes))
        }
    }
}

extension [Rendered] {
    /// What `helm template --debug` prints where a document cannot be read: every output as it came out.
    package var debugOutput: Text {
        let shown = filter { !$0.isNotes && !$0.text.trimmingSpace.isEmpty }
        return shown.reduce(Text("")) { text, file in
            text + Text("---\n# Source: \(file.path.string)\n") + file.text + Text("\n")
        }
    }
}
