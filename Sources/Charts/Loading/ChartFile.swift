package import Values

/// A file of a chart: its path below the chart's folder, with `/` between parts, and its bytes.
package struct ChartFile: Sendable, Equatable {
    package var name: String
    package var data: Text

    package init(name: String, data: Text) {
        self.name = name
        self.data = data
    }
}
