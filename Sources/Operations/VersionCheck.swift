import ClusterState
package import Istio
import Kubernetes
import Objects
import Values

/// What runs on a cluster, beside what this sail knows and installs.
package struct VersionCheck: Sendable {
    /// The context, with the server's address and version.
    package var cluster = ""
    package var server = ""
    package var kubernetes = ""
    package var parts: [Part]
    /// The version that one upgrade leads to; `nil` where there is nothing to upgrade.
    package var next: String?

    /// One workload of the mesh.
    package struct Part: Sendable, Equatable {
        package var workload: String
        package var component: Component
        /// What its pods run, oldest first.
        package var versions: [String]
        package var standing: VersionStanding
    }

    /// Whether this sail knows all that runs.
    package var isKnown: Bool { parts.allSatisfy { !$0.standing.isUnknown } }
}

/// How a version that runs stands to those that this sail knows.
package enum VersionStanding: String, Sendable, CaseIterable {
    /// Its image's tag tells no version.
    case untold
    case current
    /// Known, and before or after the one that is installed by default.
    case older
    case newer
    /// Before the first, or after the last, that this sail knows.
    case tooOld
    case tooNew

    /// Whether this sail cannot say how to go on from there.
    package var isUnknown: Bool { self == .tooOld || self == .tooNew }
}

extension VersionCheck {
    /// Compares what runs with a catalogue. Pure.
    package init(_ workloads: [Workload], _ catalogue: Catalogue) {
        parts = workloads.map { workload in
            let standings = workload.images.map { $0.judged.map(catalogue.standing) ?? .untold }
            return Part(
                workload: workload.identity.description, component: workload.component, versions: workload.versions,
                standing: standings.max { $0.weight < $1.weight } ?? .untold)
        }
        let oldest = workloads.flatMap { $0.images.compactMap(\.judged) }.min()
        guard let oldest, let last = IstioVersion(catalogue.defaultVersion), isKnown else { return }
        next = catalogue.newer(than: oldest.releaseName).last { ($0.number ?? oldest) <= last }?.version
    }
}

extension VersionStanding {
    /// Of several images of a workload the one with the largest is told.
    fileprivate var weight: Int {
        switch self {
        case .current: 0
        case .newer: 1
        case .older: 2
        case .untold: 3
        case .tooOld: 4
        case .tooNew: 5
        }
    }
}

extension Catalogue {
    /// How a version stands to those of this catalogue; a later patch of a known minor is known.
    func standing(of version: IstioVersion) -> VersionStanding {
        guard let installed = IstioVersion(defaultVersion) else { return .untold }
        if version.agrees(with: installed) { return .current }
        let numbers = minors.compactMap { IstioVersion($0.name) }
        if let first = numbers.min(), version.minors(aheadOf: first).map({ $0 < 0 }) ?? (version < first) {
            return .tooOld
        }
        if let last = numbers.max(), version.minors(aheadOf: last).map({ $0 > 0 }) ?? (version > last) {
            return .tooNew
        }
        return version < installed ? .older : .newer
    }
}

extension ClusterSession {
    /// Reads what runs on the cluster, and compares it with what this sail knows.
    package func versionCheck() throws -> VersionCheck {
        let workloads = try cluster.workloads()
        try refuseOtherNamespace(workloads)
        var check = VersionCheck(workloads, try options.catalogue())
        check.cluster = client.connection.name
        check.server = client.connection.server.coveringPasswords
        check.kubernetes = try serverVersion()
        return check
    }
}
