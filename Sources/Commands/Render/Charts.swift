import Arguments
import Istio
import Operations
import Terminal
import Values

/// `sail charts …`
let chartsCommand = Command<Request>(
    "charts", summary: "List, fetch and check charts from elsewhere, and the cache that keeps them", section: "Inspect",
    children: [
        Command(
            "list", summary: "List the charts of a source, or the built-in ones, with their versions",
            groups: [
                FlagGroup("Charts", [.charts, .catalogue, .component]),
                .list([.all("All versions, not only the newest five of each chart")]), .common,
            ],
            examples: [
                ("sail charts list --charts oci://gcr.io/istio-release/charts", "What a registry has")
            ],
            body: listCharts),
        Command(
            "pull", summary: "Fetch charts into the cache or a folder",
            discussion: """
                Without --charts the built-in charts are written, in a form that Helm can use; they need --output-dir.
                """,
            groups: [
                FlagGroup("Charts", [.charts, .version, .catalogue, .component, .chartFolder]),
                .output(),
                .common,
            ],
            examples: [
                ("sail charts pull --charts https://example.com/charts --version v1.30.3", "Into the cache"),
                ("sail charts pull --output-dir charts", "The built-in ones as files"),
            ],
            body: pullCharts),
        Command(
            "verify", summary: "Check the cache, or fetch a source's charts again and check them",
            discussion: "Exits with 1 where something is damaged.",
            groups: [
                FlagGroup(
                    "Charts",
                    [
                        .charts, .version.needing("charts"), .catalogue.needing("charts"), .component.needing("charts"),
                    ]),
                .output(), .common,
            ],
            body: verifyCharts),
        Command(
            "cache", summary: "Show where the cache is and what it holds, or empty it",
            groups: [
                FlagGroup("Cache", [.toggle("clear", help: "Remove everything in the cache") { $0.clears = $1 }]),
                .output(), .common,
            ],
            body: showCache),
    ])

extension Flag<Request> {
    fileprivate static let chartFolder = Flag.value(
        "output-dir", "FOLDER", help: "Write the charts into this folder", completion: .directories
    ) { $0.outputFolder = $1 }
}

extension Request {
    /// Prints rows as a table, or as a list of maps without the empty cells.
    fileprivate func print(_ headings: [String], _ rows: [[String]], after text: String = "") throws -> Int32 {
        let table = rows.isEmpty ? "" : Table(headings, rows: rows).text(style: console.style)
        var output = Output(text + table) {
            .list(
                rows.map { row in
                    let cells = zip(headings, row).filter { !$1.isEmpty }
                    return .map(Mapping(cells.map { (key: $0.lowercased(), value: .string($1)) }))
                })
        }
        // `istiod-1.30.3`, as Helm names a chart of a version.
        output.names = { rows.map { "\($0[0])-\($0[1].withoutVersionPrefix)" } }
        return try print(output)
    }
}

private func listCharts(_ request: Request) throws -> Int32 {
    let rows = try request.options.chartVersions(most: request.wantsAll ? .max : 5).map {
        [$0.chart, $0.version, $0.digest ?? "", $0.origin ?? ""]
    }
    let columns = [0, 1] + [2, 3].filter { column in rows.contains { !$0[column].isEmpty } }
    return try request.print(
        columns.map { ["CHART", "VERSION", "DIGEST", "PATH"][$0] }, rows.map { row in columns.map { row[$0] } })
}

private func pullCharts(_ request: Request) throws -> Int32 {
    guard let charts = try request.options.fetchedCharts() else { return try writeBuiltIn(request) }
    let rows = try charts.map { chart in
        guard let archive = chart.archive else {
            throw ChartFailure(path: chart.origin ?? chart.chart, reason: "is on this machine already")
        }
        let digest = chart.digest.map { String($0.dropFirst("sha256:".count)) } ?? sha256(archive)
        var place = request.options.cachePath(digest)
        if let folder = request.outputFolder {
            place = "\(folder)/\(chart.chart)-\(filePart(chart.version)).tgz"
            try makeFolder(folder)
            try writeFile(place, archive)
        }
        return [chart.chart, chart.version, "sha256:" + digest, place]
    }
    return try request.print(["CHART", "VERSION", "DIGEST", "PATH"], rows)
}

private func writeBuiltIn(_ request: Request) throws -> Int32 {
    guard let folder = request.outputFolder else {
        throw ChartFailure(
            path: "sail charts pull", reason: "the built-in charts need no cache; give --output-dir, or --charts")
    }
    let (files, notice) = try request.options.builtInChartFiles()
    if let notice { request.console.warn(notice) }
    var rows: [[String]] = []
    for file in files {
        let path = "\(folder)/\(file.chart)/\(file.path)"
        try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        try writeFile(path, Array(file.text.utf8))
        if rows.last?[0] != file.chart { rows.append([file.chart, file.version, "\(folder)/\(file.chart)"]) }
    }
    return try request.print(["CHART", "VERSION", "PATH"], rows)
}

private func verifyCharts(_ request: Request) throws -> Int32 {
    guard let charts = try request.options.fetchedCharts(again: true) else { return try verifyCache(request) }
    return try request.print(
        ["CHART", "VERSION", "DIGEST", "ORIGIN"],
        charts.map { [$0.chart, $0.version, $0.digest ?? "", $0.origin ?? ""] })
}

private func verifyCache(_ request: Request) throws -> Int32 {
    let entries = request.options.cachedCharts
    let code = try request.print(
        ["STATE", "CHART", "VERSION", "DIGEST", "SOURCE"],
        entries.map { [$0.isIntact ? "intact" : "damaged", $0.chart, $0.version, $0.digest, $0.source] })
    let damaged = entries.count { !$0.isIntact }
    if damaged == 0 { return code }
    request.console.fail(
        "\(request.options.cacheFolder): \(damaged) of \(entries.count) archives are damaged; they are fetched again when "
            + "used, or empty the cache with sail charts cache --clear")
    return 1
}

private func showCache(_ request: Request) throws -> Int32 {
    let folder = request.options.cacheFolder
    if request.clears {
        let count = try request.options.clearCache()
        return try request.print(
            Output("removed \(count) charts from \(folder)\n") {
                ["folder": .string(folder), "removed": .int(count)]
            })
    }
    let entries = request.options.cachedCharts
    let size = entries.reduce(0) { $0 + $1.bytes }
    var table = Table(["CHART", "VERSION", "KIB", "SOURCE"])
    for entry in entries {
        table.append([entry.chart, entry.version, String((entry.bytes + 1023) / 1024), entry.source])
    }
    let list = entries.isEmpty ? "" : table.text(style: request.console.style)
    return try request.print(
        Output("\(folder): \(entries.count) charts, \((size + 1023) / 1024) KiB\n" + list) {
            ["folder": .string(folder), "bytes": .int(size), "charts": .list(entries.map(\.value))]
        })
}

extension CachedChart {
    fileprivate var value: Value {
        [
            "chart": .string(chart), "version": .string(version), "digest": .string(digest), "bytes": .int(bytes),
            "source": .string(source), "intact": .bool(isIntact),
        ]
    }
}
