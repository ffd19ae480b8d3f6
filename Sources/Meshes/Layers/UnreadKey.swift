import Istio
import Values

/// A key of the user's values that no chart reads there, and what to do about it.
struct UnreadKey {
    private let path: [String]
    private let values: Mapping

    init(_ path: [String], in values: Mapping) {
        self.path = path
        self.values = values
    }

    /// What to do, the surest first: advice about this very key, the place where it is read, the nearest name.
    var hint: String {
        if path.count == 2, path[0] == "gateways", !Gateways.wanted(in: values).isEmpty { return Gateways.remedy }
        if let (given, wanted) = KeyAdvice.unwrapped(path, in: values) {
            let text = "write what is below it at the root: "
            if !ChartSchema.readers(of: wanted).isEmpty {
                return text + "\(dotted(wanted)) instead of \(dotted(given))"
            }
            return text + "for \(dotted(given)), " + UnreadKey(wanted, in: values).hint
        }
        if let advice = KeyAdvice.text(at: path) { return advice }
        let places = UnreadKey.places(of: tail).filter { $0.path != path }
        if !places.isEmpty { return "write " + UnreadKey.list(places) }
        let key = path[path.count - 1]
        let known = ChartSchema.known(at: Array(path.dropLast()))
        if let near = nearest(to: key, among: known) { return "did you mean \(near)?" }
        if let near = nearest(to: key, among: UnreadKey.allKeys), path.count <= 2 {
            return "did you mean " + UnreadKey.list(UnreadKey.places(of: [near])) + "?"
        }
        return known.isEmpty ? "remove it" : UnreadKey.shown(known, below: path.dropLast())
    }

    /// `known here: a, b`; of many keys the command that lists them.
    private static func shown(_ known: [String], below path: ArraySlice<String>) -> String {
        let sorted = known.sorted { $0.precedesByBytes($1) }
        guard sorted.count > 12 else { return "known here: " + sorted.joined(separator: ", ") }
        if path.isEmpty { return "known at the root: " + sorted.joined(separator: ", ") }
        return
            "sail values --explain \(path.joined(separator: ".")) lists the \(sorted.count) keys that are known there"
    }

    /// The path without the section that it is in.
    private var tail: [String] {
        path.count > 1 && UnreadKey.sections.contains(path[0]) ? Array(path.dropFirst()) : path
    }

    private func dotted(_ path: [String]) -> String { path.joined(separator: ".") }

    private static let sections = ["global"] + Component.allCases.map(\.traits.key)

    private static var allKeys: [String] {
        sections.flatMap { ChartSchema.known(at: [$0]) }
    }

    /// Where the key is read, and by which components.
    private static func places(of tail: [String]) -> [(path: [String], readers: [Component])] {
        let candidates = [tail] + sections.map { [$0] + tail }
        return candidates.filter { KeyAdvice.text(at: $0) == nil }
            .map { ($0, ChartSchema.readers(of: $0)) }.filter { !$0.1.isEmpty }
    }

    /// `global.hub for all, pilot.hub for istiod or ztunnel.hub for ztunnel`
    private static func list(_ places: [(path: [String], readers: [Component])]) -> String {
        let words = places.map { path, readers in
            let name = path.joined(separator: ".")
            if places.count == 1 { return name }
            let isForAll = Set(readers).isSuperset(of: [.istiod, .cni, .ztunnel])
            return "\(name) for " + (isForAll ? "all" : enumeration(readers.map(\.rawValue), "and"))
        }
        return enumeration(words, "or")
    }

    /// `a, b and c`
    private static func enumeration(_ words: [String], _ conjunction: String) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
    }
}
