import Applying
import Glibc
import HelmReleases
import Istio
import Meshes
import Planning
import Preflight
internal import System
import Values

/// What can be refused without a look at a cluster.
extension OperationOptions {
    /// `install --dry-run=client`: prints the objects as for an empty cluster, and fails where such a run would be refused.
    package func rehearseOffline() throws -> Int32 {
        // What has no effect is said with the target.
        let mesh = try mesh(meshRequest())
        try refuseSkew(mesh)
        let objects = try objects(of: mesh)
        try ui.show(objects)
        let target = try target(mesh, objects, ReleaseHistory())
        let desired = try desiredMesh(target, isFirst: true)
        // Nothing is read: only checks that need nothing are made.
        var facts = ClusterFacts()
        facts.pending = preflightNeeds(.install)
        let findings = preflight(desired, facts, for: .install)
        for finding in findings where finding.severity == .warning {
            ui.warn("\(finding.message); \(finding.remedy)")
        }
        try refuse(findings.filter { $0.severity == .blocking })
        try checkRollout(target)
        try refuseLargeRecords(ReleaseRecorder.tooLarge(target.contents, request: target.note))
        return 0
    }

    /// A Secret holds 1 MB; a record that does not fit is known before anything is written.
    func refuseLargeRecords(_ tooLarge: [(name: String, excess: Int)]) throws {
        let failures = tooLarge.map { name, excess in
            Failure(
                nil,
                "the record of release \(name) would be \((excess + 1023) / 1024) KB larger than the 1 MB of a Secret")
        }
        guard !failures.isEmpty else { return }
        throw Failures(failures: failures, remedy: "make the values smaller; nothing was changed")
    }

    /// Throws the blocking findings, where there are any.
    func refuse(_ findings: [Finding]) throws {
        guard !findings.isEmpty else { return }
        throw Failures(findings.map { (Failure(nil, $0.message), $0.remedy) })
    }

    /// What a run knows of releases.
    func catalogue(of target: DesiredState) throws -> Catalogue { try target.catalogue ?? catalogue() }

    /// The target as the checks read it.
    func desiredMesh(_ target: DesiredState, isFirst: Bool = false) throws -> DesiredMesh {
        var mesh = DesiredMesh(
            platform: target.platform, desired: target.desired, isFirst: isFirst,
            allowsManaged: cluster.allowsManaged)
        mesh.places = target.places
        mesh.holdsOperatorLock = controller != nil
        guard let version = target.version else { return mesh }
        let (minor, _) = try catalogue(of: target).release(version, allowingOthers: true)
        if !minor.isKnown { ui.warn(unknownMinorNotice(minor.name)) }
        mesh.minor = minor.name
        mesh.kubernetes = minor.kubernetes
        mesh.support = minor.support(on: RFC3339.day(SystemClock.now()))
        mesh.allowsEndOfLife = cluster.allowsEndOfLife
        mesh.knownPlatforms = minor.platforms.map(\.name)
        return mesh
    }

    /// Refuses flags of a rollout that could not do what they say.
    func checkRollout(_ target: DesiredState) throws {
        let options = cluster.apply
        guard options.rollout != .rolling else {
            guard options.rolloutNodes == nil, options.rolloutPause == 0 else {
                throw Failures(
                    failures: [Failure(nil, "--ztunnel-nodes and --ztunnel-pause need a rollout in batches")],
                    remedy: "add --ztunnel-rollout batch=N")
            }
            return
        }
        if options.rolloutNodes != nil {
            guard case .batch = options.rollout else {
                throw Failures(
                    failures: [Failure(nil, "--ztunnel-nodes needs a rollout in batches")],
                    remedy: "add --ztunnel-rollout batch=N")
            }
        }
        guard let set = target.ztunnel else {
            throw Failures(
                failures: [Failure(nil, "--ztunnel-rollout is given, and ztunnel is not part of this run")],
                remedy: "leave it out, or add -c ztunnel")
        }
        guard set.object[path: "spec", "updateStrategy", "type"]?.string == "OnDelete" else {
            throw Failures(
                failures: [
                    Failure(set.identity, "its chart in \(target.version ?? "this version") has no update strategy")
                ],
                remedy: "rollouts other than rolling need Istio 1.26 or newer")
        }
    }
}
