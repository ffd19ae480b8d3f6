import Istio
import Objects
import Operations
import Terminal
import Values

extension HealthMark {
    var sign: Sign {
        switch self {
        case .good: .good
        case .warning: .warning
        case .bad: .bad
        }
    }
}

/// The state of a mesh as people and programs read it.
extension MeshHealth {
    func output(_ console: Console) -> Output { Output(text(console)) { value } }

    private func text(_ console: Console) -> String {
        var text = console.labelled(
            [("state", state)] + header.rows, painting: isHealthy ? .added : .error)
        for note in notes { text += "note: \(note.onOneLine)\n" }
        guard !workloads.isEmpty else { return text + (isChanging ? "" : "install a mesh with sail install\n") }
        text += "\n" + components(console) + nodeLines(console)
        if !certificates.isEmpty {
            let rows = certificates.map { [console.text(of: $0.mark.sign), $0.subject, $0.text] }
            text += "\n" + Table(["", "CERTIFICATE", "STATE"], rows: rows).text(console, overflowing: 4)
        }
        text += "\nenrolled namespaces: \(list(enrolledNamespaces))\n"
        if !enrolledPods.isEmpty { text += "enrolled pods: \(list(enrolledPods))\n" }
        text += "waypoints: \(list(waypoints))\n"
        if !uncaptured.isEmpty {
            let rows = uncaptured.prefix(20).map {
                [console.text(of: .bad), $0.title, String($0.pods), $0.command]
            }
            text +=
                "\n"
                + Table(["", "NOT CAPTURED", "PODS", "RESTART"], rows: rows).text(console, overflowing: 4)
            if uncaptured.count > 20 { text += "and \(uncaptured.count - 20) more\n" }
        }
        if problems.count > 1 {
            text += "\n" + problems.dropFirst().map { "also: \($0.onOneLine)\n" }.joined()
        }
        return text
    }

    private func components(_ console: Console) -> String {
        var table = Table(["", "COMPONENT", "WORKLOAD", "VERSION", "READY", "STATE"])
        for workload in workloads {
            let complaint = workload.complaint
            table.append([
                console.text(of: complaint == nil ? .good : .bad), workload.component.rawValue,
                "\(workload.identity.namespace)/\(workload.identity.name)", workload.versions.joined(separator: ", "),
                "\(workload.available)/\(workload.desired)", complaint ?? "ready",
            ])
        }
        for row in waypointRows {
            table.append([
                console.text(of: row.readiness.isReady ? .good : .bad), "waypoint", row.title,
                row.version ?? "-", row.pods, row.readiness.isReady ? "ready" : row.readiness.message,
            ])
        }
        return table.text(console, overflowing: 4)
    }

    private func nodeLines(_ console: Console) -> String {
        guard !nodes.isEmpty else { return "" }
        let unready = nodes.compactMap { node in
            node.complaint.map { "\(console.text(of: .bad)) \(node.name.onOneLine): \($0)\n" }
        }
        let sign = console.text(of: unready.isEmpty ? .good : .bad)
        var text = "\n\(sign) nodes: \(nodes.count - unready.count) of \(nodes.count) ready\n"
        text += unready.prefix(20).joined()
        if unready.count > 20 { text += "  and \(unready.count - 20) more\n" }
        return text
    }

    private func list(_ names: [String]) -> String {
        names.isEmpty
            ? "none" : names.prefix(20).map(\.onOneLine).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
    }

    private var value: Value {
        [
            "state": .string(isHealthy ? "Healthy" : state), "healthy": .bool(isHealthy), "mesh": header.value,
            "problems": .list(problems.map(Value.string)), "notes": .list(notes.map(Value.string)),
            "components": .list(workloads.map(\.value)),
            "nodes": .list(
                nodes.map { node in
                    [
                        "name": .string(node.name), "cni": .bool(node.ready[.cni] == true),
                        "ztunnel": .bool(node.ready[.ztunnel] == true), "ready": .bool(node.complaint == nil),
                    ]
                }),
            "certificates": .list(certificates.map(\.value)),
            "enrolledNamespaces": .list(enrolledNamespaces.map(Value.string)),
            "enrolledPods": .list(enrolledPods.map(Value.string)),
            "uncapturedPods": .list(uncapturedPods.map(Value.string)),
            "uncapturedWorkloads": .list(
                uncaptured.map { workload in
                    [
                        "kind": .string(workload.kind), "namespace": .string(workload.namespace),
                        "name": .string(workload.name), "pods": .int(workload.pods),
                        "command": .string(workload.command),
                    ]
                }),
            "waypoints": .list(waypoints.map(Value.string)), "waypointStates": .list(waypointRows.map(\.value)),
        ]
    }
}

extension MeshHeader {
    fileprivate var rows: [(String, String)] {
        var rows = [("cluster", server.isEmpty ? cluster : "\(cluster) (\(server))"), ("namespace", namespace)]
        if profile != nil || platform != nil {
            rows.append(("profile", (profile ?? "ambient") + (platform.map { ", platform \($0)" } ?? "")))
        }
        if let storedVersion { rows.append(("version", "\(storedVersion), as stored by the last run")) }
        if let lastRun { rows.append(("last run", lastRun.line)) }
        return rows
    }

    fileprivate var value: Value {
        var map: Mapping = [
            "cluster": .string(cluster), "server": .string(server), "namespace": .string(namespace),
        ]
        if let profile { map["profile"] = .string(profile) }
        if let platform { map["platform"] = .string(platform) }
        if let storedVersion { map["version"] = .string(storedVersion) }
        if let lastRun { map["lastRun"] = lastRun.value }
        return .map(map)
    }
}

extension HealthRow {
    /// The row for programs.
    var value: Value {
        var map: Mapping = [
            "state": .string(mark.rawValue), "subject": .string(subject), "message": .string(message),
        ]
        if let remedy { map["remedy"] = .string(remedy) }
        return .map(map)
    }
}

extension Workload {
    fileprivate var value: Value {
        [
            "component": .string(component.rawValue), "kind": .string(identity.kind),
            "namespace": .string(identity.namespace), "name": .string(identity.name),
            "versions": .list(versions.map(Value.string)), "desired": .int(desired), "available": .int(available),
            "ready": .bool(complaint == nil), "message": .string(complaint ?? ""),
        ]
    }
}

extension Console {
    /// Lines of `label:  text`, the texts below each other, wrapped where there is a window; the first text is painted.
    func labelled(_ rows: [(label: String, text: String)], painting role: Role? = nil) -> String {
        let margin = (rows.map(\.label.count).max() ?? 0) + 2
        var result = ""
        for (index, row) in rows.enumerated() {
            var lines = window.map { wrap(row.text.onOneLine, width: max(20, $0 - margin)) } ?? [row.text.onOneLine]
            if index == 0, let role { lines = lines.map { style.paint($0, as: role) } }
            let padding = String(repeating: " ", count: margin - row.label.count - 1)
            result += "\(row.label):\(padding)"
            result += lines.joined(separator: "\n" + String(repeating: " ", count: margin)) + "\n"
        }
        return result
    }
}

extension Table {
    /// The table in a window, where what does not fit stands below its row; unwrapped where there is none.
    func text(_ console: Console, overflowing indent: Int) -> String {
        guard let window = console.window else { return text(style: console.style) }
        return text(width: window, overflowing: indent, style: console.style)
    }
}
