import GoRegexp
import GoTemplate
import Values

/// Sprig's regular expression functions, each in a form that panics on a bad pattern and one that returns the error.
enum SprigRegex {
    static let functions: [Function] =
        [
            Function("regexMatch", [.string, .string], returns: .bool) {
                guard let pattern = try? PatternCache.shared.pattern($0.text(0)) else { return .bool(false) }
                try checkWork(pattern, $0)
                return .bool(pattern.matches($0.text(1)))
            },
            Function("mustRegexMatch", [.string, .string], returns: .bool) {
                let pattern = try returning($0.text(0))
                try checkWork(pattern, $0)
                return .bool(pattern.matches($0.text(1)))
            },
            .onText("regexQuoteMeta", Pattern.quote),
        ]
        + both("regexFind", "mustRegexFind", [.string, .string], .string) {
            .string($0.first(in: $1.text(1)) ?? "")
        }
        + both("regexFindAll", "mustRegexFindAll", [.string, .string, .int], .stringSlice) {
            found($0.all(in: $1.text(1), limit: $1.integer(2)))
        }
        + both("regexReplaceAll", "mustRegexReplaceAll", [.string, .string, .string], .string) {
            .string($0.replacing(in: $1.text(1), with: $1.text(2)))
        }
        + both("regexReplaceAllLiteral", "mustRegexReplaceAllLiteral", [.string, .string, .string], .string) {
            .string($0.replacingLiterally(in: $1.text(1), with: $1.text(2)))
        }
        + both("regexSplit", "mustRegexSplit", [.string, .string, .int], .stringSlice) {
            $1.integer(2) == 0 ? found([]) : .strings($0.split($1.text(1), limit: $1.integer(2)))
        }

    private static func both(
        _ name: Text, _ strict: Text, _ parameters: [GoType], _ result: GoType,
        _ body: @escaping @Sendable (Pattern, [GoValue]) -> GoValue
    ) -> [Function] {
        [
            Function(name, parameters, returns: result) {
                let pattern = try panicking($0.text(0))
                try checkWork(pattern, $0)
                return body(pattern, $0)
            },
            Function(strict, parameters, returns: result) {
                let pattern = try returning($0.text(0))
                try checkWork(pattern, $0)
                return body(pattern, $0)
            },
        ]
    }

    /// Refuses a search that would take minutes, or find more than there is memory for.
    private static func checkWork(_ pattern: Pattern, _ arguments: [GoValue]) throws {
        let size = arguments.text(1).count
        if size > 6 << 20 || pattern.cost(over: size) > 1 << 32 {
            throw FunctionError("a text of \(size) bytes is too large for this regular expression")
        }
        guard arguments.count > 2, case .string(let replacement) = arguments[2] else { return }
        if (size + 1).multipliedReportingOverflow(by: replacement.count + 1).partialValue > Limits.text {
            let count = pattern.allBounds(in: arguments.text(1), limit: -1, slots: 2).count
            try SprigStrings.checkSize(count, times: replacement.count)
        }
    }

    /// A slice of strings, nil where there is none.
    private static func found(_ texts: [Text]) -> GoValue {
        .list(List(texts.map(GoValue.string), type: .stringSlice, isNil: texts.isEmpty))
    }

    private static func returning(_ expression: Text) throws -> Pattern {
        do {
            return try PatternCache.shared.pattern(expression)
        } catch {
            throw FunctionError(error.message)
        }
    }

    private static func panicking(_ expression: Text) throws -> Pattern {
        do {
            return try PatternCache.shared.pattern(expression)
        } catch {
            let name = canBackquote(expression) ? "`" + expression + "`" : quoted(expression)
            throw FunctionError("regexp: Compile(" + name + "): " + error.message)
        }
    }
}

/// The patterns compiled so far; charts use the same few again and again.
///
/// Rendering is single-threaded; no two threads share the cache.
final class PatternCache: @unchecked Sendable {
    static let shared = PatternCache()

    private static let limit = 256

    private var patterns: [Text: Pattern] = [:]

    func pattern(_ expression: Text) throws(RegexError) -> Pattern {
        if let pattern = patterns[expression] { return pattern }
        let pattern = try Pattern(expression)
        if patterns.count >= PatternCache.limit { patterns.removeAll() }
        patterns[expression] = pattern
        return pattern
    }
}
