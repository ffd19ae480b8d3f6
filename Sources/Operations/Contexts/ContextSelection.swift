import Kubernetes
import Planning
import Values

/// The contexts of the kubeconfig that one command is about.
package enum ContextSelection: Sendable, Equatable {
    /// By names, or by patterns with `*` for any text and `?` for any one character.
    case named([String])
    case all
}

extension OperationOptions {
    /// The selected contexts: each once, in the order given; those of one pattern, and all, by their names. Throws where a
    /// name or a pattern fits none, and `ConnectionError` where the kubeconfig cannot be read.
    package func contexts(_ selection: ContextSelection) throws -> [String] {
        let known = try KubeconfigNames(cluster.connection, processEnvironment).contexts
        guard !known.isEmpty else {
            throw Failures(
                failures: [Failure(nil, "the kubeconfig has no contexts")],
                remedy: "fetch it again, or name another one with --kubeconfig")
        }
        guard case .named(let patterns) = selection else { return known }
        return try contextsFitting(patterns, among: known)
    }
}

/// The contexts that fit names or patterns. Throws `Failures` with all that fit none.
func contextsFitting(_ patterns: [String], among known: [String]) throws -> [String] {
    var chosen: [String] = []
    var failures: [Failure] = []
    for pattern in patterns {
        // A name may hold what a pattern reads as a sign.
        let found = known.contains(pattern) ? [pattern] : known.filter { $0.fits(pattern: pattern) }
        if found.isEmpty {
            let near = nearestContext(to: pattern, among: known).map { "; did you mean \($0)?" } ?? ""
            failures.append(Failure(nil, "no context of the kubeconfig fits \"\(pattern)\"\(near)".onOneLine))
        }
        chosen += found.filter { !chosen.contains($0) }
    }
    guard failures.isEmpty else {
        throw Failures(failures: failures, remedy: "choose of \(known.joined(most: 20))".onOneLine)
    }
    return chosen
}

/// The context that a name or a pattern was probably meant to fit; of a pattern what stands before its first `*` counts.
private func nearestContext(to pattern: String, among known: [String]) -> String? {
    let start = pattern.unicodeScalars.prefix { $0 != "*" }
    guard start.count < pattern.unicodeScalars.count, !start.isEmpty else { return nearest(to: pattern, among: known) }
    let starts = known.flatMap { name in
        (max(1, start.count - 1)...(start.count + 1)).map {
            (text: String(String.UnicodeScalarView(name.unicodeScalars.prefix($0))), name: name)
        }
    }
    let found = nearest(to: String(String.UnicodeScalarView(start)), among: starts.map(\.text))
    return starts.first { $0.text == found }?.name
}

extension String {
    /// Whether the whole text fits a pattern with `*` and `?`.
    func fits(pattern: String) -> Bool {
        let (text, pattern) = (Array(unicodeScalars), Array(pattern.unicodeScalars))
        var (place, sign) = (0, 0)
        // The last `*`, and how much of the text it stands for so far.
        var star: (sign: Int, place: Int)?
        while place < text.count {
            if sign < pattern.count, pattern[sign] == "*" {
                star = (sign, place)
                sign += 1
            } else if sign < pattern.count, pattern[sign] == "?" || pattern[sign] == text[place] {
                (place, sign) = (place + 1, sign + 1)
            } else if let last = star {
                star = (last.sign, last.place + 1)
                (place, sign) = (last.place + 1, last.sign + 1)
            } else {
                return false
            }
        }
        return pattern[sign...].allSatisfy { $0 == "*" }
    }
}
