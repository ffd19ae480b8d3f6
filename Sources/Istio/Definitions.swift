import Charts
import Values

/// The custom resource definitions of sail's own base chart as a release has them.
///
/// The files of charts/base/crds hold the definitions of the newest released minor. What a later minor adds stands in
/// them as comments, `# 1.31:  text of the line`; a file that has such lines begins with a line of `##`. Helm and
/// kubectl read the comments as such.
extension Chart {
    /// The chart with the definitions of Istio 1.MINOR.
    func withDefinitions(ofMinor minor: Int) -> Chart {
        var chart = self
        for index in chart.files.indices where chart.files[index].name.utf8.starts(with: "crds/".utf8) {
            if let text = definition(chart.files[index].data, ofMinor: minor) { chart.files[index].data = text }
        }
        return chart
    }
}

/// The text of a definition for Istio 1.MINOR; `nil` where it is the same for all.
func definition(_ text: Text, ofMinor minor: Int) -> Text? {
    guard text.hasPrefix("## ") else { return nil }
    let lines = text.split(by: "\n").dropFirst().compactMap { line -> Text? in
        guard line.hasPrefix("# 1."), let end = line.firstIndex(of: ": ") else { return line }
        guard let since = Int(line[4..<end].string) else { return line }
        return since <= minor ? line[(end + 2)..<line.count] : nil
    }
    return Text.joined(lines, by: "\n")
}
