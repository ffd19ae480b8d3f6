import Foundation
import Testing
import Values

@testable import Charts

/// Twenty times the objects or values cost about twenty times as much; a square of it would be four hundred times.
@Suite(.serialized) struct GrowthTests {
    /// The least time of three runs that this thread needs, in seconds; what else runs does not count.
    private func seconds(_ work: () throws -> Void) rethrows -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        var least = Double.infinity
        for _ in 0..<3 {
            let start = now()
            try work()
            least = min(least, now() - start)
        }
        return least
    }

    @Test func timeGrowsWithTheNumberOfObjects() throws {
        func rendering(_ count: Int) throws -> Double {
            let object = "kind: ConfigMap\nmetadata:\n  name: n{{ $i }}\ndata:\n  k: {{ $.Values.v | quote }}\n---\n"
            let chart = try loadChart([
                "templates/a.yaml": "{{ range $i := until \(count) }}\(object){{ end }}", "values.yaml": "v: x\n",
            ])
            return try seconds {
                var warnings: [String] = []
                let result = try ChartRenderer().render(chart, values: [:], warnings: &warnings)
                #expect(result.manifests.count == count)
                #expect(result.templateOutput().count > count * 40)
            }
        }
        let few = try rendering(100)
        let many = try rendering(2000)
        #expect(many < few * 80, "20 times the objects took \(many / few) times as long")
    }

    @Test func timeGrowsWithTheValues() throws {
        func rendering(_ count: Int) throws -> Double {
            let values = Mapping(
                (0..<count).map { (key: "key\($0)", value: ["a": .double(Double($0)), "b": "text", "c": ["x", "y"]]) })
            var chart = try loadChart(["templates/a.yaml": "a: {{ len .Values }}"])
            chart.values = values
            return try seconds {
                var warnings: [String] = []
                _ = try ChartRenderer().render(chart, values: values, warnings: &warnings)
            }
        }
        let few = try rendering(1000)
        let many = try rendering(20000)
        #expect(many < few * 80, "20 times the values took \(many / few) times as long")
    }
}
