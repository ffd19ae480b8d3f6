package import Istio
package import Values

/// Where the charts and the catalogue of a run came from, as its stored settings keep it.
package struct StoredSources: Sendable, Equatable {
    /// A catalogue that was laid over the built-in one.
    package struct OfCatalogue: Sendable, Equatable {
        /// A path or address, without what may be secret in it.
        package let source: String
        /// The SHA-256 of its text in hexadecimal.
        package let digest: String
        /// Whether the source alone leads to it from every machine.
        package let isPublic: Bool

        package init(source: String, digest: String, isPublic: Bool) {
            (self.source, self.digest, self.isPublic) = (source, digest, isPublic)
        }
    }

    /// Paths or addresses, without what may be secret in them; none where the charts were the binary's.
    package var charts: [String] = []
    /// Whether these alone lead to the charts from every machine.
    package var chartsArePublic = false
    /// The SHA-256 of each chart's archive in hexadecimal, as far as there was one.
    package var digests: [Component: String] = [:]
    package var catalogue: OfCatalogue?

    package init() {}

    /// From the stored settings in a record; what has not the form is passed over.
    init(_ request: Value) {
        let charts = request["charts"]
        self.charts = (charts?["sources"]?.list ?? []).compactMap(\.string)
        chartsArePublic = charts?["public"]?.bool ?? false
        for component in Component.allCases {
            digests[component] = charts?[path: "digests", component.rawValue]?.string.flatMap(storedDigest)
        }
        if let source = request[path: "catalogue", "source"]?.string,
            let digest = request[path: "catalogue", "digest"]?.string.flatMap(storedDigest)
        {
            catalogue = OfCatalogue(
                source: source, digest: digest, isPublic: request[path: "catalogue", "public"]?.bool ?? false)
        }
    }

    /// What of it is stored: `charts` and `catalogue`, each only where it is not the binary's.
    package var note: Mapping {
        var note = Mapping()
        if !charts.isEmpty {
            note.set(.list(charts.map { .string($0) }), at: ["charts", "sources"])
            note.set(.bool(chartsArePublic), at: ["charts", "public"])
            for (component, digest) in digests.sorted(by: { $0.key.rawValue.precedesByBytes($1.key.rawValue) }) {
                note.set(.string("sha256:" + digest), at: ["charts", "digests", component.rawValue])
            }
        }
        if let catalogue {
            note["catalogue"] = [
                "source": .string(catalogue.source), "digest": .string("sha256:" + catalogue.digest),
                "public": .bool(catalogue.isPublic),
            ]
        }
        return note
    }
}
