internal import Charts
internal import Values

/// Any chart, whatever its name: what `sail template` renders.
extension ChartFetcher {
    /// The one chart that the source names, or `name` of a repository; without `version` the newest release.
    package func chart(_ name: String?, version: String?) throws(ChartSourceError) -> FoundChart {
        guard let source = sources.first, sources.count == 1 else {
            throw .malformed(text: sources.map(\.text).joined(separator: ","), reason: "is not one source")
        }
        let found = try chart(name, version, in: source)
        let own = found.chart.metadata.version
        if let version, !version.isSameVersion(as: own) {
            throw .missingVersion(source: source.text, chart: found.chart.name, version: version, nearest: [own])
        }
        try keep(found, from: source)
        return found
    }

    private func chart(
        _ name: String?, _ version: String?, in source: ChartSource
    ) throws(ChartSourceError) -> FoundChart {
        let wanted: String
        switch source.place {
        case .path, .archive, .image:
            if let found = try single(source, [], version ?? "") { return found }
            throw .malformed(text: source.text, reason: "is a folder of charts; name one of them")
        case .registry(_, let path): wanted = name ?? path.split(separator: "/").last.map(String.init) ?? ""
        case .repository:
            guard let name else {
                throw .malformed(text: source.text, reason: "is no .tgz; a chart of a repository is --repo URL NAME")
            }
            wanted = name
        }
        var version = version
        if version == nil { version = try newest(wanted) }
        guard let version else {
            throw .missingVersion(source: source.text, chart: wanted, version: "any", nearest: [])
        }
        let isOne: Bool = if case .registry(_, let path) = source.place { path.hasSuffix("/" + wanted) } else { false }
        if isOne, let found = try single(source, [wanted], version) { return found }
        return try charts([wanted], in: source, version)[0]
    }

    /// The newest version that is a number, rather than one with a suffix; tags such as `latest` are none.
    private func newest(_ name: String) throws(ChartSourceError) -> String? {
        let listed = try listing([name])
        let versions = listed.filter { $0.chart == name && $0.version.isNumbered }.newestFirst
        return (versions.first { !$0.version.utf8.contains(UInt8(ascii: "-")) } ?? versions.first)?.version
    }
}

extension String {
    /// Whether it begins as a version does: `1.30.3-rc.1`.
    fileprivate var isNumbered: Bool {
        let parts = withoutVersionPrefix.prefix { $0 != "-" && $0 != "+" }.split(
            separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }
}
