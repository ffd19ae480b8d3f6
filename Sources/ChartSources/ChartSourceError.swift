internal import Values

/// Why a chart could not be had from its source; no text holds a password, a token or a query.
package enum ChartSourceError: Error, Sendable, Equatable {
    case unknownScheme(String)
    case malformed(text: String, reason: String)
    case plainHTTP(String)
    case registryPath(String)
    /// A path that does not exist or cannot be read.
    case unreadable(path: String, reason: String)
    /// A source without the chart of that name.
    case missingChart(source: String, chart: String, found: [String])
    case missingVersion(source: String, chart: String, version: String, nearest: [String])
    /// A chart that is none of those wanted.
    case strangeChart(origin: String, chart: String, wanted: [String])
    /// Two sources that give the same.
    case ambiguous(first: String, second: String, what: String)
    /// The file or folder cannot be loaded as a chart.
    case brokenChart(origin: String, reason: String)
    case wrongChart(origin: String, expected: String, found: String)
    /// The transport's own account of what failed.
    case transport(source: String, reason: String)
    case refusedRedirect(url: String, target: String, reason: String)
    /// An answer other than 200.
    case status(url: String, status: Int, detail: String)
    case unauthorized(url: String, detail: String)
    case invalidAnswer(url: String, reason: String)
    case wrongDigest(url: String, expected: String, actual: String)
    case missingDigest(url: String, chart: String)
    /// A chart that is not the one which its digest was given for; a folder has no digest.
    case wrongPin(origin: String, chart: String, expected: String, actual: String?)
    /// A chart of a stored source whose digest is not stored.
    case missingPin(source: String, chart: String)
    /// A text that cannot be fetched.
    case text(FetchedTextKind, url: String, reason: String)
    case credentials(program: String, reason: String)
    case cache(path: String, reason: String)
    /// The file with trusted authorities cannot be read.
    case authorities(path: String, reason: String)
}

extension ChartSourceError: CustomStringConvertible {
    /// One line: servers choose parts of it.
    package var description: String { text.printable }

    private var text: String {
        switch self {
        case .unknownScheme(let text):
            "--charts \(text): not a chart source; use a folder, a .tgz file, https://… or oci://…"
        case .malformed(let text, let reason):
            "--charts \(text): \(reason); use a folder, a .tgz file, https://… or oci://…"
        case .plainHTTP(let text): "\(text): plain http is refused; use https"
        case .registryPath(let text): "--charts \(text): a registry needs a host and a path, as in oci://host/charts"
        case .unreadable(let path, let reason): "\(path): \(reason); check the path given with --charts"
        case .missingChart(let source, let chart, let found):
            "\(source): has no chart \"\(chart)\"" + (found.isEmpty ? "" : " (it has \(found.joined(separator: ", ")))")
                + "; check --charts"
        case .missingVersion(let source, let chart, let version, let nearest):
            "\(source): chart \"\(chart)\" has no version \(version); "
                + (nearest.isEmpty ? "check --charts and --version" : "it has \(nearest.joined(separator: ", "))")
        case .strangeChart(let origin, let chart, let wanted):
            "\(origin): is the chart \"\(chart)\", which is none of \(wanted.joined(separator: ", ")); check --charts"
        case .ambiguous(let first, let second, let what):
            "--charts \(first) and \(second) both give \(what); leave one of them out"
        case .brokenChart(let origin, let reason): "\(origin): \(reason); this is no chart that can be used"
        case .wrongChart(let origin, let expected, let found):
            "\(origin): is \(found) where \(expected) was wanted; nothing was kept, do not trust this source"
        case .transport(_, let reason): reason
        case .refusedRedirect(let url, let target, let reason):
            "\(url): redirects to \(target), which \(reason); refused, nothing was kept"
        case .status(let url, let status, let detail):
            "\(url): the server answered \(status)" + (detail.isEmpty ? "" : " (\(detail))")
                + (status >= 500 || status == 429 ? "; try again later" : "; check the address")
        case .unauthorized(let url, let detail):
            "\(url): not authorized" + (detail.isEmpty ? "" : " (\(detail))")
                + "; log in with helm registry login, docker login or helm repo add"
        case .invalidAnswer(let url, let reason): "\(url): \(reason); is this the address of a chart source?"
        case .wrongDigest(let url, let expected, let actual):
            "\(url): has digest \(actual) instead of \(expected); nothing was kept, do not trust this source"
        case .missingDigest(let url, let chart):
            "\(url): lists \(chart) without a digest, so it cannot be checked; make the index with helm repo index"
        case .wrongPin(let origin, let chart, let expected, let actual?):
            "\(origin): the chart \"\(chart)\" has digest sha256:\(actual) and is pinned to sha256:\(expected); nothing "
                + "was kept, do not trust this source, or correct the digest"
        case .wrongPin(let origin, let chart, let expected, nil):
            "\(origin): the chart \"\(chart)\" is pinned to sha256:\(expected), and a folder has no digest; give its "
                + "archive (.tgz)"
        case .missingPin(let source, let chart):
            "\(source): no digest of the chart \"\(chart)\" is stored, so it is not fetched; give --charts \(source)"
        case .text(let kind, let url, let reason): "\(kind.flag) \(url): \(reason); use a file or https://…"
        case .credentials(let program, let reason): "\(program): \(reason); check this credential helper"
        case .cache(let path, let reason): "\(path): \(reason); check the cache folder (XDG_CACHE_HOME)"
        case .authorities(let path, let reason): "\(path): \(reason); check SSL_CERT_FILE"
        }
    }
}

extension String {
    /// On one line, and with nothing in it with which a server could write to the terminal.
    var printable: String { onOneLine }
}
