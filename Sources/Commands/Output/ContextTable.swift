import Operations
import Terminal
import Values

/// How the results of one command for several contexts are shown: a row for each.
struct ContextTable: Sendable {
    /// What a result comes to in a row.
    struct Row {
        var sign: Sign
        /// The cells behind the context.
        var cells: [String]
    }

    /// The command's name.
    let verb: String
    let headings: [String]
    /// Flags that the command needs to be about a cluster.
    var flags: [String] = []
    /// The exit code for a context without a result.
    var failureCode: Int32 = 1
    /// The row of a result as the command prints it for programs, with its exit code.
    let row: @Sendable (_ result: Value, _ code: Int32) -> Row
    /// Why a result is none.
    var fault: @Sendable (_ result: Value) -> String? = { _ in nil }
    /// The names for other commands, of a command that prints such.
    var names: (@Sendable (_ result: Value) -> [String])?
}

/// The answers of several contexts in every form.
struct ContextOutput {
    let table: ContextTable
    let answers: [ContextAnswer]

    init(_ table: ContextTable, _ answers: [ContextAnswer]) {
        self.table = table
        self.answers = answers.map { answer in
            guard let fault = answer.value.flatMap(table.fault) else { return answer }
            var answer = answer
            (answer.value, answer.errors, answer.exitCode) = (nil, [fault], 1)
            // The command said it too.
            answer.messages.removeAll { $0.hasSuffix(fault) }
            return answer
        }
    }

    /// That of the worst.
    var exitCode: Int32 {
        answers.map { answer in
            guard answer.value == nil else { return answer.exitCode }
            return answer.exitCode > 2 ? table.failureCode : max(answer.exitCode, table.failureCode)
        }.max() ?? 0
    }

    func output(_ console: Console) -> Output {
        var output = Output(text(console)) { .list(answers.map(\.result)) }
        if let names = table.names {
            output.names = {
                var seen: Set<String> = []
                return answers.compactMap(\.value).flatMap(names).filter { seen.insert($0).inserted }
            }
        }
        return output
    }

    private func text(_ console: Console) -> String {
        var shown = Table(["", "CONTEXT"] + table.headings)
        for answer in answers {
            if let value = answer.value {
                let row = table.row(value, answer.exitCode)
                shown.append([console.text(of: row.sign), answer.context] + row.cells)
            } else {
                let blanks = [String](repeating: "-", count: table.headings.count - 1)
                let more = answer.errors.count > 1 ? " (and \(answer.errors.count - 1) more, see above)" : ""
                shown.append(
                    [console.text(of: .bad), answer.context] + blanks + [(answer.errors.first ?? "") + more])
            }
        }
        return shown.text(console, overflowing: 4)
    }

    /// Shows what was said beside the results: the same of several contexts once, with their names.
    func sayMessages(_ console: Console) {
        var order: [String] = []
        var contexts: [String: [String]] = [:]
        for answer in answers {
            let errors = answer.errors.count > 1 ? answer.errors.map { "error: \($0)" } : []
            for line in errors + answer.messages {
                if contexts[line] == nil { order.append(line) }
                if contexts[line]?.last != answer.context { contexts[line, default: []].append(answer.context) }
            }
        }
        for line in order { console.note("\((contexts[line] ?? []).joined(most: 5)): \(line)") }
    }
}

extension ContextAnswer {
    /// For programs.
    fileprivate var result: Value {
        var map: Mapping = ["context": .string(context), "exitCode": .int(Int(exitCode))]
        if let value { map["result"] = value } else { map["error"] = .string(errors.joined(separator: "; ")) }
        return .map(map)
    }
}

// MARK: - The tables

extension ContextTable {
    static let status = ContextTable(
        verb: "status", headings: ["VERSION", "NODES", "STATE"],
        row: { result, _ in
            var versions: [String] = []
            for version in result["components"]?.list?.flatMap({ $0["versions"]?.list ?? [] }).compactMap(\.string)
                ?? []
            where !versions.contains(version) { versions.append(version) }
            let nodes = result["nodes"]?.list ?? []
            let ready = nodes.count { $0["ready"] == .bool(true) }
            return Row(
                sign: result["healthy"] == .bool(true) ? .good : .bad,
                cells: [
                    versions.isEmpty ? "-" : versions.joined(separator: ", "),
                    nodes.isEmpty ? "-" : "\(ready)/\(nodes.count)", result["state"]?.string ?? "",
                ])
        })

    static let precheck = ContextTable(
        verb: "precheck", headings: ["BLOCKING", "WARNINGS", "RESULT"],
        row: { result, _ in
            let findings = result["findings"]?.list ?? []
            let blocking = findings.filter { $0["severity"] == "blocking" }
            let first = blocking.first?["message"]?.string ?? "nothing blocks the installation"
            let more = blocking.count > 1 ? " (and \(blocking.count - 1) more: sail precheck --context)" : ""
            return Row(
                sign: blocking.isEmpty ? .good : .bad,
                cells: ["\(blocking.count)", "\(findings.count - blocking.count)", first + more])
        })

    static let diff = ContextTable(
        verb: "diff", headings: ["VERSION", "CHANGES", "IMPACT"], failureCode: 2,
        row: { result, code in
            let (from, to) = (result["from"]?.string, result["to"]?.string)
            let version = from == nil || from == to ? to ?? "-" : "\(from ?? "") → \(to ?? "none")"
            let impact = (result["impact"]?.list ?? []).compactMap { $0["text"]?.string }
            return Row(
                sign: code == 0 ? .good : .warning,
                cells: [
                    version, code == 0 ? "none" : result["summary"]?.string ?? "",
                    impact.isEmpty ? "no pod restarts" : impact.joined(separator: " · "),
                ])
        })

    static let versions = ContextTable(
        verb: "versions", headings: ["RUNS", "BUILT IN", "OFFERED", "NEWEST"],
        row: { result, _ in
            let all = result["minors"]?.list ?? []
            let minors = all.filter { $0["running"]?.list?.isEmpty == false }
            let newest = all.lazy.compactMap { $0["offered"]?.string ?? $0["builtIn"]?.string }.first
            func cell(_ key: String) -> String {
                let texts = minors.flatMap { $0[key]?.list ?? [$0[key] ?? .null] }.compactMap(\.string)
                return texts.isEmpty ? "-" : texts.joined(separator: ", ")
            }
            return Row(sign: .good, cells: [cell("running"), cell("builtIn"), cell("offered"), newest ?? "-"])
        },
        fault: { $0["clusterError"]?.string },
        names: { result in (result["minors"]?.list ?? []).compactMap { $0["offered"]?.string } })

    static let images = ContextTable(
        verb: "images", headings: ["IMAGES"], flags: ["--from-cluster"],
        row: { result, _ in Row(sign: .good, cells: [names(result).joined(separator: ", ")]) },
        names: names)

    /// Names alone, or with digests.
    private static let names: @Sendable (Value) -> [String] = { result in
        (result.list ?? []).compactMap { $0.string ?? $0["image"]?.string }
    }
}
