internal import Preflight
package import Values

/// What `sail precheck` tells: a line for each check, and what it comes to.
package struct PrecheckReport: Sendable {
    /// One thing that was looked at, or that was found.
    package struct Line: Sendable {
        package let mark: HealthMark
        package let check: String
        package let text: String
    }

    package let lines: [Line]
    package let checks: Int
    package let blocking: Int
    package let warnings: Int
    /// What could not be read, with what to do.
    package let unread: [String]
    /// The report for programs.
    package let value: Value

    package var isBlocking: Bool { blocking > 0 }

    init(_ findings: [Finding], _ rows: [PreflightRow]) {
        lines = rows.flatMap(\.lines)
        checks = rows.count
        blocking = findings.count { $0.severity == .blocking }
        warnings = findings.count - blocking
        unread = findings.filter { $0.check == "unchecked" }.map { "\($0.message.onOneLine); \($0.remedy)" }
        value = [
            "ok": .bool(!findings.isBlocking), "findings": .list(findings.map(\.value)),
            "checks": .list(rows.map(\.value)),
        ]
    }
}

extension ClusterSession {
    /// Makes every check, and tells what was looked at.
    package func precheckReport() throws -> PrecheckReport {
        let (findings, rows) = try precheck()
        return PrecheckReport(findings, rows)
    }
}

extension PreflightRow {
    fileprivate var lines: [PrecheckReport.Line] {
        if let unchecked {
            return [.init(mark: .warning, check: check, text: "not checked: \(unchecked)")] + findings.map(line)
        }
        return findings.isEmpty ? [.init(mark: .good, check: check, text: subject)] : findings.map(line)
    }

    private func line(_ finding: Finding) -> PrecheckReport.Line {
        .init(
            mark: finding.severity == .blocking ? .bad : .warning, check: check,
            text: "\(finding.message); \(finding.remedy)")
    }

    fileprivate var value: Value {
        var map: Mapping = [
            "check": .string(check), "subject": .string(subject), "state": .string(mark.rawValue),
        ]
        if let unchecked { map["message"] = .string(unchecked) }
        return .map(map)
    }

    /// The worst of what was found; a check that could not be made is a warning.
    private var mark: HealthMark {
        if findings.isBlocking { return .bad }
        return findings.isEmpty && unchecked == nil ? .good : .warning
    }
}
