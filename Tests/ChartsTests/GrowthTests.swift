import Testing
import Values

@testable import Charts

/// Ten and a thousand times the objects cost in proportion.
@Suite(.serialized) struct GrowthTests {
    private func seconds(_ count: Int) throws -> Double {
        let object = "kind: ConfigMap\nmetadata:\n  name: n{{ $i }}\ndata:\n  k: {{ $.Values.v | quote }}\n---\n"
        let chart = try loadChart([
            "templates/a.yaml": "{{ range $i := until \(count) }}\(object){{ end }}", "values.yaml": "v: x\n",
        ])
        let clock = ContinuousClock()
        let duration = try clock.measure {
            var warnings: [String] = []
            let result = try ChartRenderer().render(chart, values: [:], warnings: &warnings)
            #expect(result.manifests.count == count)
            #expect(result.templateOutput().count > count * 40)
        }
        return Double(duration.components.attoseconds) / 1e18 + Double(duration.components.seconds)
    }

    @Test func timeGrowsWithTheNumberOfObjects() throws {
        _ = try seconds(20)
        let few = try seconds(100)
        let many = try seconds(2000)
        #expect(many < few * 60, "20 times the objects took \(many / few) times as long")
    }

    @Test func timeGrowsWithTheValues() throws {
        func seconds(_ count: Int) throws -> Double {
            let values = Mapping(
                (0..<count).map { (key: "key\($0)", value: ["a": .double(Double($0)), "b": "text", "c": ["x", "y"]]) })
            var chart = try loadChart(["templates/a.yaml": "a: {{ len .Values }}"])
            chart.values = values
            let clock = ContinuousClock()
            let duration = try clock.measure {
                var warnings: [String] = []
                _ = try ChartRenderer().render(chart, values: values, warnings: &warnings)
            }
            return Double(duration.components.attoseconds) / 1e18 + Double(duration.components.seconds)
        }
        _ = try seconds(100)
        let few = try seconds(1000)
        let many = try seconds(20000)
        #expect(many < few * 60, "20 times the values took \(many / few) times as long")
    }
}
