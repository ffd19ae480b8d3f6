package import GoTemplate
package import Values

/// Answers `lookup apiVersion kind namespace name`.
package typealias Lookup = @Sendable (_ arguments: [Text]) throws -> Map

/// A template to render, of whichever chart of the tree.
package struct Renderable {
    /// `chart/charts/sub/templates/file.yaml`
    package var path: Text
    package var text: Text
    /// `chart/charts/sub/templates`
    package var basePath: Text
    /// The dot: the chart's `.Values`, `.Release` and so on. `.Template` is set in it.
    package var dot: Map

    package init(path: Text, text: Text, basePath: Text, dot: Map) {
        self.path = path
        self.text = text
        self.basePath = basePath
        self.dot = dot
    }
}

/// What came out of a template.
package struct Rendered: Sendable, Equatable {
    package var path: Text
    package var text: Text

    package init(path: Text, text: Text) {
        self.path = path
        self.text = text
    }
}

/// Why a chart does not render, in Helm's words.
package struct RenderError: Error, Equatable, Sendable, CustomStringConvertible {
    package var message: Text

    package init(_ message: Text) {
        self.message = message
    }

    package var description: String { message.string }
}

/// Helm's engine: renders the templates of a chart and its subcharts, which share their definitions.
package struct Engine: Sendable {
    /// Whether a missing key is an error.
    package var isStrict: Bool
    package var limits = Limits()
    private let functions: FunctionTable

    /// Without `lookup` there is no cluster, and every look-up gives an empty map. `functions` replace Helm's own.
    package init(
        isStrict: Bool = false, lookup: @escaping Lookup = { _ in Map() }, functions: [Function] = []
    ) {
        self.isStrict = isStrict
        self.functions = EngineFunctions.table(lookup: lookup, including: functions)
    }

    /// The output of every template but the partials (`_name`), in the order of rendering.
    ///
    /// Throws `RenderError`.
    package func render(_ templates: [Renderable]) throws -> [Rendered] {
        let templates = Engine.ordered(templates)
        let set = try parse(templates)
        let parsedTexts = ParsedTexts()
        return try templates.filter { !$0.isPartial }.map { template in
            let names: [Text: GoValue] = ["Name": .string(template.path), "BasePath": .string(template.basePath)]
            template.dot["Template"] = .map(Map(names, type: .commonValues))
            return Rendered(path: template.path, text: try run(template, of: set, parsedTexts))
        }
    }

    private func parse(_ templates: [Renderable]) throws -> TemplateSet {
        var set = TemplateSet(name: "gotpl", functions: functions)
        for template in templates {
            do {
                try set.parse(template.text, name: template.path)
            } catch let error as ParseError {
                throw RenderError.parse(error.message, of: template.path)
            }
        }
        return set
    }

    private func run(_ template: Renderable, of set: TemplateSet, _ parsedTexts: ParsedTexts) throws -> Text {
        do {
            let output = try Execution.run(
                template.path, of: set, dot: .map(template.dot), missingKey: isStrict ? .error : .zero, limits: limits,
                parsedTexts: parsedTexts)
            return EngineFunctions.withoutNoValue(output)
        } catch {
            throw RenderError.execution(error, of: template.path)
        }
    }

    /// Helm's order of parsing: deepest path first, each depth backwards, so that of two definitions of a name the
    /// parent's and the alphabetically first file's is the last, and wins.
    private static func ordered(_ templates: [Renderable]) -> [Renderable] {
        let depths = templates.map { template in template.path.withBytes { $0.count { $0 == UInt8(ascii: "/") } } }
        return zip(templates, depths)
            .sorted { ($1.1, $1.0.path) < ($0.1, $0.0.path) }
            .map(\.0)
    }
}

extension Renderable {
    /// Parsed for its definitions, but not rendered.
    fileprivate var isPartial: Bool {
        path.withBytes { bytes in
            let name = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
            return name < bytes.count && bytes[name] == UInt8(ascii: "_")
        }
    }
}

extension GoType {
    /// The type of `.Values` and of the dot itself.
    package static let commonValues = GoType.named("common.Values", underlying: .anyMap)
}
