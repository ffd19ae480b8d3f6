import Arguments
import ChartSources
import Charts
import Istio
import Meshes
import Objects
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
                .output([.text, .yaml, .json], [.all("All versions, not only the newest five of each chart")]), .common,
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
                .output([.text, .yaml, .json]),
                .common,
            ],
            examples: [
                ("sail charts pull --charts https://example.com/charts --version v1.30.3", "Into the cache"),
                ("sail charts pull --output-dir charts", "The built-in ones as files"),
            ],
            body: pullCharts),
        Command(
            "verify", summary: "Check the cache, or fetch a source's charts anew and check them",
            discussion: "Exits with 1 where something is damaged.",
            groups: [
                FlagGroup("Charts", [.charts, .version, .catalogue, .component]), .output([.text, .yaml, .json]),
                .common,
            ],
            body: verifyCharts),
        Command(
            "cache", summary: "Show where the cache is and what it holds, or empty it",
            groups: [
                FlagGroup("Cache", [.toggle("clear", help: "Remove everything in the cache") { $0.clears = $1 }]),
                .output([.text, .yaml, .json]), .common,
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
        return try print(
            Output(text + table) {
                .list(
                    rows.map { row in
                        let cells = zip(headings, row).filter { !$1.isEmpty }
                        return .map(Mapping(cells.map { (key: $0.lowercased(), value: .string($1)) }))
                    })
            })
    }
}

private func listCharts(_ request: Request) throws -> Int32 {
    guard let fetcher = try request.options.chartFetcher() else { return try listBuiltIn(request) }
    let listed = try fetcher.listing(request.options.chartNames)
    if listed.isEmpty {
        throw ChartFailure(
            path: request.charts.joined(separator: ", "),
            reason: "has none of the charts \(request.options.chartNames.joined(separator: ", ")); check --charts")
    }
    var rows: [[String]] = []
    for name in request.options.chartNames {
        let versions = listed.filter { $0.chart == name }.newestFirst
        for chart in request.wantsAll ? versions : Array(versions.prefix(5)) {
            rows.append([name, chart.version, chart.digest ?? "", chart.path ?? ""])
        }
    }
    let columns = [0, 1] + [2, 3].filter { column in rows.contains { !$0[column].isEmpty } }
    return try request.print(
        columns.map { ["CHART", "VERSION", "DIGEST", "PATH"][$0] }, rows.map { row in columns.map { row[$0] } })
}

private func listBuiltIn(_ request: Request) throws -> Int32 {
    let releases = try request.options.catalogue().releases.filter { $0.chartsVersion != nil }
    let shown = request.wantsAll ? releases : Array(releases.prefix(5))
    return try request.print(
        ["CHART", "VERSION"], request.options.chartNames.flatMap { name in shown.map { [name, $0.version] } })
}

private func pullCharts(_ request: Request) throws -> Int32 {
    guard let fetcher = try request.options.chartFetcher() else { return try writeBuiltIn(request) }
    let charts = try found(by: fetcher, request)
    var rows: [[String]] = []
    for (name, chart) in charts {
        guard let archive = chart.archive else {
            throw ChartFailure(path: chart.origin, reason: "is on this machine already")
        }
        let digest = chart.digest ?? sha256(archive)
        let file = "\(name)-\(filePart(chart.chart.metadata.version)).tgz"
        var place = "\(request.options.chartCache.folder)/sha256/\(digest).tgz"
        if let folder = request.outputFolder {
            place = "\(folder)/\(file)"
            try makeFolder(folder)
            try writeFile(place, archive)
        }
        rows.append([name, chart.chart.metadata.version, "sha256:" + digest, place])
    }
    return try request.print(["CHART", "VERSION", "DIGEST", "PATH"], rows)
}

private func writeBuiltIn(_ request: Request) throws -> Int32 {
    guard let folder = request.outputFolder else {
        throw ChartFailure(
            path: "sail charts pull", reason: "the built-in charts need no cache; give --output-dir, or --charts")
    }
    let release = try request.options.catalogue().release(request.version).release
    if let notice = release.chartNotice { request.console.warn(notice) }
    var rows: [[String]] = []
    for name in request.options.chartNames {
        guard let component = Component(rawValue: name) else { continue }
        for file in BuiltInCharts.files(component, release) {
            let path = "\(folder)/\(name)/\(file.path)"
            try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
            try writeFile(path, Array(file.text.utf8))
        }
        rows.append([name, String(release.version.dropFirst()), "\(folder)/\(name)"])
    }
    return try request.print(["CHART", "VERSION", "PATH"], rows)
}

private func verifyCharts(_ request: Request) throws -> Int32 {
    guard var fetcher = try request.options.chartFetcher() else { return try verifyCache(request) }
    fetcher.refreshes = true
    fetcher.keeps = false
    let rows = try found(by: fetcher, request).map { name, chart in
        [name, chart.chart.metadata.version, chart.digest.map { "sha256:" + $0 } ?? "", chart.origin]
    }
    return try request.print(["CHART", "VERSION", "DIGEST", "ORIGIN"], rows)
}

/// The wanted charts in the order of the components, with their names.
private func found(by fetcher: ChartFetcher, _ request: Request) throws -> [(String, FoundChart)] {
    var fetcher = fetcher
    let known = Component.allCases.map(\.rawValue)
    let own = try request.version == nil ? fetcher.ownVersion(request.options.chartNames) : nil
    let release = try request.options.catalogue(asking: fetcher, of: request.version.map { [$0] } ?? [])
        .release(own ?? request.version, allowingOthers: true).release
    fetcher.pins = request.options.pins(of: release)
    let charts = try fetcher.charts(request.options.chartNames, of: known, version: release.version)
    for (_, chart) in charts { _ = try chart.chart.fitted(to: release, origin: chart.origin) }
    return known.compactMap { name in charts[name].map { (name, $0) } }
}

private func verifyCache(_ request: Request) throws -> Int32 {
    let entries = request.options.chartCache.entries()
    let code = try request.print(
        ["STATE", "CHART", "VERSION", "DIGEST", "SOURCE"],
        entries.map { [$0.isIntact ? "intact" : "damaged", $0.chart, $0.version, "sha256:" + $0.digest, $0.source] })
    let damaged = entries.count { !$0.isIntact }
    if damaged == 0 { return code }
    request.console.fail(
        "\(request.options.chartCache.folder): \(damaged) of \(entries.count) archives are damaged; they are fetched anew when "
            + "used, or empty the cache with sail charts cache --clear")
    return 1
}

private func showCache(_ request: Request) throws -> Int32 {
    let cache = request.options.chartCache
    if request.clears {
        let count = try cache.clear()
        return try request.print(
            Output("removed \(count) charts from \(cache.folder)\n") {
                ["folder": .string(cache.folder), "removed": .int(count)]
            })
    }
    let entries = cache.entries()
    let size = entries.reduce(0) { $0 + $1.bytes }
    var table = Table(["CHART", "VERSION", "KIB", "SOURCE"])
    for entry in entries {
        table.append([entry.chart, entry.version, String((entry.bytes + 1023) / 1024), entry.source])
    }
    let list = entries.isEmpty ? "" : table.text(style: request.console.style)
    return try request.print(
        Output("\(cache.folder): \(entries.count) charts, \((size + 1023) / 1024) KiB\n" + list) {
            ["folder": .string(cache.folder), "bytes": .int(size), "charts": .list(entries.map(\.tree))]
        })
}

extension Cache.Entry {
    fileprivate var tree: Value {
        [
            "chart": .string(chart), "version": .string(version), "digest": .string("sha256:" + digest),
            "bytes": .int(bytes), "source": .string(source), "intact": .bool(isIntact),
        ]
    }
}
