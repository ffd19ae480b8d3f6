import Istio
import Values

/// Values files for Helm, and the commands in order.
extension Export {
    func helmFiles() throws -> [ExportedFile] {
        var files = try releases.map { try file("values-\($0.chart).yaml", [.map($0.values)]) }
        var lines = ["#!/bin/sh", String(mark.dropLast()), "set -eu", "cd \"$(dirname \"$0\")\"", ""]
        if case .repository(let url) = options.charts, !options.charts.isRegistry {
            lines += ["helm repo add istio \(shellWord(url)) --force-update", "helm repo update istio", ""]
        }
        for release in releases { lines.append(command(release)) }
        for (name, labels) in namespaces where !labels.isEmpty {
            let words = labels.map { shellWord("\($0.key)=\($0.value.string ?? "")") }
            lines.append("kubectl label namespace \(name) \(words.joined(separator: " ")) --overwrite")
        }
        files.append(ExportedFile(path: "commands.sh", bytes: Array((lines.joined(separator: "\n") + "\n").utf8)))
        return files
    }

    private func command(_ release: ExportedRelease) -> String {
        let chart: String
        switch options.charts {
        case .folders: chart = "./charts/\(release.chart)"
        case .repository(let url):
            let name = options.charts.isRegistry ? "\(url)/\(release.chart)" : "istio/\(release.chart)"
            chart = "\(shellWord(name)) --version \(release.version)"
        }
        return "helm upgrade --install \(shellWord(release.name)) \(chart) \\\n"
            + "  --namespace \(release.namespace) --create-namespace --values values-\(release.chart).yaml --wait"
    }
}

/// The word as a shell reads it back.
func shellWord(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_./:=@".utf8.contains(byte)
    }
    if isPlain, !text.isEmpty { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
