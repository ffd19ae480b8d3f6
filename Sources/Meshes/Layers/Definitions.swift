import Charts
import Istio
import Values

/// The custom resource definitions of sail's own base chart as a release has them.
///
/// The files of charts/base/crds hold the definitions of the newest released minor. What a later minor adds is in
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
    guard text.hasPrefix("## "), let head = text.firstIndex(of: "\n") else { return nil }
    var parts: [Text] = []
    var rest = head + 1
    while let mark = text.firstIndex(of: "\n# 1.", from: rest - 1) {
        let line = mark + 1
        let next = text.firstIndex(of: "\n", from: line).map { $0 + 1 } ?? text.count
        parts.append(text[rest..<line])
        if let colon = text.firstIndex(of: ": ", from: line), colon < next,
            let since = Int(text[(line + "# 1.".utf8.count)..<colon].string)
        {
            if since <= minor { parts.append(text[min(colon + 2, next)..<next]) }
        } else {
            parts.append(text[line..<next])
        }
        rest = next
    }
    return Text.joined(parts + [text[rest..<text.count]], by: "")
}
