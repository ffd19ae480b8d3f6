import Glibc
import Istio
import Kubernetes
import Objects
import Planning
import Releases
import Terminal
import Values

extension Session {
    static var serverVersion: Call { .get("/version") }

    /// Refuses what would break the mesh: wrong Kubernetes, a step too far, an end-of-life version, ambient dropped.
    func check(_ target: Target, isFirst: Bool) throws {
        guard let version = target.version else { return }
        let catalogue = try Catalogue.builtIn()
        let (minor, _) = try catalogue.release(version, allowingOthers: !request.charts.isEmpty)
        try checkSupport(minor, isFirst: isFirst)
        try checkKubernetes(minor)
        try checkAmbient(target)
        let workloads = try cluster.workloads()
        try refuseOtherMeshes(target, workloads)
        guard !isFirst else { return }
        try checkSkew(workloads, minor.name)
        sayChanges(catalogue, from: workloads, to: minor)
    }

    /// A mesh of sidecars would lose its control plane to one that its pods do not know; two istiods would fight.
    private func refuseOtherMeshes(_ target: Target, _ workloads: [Workload]) throws {
        let findings = otherControlPlanes(target.desired, workloads)
        guard let first = findings.first else { return }
        throw Failures(failures: findings.map { Failure(nil, $0.message) }, remedy: first.remedy)
    }

    private func checkSupport(_ minor: Minor, isFirst: Bool) throws {
        let support = minor.support(on: String(rfc3339(Int(time(nil))).prefix(10)))
        guard let text = support.complaint(minor.name) else { return }
        if case .ended = support, isFirst, !request.cluster.allowsEndOfLife {
            throw Failures(
                failures: [Failure(nil, text)], remedy: "choose a newer --version, or insist with --allow-end-of-life")
        }
        console.warn(text)
    }

    private func checkKubernetes(_ minor: Minor) throws {
        let server = try client.send(Session.serverVersion)
        let major = server["major"]?.string ?? "1"
        let digits = (server["minor"]?.string ?? "").prefix { $0.isNumber }
        guard let number = Int(digits), let least = minorNumber(minor.kubernetes.least) else { return }
        if number < least {
            throw Failures(
                failures: [
                    Failure(
                        nil,
                        "Istio \(minor.name) needs Kubernetes \(minor.kubernetes.least), this is \(major).\(number)")
                ],
                remedy: "upgrade the cluster, or choose an older --version")
        }
        if let most = minorNumber(minor.kubernetes.most), number > most {
            console.warn(
                "Istio \(minor.name) is tested up to Kubernetes \(minor.kubernetes.most), this is \(major).\(number)")
        }
    }

    /// istiod must be told to serve ambient; an upgrade that forgets it would cut every enrolled pod off.
    private func checkAmbient(_ target: Target) throws {
        let istiod = target.desired.first { $0.component == "istiod" && $0.identity.kind == "Deployment" }
        guard let istiod else { return }
        let containers = istiod.object[path: "spec", "template", "spec", "containers"]?.list ?? []
        let variables = containers.flatMap { $0["env"]?.list ?? [] }
        let ambient = variables.first { $0["name"]?.string == "PILOT_ENABLE_AMBIENT" }
        guard ambient?["value"]?.string != "true" else { return }
        throw Failures(
            failures: [Failure(istiod.identity, "these values switch ambient mode off")],
            remedy:
                "use --profile ambient and leave pilot.env.PILOT_ENABLE_AMBIENT alone; sail does not move a mesh off ambient"
        )
    }

    /// The control plane may be one minor ahead of the data plane, never behind; one minor a step, down at most one.
    private func checkSkew(_ workloads: [Workload], _ minor: String) throws {
        guard let wanted = minorNumber(minor) else { return }
        var failures: [Failure] = []
        for workload in workloads {
            for version in workload.versions {
                guard let live = minorNumber(version), version.hasPrefix("1.") else { continue }
                if wanted > live + 1 {
                    failures.append(
                        Failure(
                            workload.identity,
                            "runs \(version): more than one minor behind 1.\(wanted); go by 1.\(live + 1) first"))
                } else if wanted < live - 1 {
                    failures.append(
                        Failure(
                            workload.identity,
                            "runs \(version): more than one minor ahead of 1.\(wanted); go by 1.\(live - 1) first"))
                }
            }
        }
        if !failures.isEmpty {
            throw Failures(failures: failures, remedy: "one minor at a time: choose such a --version")
        }
    }

    private func sayChanges(_ catalogue: Catalogue, from workloads: [Workload], to minor: Minor) {
        let live = workloads.flatMap(\.versions).compactMap(minorNumber).min()
        guard let live, let wanted = minorNumber(minor.name), live < wanted else { return }
        for step in catalogue.minors.reversed() {
            guard let number = minorNumber(step.name), number > live, number <= wanted else { continue }
            for change in step.changes {
                console.note("\(step.name): \(change.text)\(change.remedy)")
            }
        }
    }
}

extension Session {
    /// Refuses flags of a rollout that could not do what they say.
    func checkRollout(_ target: Target) throws {
        let options = request.cluster.apply
        guard options.rollout != .rolling else {
            guard options.rolloutNodes == nil, options.rolloutPause == 0 else {
                throw Failures(
                    failures: [Failure(nil, "--ztunnel-nodes and --ztunnel-pause need a rollout in batches")],
                    remedy: "add --ztunnel-rollout batch=N")
            }
            return
        }
        try checkNodes(options)
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

extension Session {
    /// A selector that fits no node would leave every node as it is, and look like success.
    private func checkNodes(_ options: ApplyOptions) throws {
        guard let selector = options.rolloutNodes else { return }
        guard case .batch = options.rollout else {
            throw Failures(
                failures: [Failure(nil, "--ztunnel-nodes needs a rollout in batches")],
                remedy: "add --ztunnel-rollout batch=N")
        }
        let found: [Value]
        do {
            found = try client.list("/api/v1/nodes", Selection(labels: selector)).items
        } catch {
            guard error.status?.code == 400 else { throw error }
            throw Failures(
                failures: [Failure(nil, "--ztunnel-nodes \(selector): \(error)")],
                remedy: "write it as kubectl's -l: zone=a,!old")
        }
        guard found.isEmpty else { return }
        throw Failures(
            failures: [Failure(nil, "--ztunnel-nodes \(selector): no node has these labels")],
            remedy: "see them with kubectl get nodes --show-labels")
    }
}

extension Target {
    /// ztunnel's DaemonSet.
    var ztunnel: Desired? {
        desired.first { $0.component == "ztunnel" && $0.identity.kind == "DaemonSet" }
    }
}
