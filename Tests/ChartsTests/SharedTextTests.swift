import Charts
import Testing
import Values

/// A text that several templates put through `tpl`.
@Suite struct SharedTextTests {
    private func rendered(_ files: [String: String]) throws -> [String] {
        var chart = try loadChart(files)
        var warnings: [String] = []
        return try ChartRenderer().renderFiles(
            of: &chart, values: Mapping([(key: "text", value: .string(text))]), warnings: &warnings
        )
        .map(\.text.string)
    }

    private let text = "{{ define \"own\" }}own{{ end }}{{ .name }}-{{ template \"own\" . }}"

    @Test func eachTemplateGetsTheTextForItsOwnDot() throws {
        let files: [String: String] = [
            "templates/a.yaml": "{{ tpl .Values.text (dict \"name\" \"a\") }}",
            "templates/b.yaml": "{{ tpl .Values.text (dict \"name\" \"b\") }}",
        ]
        #expect(try rendered(files) == ["a-own", "b-own"])
    }

    @Test func whatTheTextDefinesIsUnknownOutsideOfIt() {
        #expect(throws: ChartRenderError.self) {
            try rendered([
                "templates/a.yaml": "{{ tpl .Values.text . }}{{ include \"own\" . }}",
                "templates/b.yaml": "{{ tpl .Values.text . }}",
            ])
        }
    }
}
