/// Where a component's chart comes from, as `--charts` spells it.
///
/// `./charts` (a folder of charts, or one chart), `istiod-1.30.3.tgz`, `https://host/charts` (a repository with an
/// index.yaml), `oci://host/path` (a registry with one repository per chart beneath `path`).
package enum ChartSource: Sendable, Equatable {
    case path(String)
    case repository(url: String)
    case registry(host: String, path: String)

    /// Throws `ChartSourceError.unknownScheme` for schemes that are none of these.
    package init(_ text: String) throws(ChartSourceError) {
        guard let scheme = text.firstScheme else {
            self = .path(text)
            return
        }
        let rest = String(text.dropFirst(scheme.count + 3).trimmingSlashes)
        switch scheme {
        case "https": self = .repository(url: "https://" + rest)
        case "http" where rest.hasLoopbackHost: self = .repository(url: "http://" + rest)
        case "http": throw .plainHTTP(text)
        case "oci":
            guard let slash = rest.firstIndex(of: "/"), slash != rest.startIndex else { throw .registryPath(text) }
            self = .registry(host: String(rest[..<slash]), path: String(rest[rest.index(after: slash)...]))
        case "file": self = .path("/" + rest)
        default: throw .unknownScheme(text)
        }
    }

    /// The text that names this source again.
    package var text: String {
        switch self {
        case .path(let path): path
        case .repository(let url): url
        case .registry(let host, let path): "oci://\(host)/\(path)"
        }
    }

    /// Whether charts come over the network.
    package var isRemote: Bool {
        if case .path = self { false } else { true }
    }
}

extension String {
    /// `https` of `https://…`; `nil` for a path.
    fileprivate var firstScheme: Substring? {
        guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")), self[colon...].hasPrefix("://") else { return nil }
        return self[..<colon]
    }

    /// Plain http is taken only from this machine itself, where nobody is in between.
    var hasLoopbackHost: Bool {
        ["127.0.0.1", "localhost", "[::1]"].contains { host in
            hasPrefix(host) && [nil, ":", "/"].contains(dropFirst(host.count).first)
        }
    }
}

extension Substring {
    var trimmingSlashes: Substring {
        var text = self
        while text.last == "/" { text.removeLast() }
        return text
    }
}

/// Why a chart could not be had from its source.
package enum ChartSourceError: Error, Sendable, Equatable {
    case unknownScheme(String)
    case plainHTTP(String)
    case registryPath(String)
    /// A path that does not exist or cannot be read.
    case unreadable(path: String, reason: String)
    /// A folder without the chart of that name.
    case missingChart(source: String, chart: String, found: [String])
    case missingVersion(source: String, chart: String, version: String, nearest: [String])
    /// The transport's own account of what failed.
    case transport(source: String, reason: String)
    /// An answer other than 200.
    case status(url: String, status: Int, detail: String)
    case unauthorized(url: String, detail: String)
    case invalidAnswer(url: String, reason: String)
    case wrongDigest(url: String, expected: String, actual: String)
    case credentials(program: String, reason: String)
    case cache(path: String, reason: String)
}

extension ChartSourceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownScheme(let text):
            "--charts \(text): not a chart source; use a folder, a .tgz file, https://… or oci://…"
        case .plainHTTP(let text): "--charts \(text): plain http is refused; use https"
        case .registryPath(let text): "--charts \(text): a registry needs a host and a path, as in oci://host/charts"
        case .unreadable(let path, let reason): "\(path): \(reason); check the path given with --charts"
        case .missingChart(let source, let chart, let found):
            "\(source): has no chart \"\(chart)\"" + (found.isEmpty ? "" : " (it has \(found.joined(separator: ", ")))")
                + "; check --charts"
        case .missingVersion(let source, let chart, let version, let nearest):
            "\(source): chart \"\(chart)\" has no version \(version)"
                + (nearest.isEmpty ? "" : "; nearest: \(nearest.joined(separator: ", "))")
        case .transport(_, let reason): reason
        case .status(let url, let status, let detail):
            "\(url): the server answered \(status)" + (detail.isEmpty ? "" : " (\(detail))")
        case .unauthorized(let url, let detail):
            "\(url): not authorized" + (detail.isEmpty ? "" : " (\(detail))")
                + "; log in with docker login or helm registry login"
        case .invalidAnswer(let url, let reason): "\(url): \(reason); is this the address of a chart source?"
        case .wrongDigest(let url, let expected, let actual):
            "\(url): has digest \(actual) instead of \(expected); nothing was kept, do not trust this source"
        case .credentials(let program, let reason): "\(program): \(reason); check the credentials helper"
        case .cache(let path, let reason): "\(path): \(reason); check the cache folder (XDG_CACHE_HOME)"
        }
    }
}
