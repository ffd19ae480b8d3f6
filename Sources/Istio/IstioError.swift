/// Why a mesh cannot be worked out from what the user gave; each message says where, what, and what to do.
package enum IstioError: Error, Equatable {
    /// `known` says which versions there are, where none is near.
    case unknownVersion(String, nearest: String?, known: String = "")
    /// A version of a minor without charts in the binary, or a prerelease; `known` says which versions have some.
    case noCharts(String, nearest: String, known: String)
    case unknownProfile(String, nearest: String?, known: [String])
    case unknownPlatform(String, nearest: String?, known: [String], version: String)
    /// A file that is built in cannot be used; a fault of this binary.
    case damagedAsset(path: String, reason: String)
    case unreadableFile(path: String, reason: String)
    /// A values file or `--set` flag that cannot be parsed.
    case unreadableValues(place: String, reason: String)
    case notAMapping(place: String)
    case contradiction(place: String, what: String, remedy: String)
    case unknownKey(place: String, path: String, hint: String)
    case wrongValue(place: String, path: String, expected: String, found: String)
    /// A map without a field that its type in Kubernetes requires.
    case missingField(place: String, path: String, field: String)
    case refusedField(place: String, path: String, remedy: String)
    case renderFailure(component: Component, reason: String)
    case unidentified(source: String, reason: String)
    /// A patch that fits no object, or not the one that it is for; the reason says what to do.
    case patchFailure(place: String, reason: String)
}

extension IstioError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownVersion(let version, let nearest, let known):
            "version \"\(version)\" is not known"
                + hint(nearest, or: "this sail knows \(known) (sail versions --all lists them)")
        case .noCharts(let version, let nearest, _) where IstioVersion(version).map(\.isPrerelease) == true:
            "version \"\(version)\" is a prerelease, and sail has charts of releases alone; give its charts with --charts "
                + "SOURCE, or choose \(nearest)"
        case .noCharts(let version, let nearest, let known):
            "version \"\(version)\" is not known: this sail knows \(known); choose \(nearest), the nearest, or give its "
                + "charts with --charts SOURCE"
        case .unknownProfile(let name, let nearest, let known):
            "profile \"\(name)\" is not known" + hint(nearest, or: "known: \(known.joined(separator: ", "))")
        case .unknownPlatform(let name, let nearest, let known, let version):
            "platform \"\(name)\" is not known to \(version)"
                + hint(nearest, or: "known: \(known.joined(separator: ", "))")
        case .damagedAsset(let path, let reason):
            "built-in \(path): \(reason); this binary is damaged, install it again"
        case .unreadableFile(let path, let reason): "\(path): \(reason)"
        case .unreadableValues(let place, let reason): "\(place): \(reason)"
        case .notAMapping(let place): "\(place): values are a map of keys, not a list or a single value"
        case .contradiction(let place, let what, let remedy): "\(place): \(what); \(remedy)"
        case .unknownKey(let place, let path, let hint): "\(place): unknown key \(path)\(hint)"
        case .wrongValue(let place, let path, let expected, let found):
            "\(place): \(path) must be \(expected), not \(found)"
        case .missingField(let place, let path, let field):
            "\(place): \(path) has no \(field), which Kubernetes requires there; add it"
        case .refusedField(let place, let path, let remedy): "\(place): \(path): \(remedy)"
        case .renderFailure(let component, let reason): "\(component): \(reason)"
        case .unidentified(let source, let reason): "\(source): \(reason)"
        case .patchFailure(let place, let reason): "\(place): \(reason)"
        }
    }

    private func hint(_ nearest: String?, or alternative: String) -> String {
        nearest.map { "; did you mean \($0)?" } ?? "; \(alternative)"
    }
}

/// Several failures at once, a line each.
package struct IstioErrors: Error, CustomStringConvertible {
    /// Each once, in the order in which they were found.
    package private(set) var errors: [IstioError] = []
    /// The number of errors that were found beside these.
    package let omitted: Int

    /// The errors that a message shows; a file of any size may hold more.
    package static let mostShown = 20

    package init(errors: [IstioError], omitted: Int = 0) {
        for error in errors where self.errors.count >= IstioErrors.mostShown || !self.errors.contains(error) {
            self.errors.append(error)
        }
        self.omitted = omitted
    }

    package var description: String {
        var lines = errors.prefix(IstioErrors.mostShown).map(\.description)
        let more = errors.count - lines.count + omitted
        if more > 0 { lines.append("and \(more) more") }
        return lines.joined(separator: "\n")
    }
}
