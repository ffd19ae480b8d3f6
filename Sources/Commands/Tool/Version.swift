import Arguments
import Istio
import Operations
import Terminal
import Values

/// `sail version`
let versionCommand = Command<Request>(
    "version", summary: "Print the versions of sail and of the Istio it installs",
    discussion: """
        Tells sail's version with the commit and the Swift that it was built from, the Istio version that is installed \
        by default, and those that it has charts for. With --check also what runs on the cluster, compared with them.

        Exits with 0; with --check, 1 where a version runs that this sail does not know.
        """,
    section: "Tool",
    groups: [
        .output([.toggle("check", help: "Compare with what runs on the cluster") { $0.checksVersions = $1 }]),
        FlagGroup.installed.needing("check"), .common,
    ],
    examples: [
        ("sail version --check", "Whether this sail can upgrade the mesh"),
        ("sail version -o json", "For a report of a fault"),
    ],
    exitStatus: ManualNotes.ofVersion, body: printVersion)

private func printVersion(_ request: Request) throws -> Int32 {
    let catalogue = try request.options.catalogue()
    let own = OwnVersion(build: request.build, catalogue: catalogue)
    guard request.checksVersions else { return try request.print(Output(own.text) { .map(own.value) }) }
    return try ClusterSession.run(request.options, needing: .look) { session in
        let check = try session.versionCheck()
        let text = own.text + "\n" + check.text(request.console, installed: catalogue.defaultVersion)
        _ = try request.print(
            Output(text) {
                var value = own.value
                value["cluster"] = check.value
                return .map(value)
            })
        return check.isKnown ? 0 : 1
    }
}

/// What sail says of itself.
private struct OwnVersion {
    var build: BuildInformation
    var catalogue: Catalogue

    private var newest: String? { catalogue.releases.first?.version }
    private var oldest: String? { catalogue.releases.last?.version }

    var text: String {
        var parts: [String] = []
        if let commit = build.commit { parts.append("commit \(commit)") }
        if let date = build.date { parts.append("of \(date)") }
        let source = parts.joined(separator: " ")
        let built = [source, build.swift.map { "Swift \($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
        var text = versionLine + "\n" + (built.isEmpty ? "" : "built from \(built)\n")
        text += "Istio \(catalogue.defaultVersion)"
        if let oldest, let newest { text += " by default; charts of \(oldest) to \(newest)" }
        return text + "\n"
    }

    var value: Mapping {
        var value: Mapping = ["sail": .string(releaseNumber), "istio": .string(catalogue.defaultVersion)]
        let known = [("commit", build.commit), ("date", build.date), ("swift", build.swift)]
        for (key, text) in known { if let text { value[key] = .string(text) } }
        var own: Mapping = [
            "default": .string(catalogue.defaultVersion), "releases": .int(catalogue.releases.count),
        ]
        if let oldest, let newest { (own["oldest"], own["newest"]) = (.string(oldest), .string(newest)) }
        value["catalogue"] = .map(own)
        return value
    }
}

extension VersionCheck {
    fileprivate func text(_ console: Console, installed: String) -> String {
        var text = console.labelled([
            ("cluster", server.isEmpty ? cluster : "\(cluster) (\(server))"), ("kubernetes", kubernetes),
        ])
        guard !parts.isEmpty else {
            return text + "\nno mesh found on this cluster\nnext: sail install (installs \(installed))\n"
        }
        var table = Table(["", "COMPONENT", "WORKLOAD", "RUNS", "STATE"])
        for part in parts {
            table.append([
                console.text(of: part.standing.sign), part.component.rawValue, part.workload,
                part.versions.joined(separator: ", "), part.standing.meaning(installed: installed),
            ])
        }
        text += "\n" + table.text(console, overflowing: 4)
        if let next { text += "next: sail diff --version \(next) (shows the upgrade)\n" }
        if parts.contains(where: { $0.standing == .tooNew }) { text += "next: install a newer sail\n" }
        return text
    }

    fileprivate var value: Value {
        let rows = parts.map { part -> Value in
            [
                "component": .string(part.component.rawValue), "workload": .string(part.workload),
                "versions": .list(part.versions.map(Value.string)), "state": .string(part.standing.rawValue),
            ]
        }
        var value: Mapping = [
            "name": .string(cluster), "server": .string(server), "kubernetes": .string(kubernetes),
            "workloads": .list(rows), "known": .bool(isKnown),
        ]
        if let next { value["next"] = .string(next) }
        return .map(value)
    }
}

extension VersionStanding {
    fileprivate var sign: Sign {
        switch self {
        case .current, .newer: .good
        case .older, .untold: .warning
        case .tooOld, .tooNew: .bad
        }
    }

    fileprivate func meaning(installed: String) -> String {
        switch self {
        case .current: "the default version"
        case .older: "older than the default version \(installed)"
        case .newer: "newer than the default version \(installed)"
        case .untold: "the image's tag has no version"
        case .tooOld: "older than all versions that this sail knows"
        case .tooNew: "newer than all versions that this sail knows"
        }
    }
}
