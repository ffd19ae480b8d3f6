import Istio
import Operations
import Terminal
import Values

/// `sail versions --remote`: what a source of charts offers, beside what is built in and what runs.
func listRemoteVersions(_ request: Request) throws -> Int32 {
    var request = request
    if request.charts.isEmpty { request.charts = [OperationOptions.officialCharts] }
    let versions = try request.options.offeredVersions()
    let rows = versions.minors
    let table = Table(["MINOR", "BUILT IN", "OFFERED", "RUNS"], rows: rows.map(\.cells))
    let source = try request.options.sourceNames.joined(separator: ", ")
    var output = Output(
        table.text(width: request.console.window, style: request.console.style) + "offered by \(source)\n"
    ) {
        var map: Mapping = ["source": .string(source), "minors": .list(rows.map(\.value))]
        if let fault = versions.clusterFault { map["clusterError"] = .string(fault) }
        return .map(map)
    }
    output.names = { rows.compactMap { $0.offered?.releaseName } }
    return try request.print(output)
}

extension OfferedMinor {
    fileprivate var cells: [String] {
        let runs = running.map(\.releaseName).joined(separator: ", ")
        return [minor.minorName, builtIn ?? "-", offered?.releaseName ?? "-", runs.isEmpty ? "-" : runs]
    }

    fileprivate var value: Value {
        var map: Mapping = ["minor": .string(minor.minorName)]
        if let builtIn { map["builtIn"] = .string(builtIn) }
        if let offered { map["offered"] = .string(offered.releaseName) }
        map["running"] = .list(running.map { .string($0.releaseName) })
        return .map(map)
    }
}
