internal import Istio
internal import Objects
internal import Planning
package import Values

/// Something that keeps a mesh by itself, and would undo what sail does.
package struct MeshManager: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The Deployment of an operator; the command that stops it.
        case deployment(stop: String)
        /// The Lease that an operator renews.
        case lease
        /// Argo CD or Flux, by what they leave on the objects.
        case gitOps
    }

    package let kind: Kind
    /// In which namespace it runs; empty where that is not known.
    package let namespace: String
    /// What was found, as a sentence's subject: `Deployment sail-operator/sail-operator`.
    package let sign: String

    package init(kind: Kind, namespace: String, sign: String) {
        self.kind = kind
        self.namespace = namespace
        self.sign = sign
    }

    // MARK: - Operators

    /// The Lease by which the Sail Operator, and sail's own controller, elect the one that works.
    package static let leaseName = "sail-operator-lock"

    private static let names = ["sail-operator", "servicemesh-operator3", "istio-operator"]
    private static let labels = [
        "app.kubernetes.io/name", "app.kubernetes.io/part-of", "app.kubernetes.io/created-by", "control-plane", "app",
        "name",
    ]
    private static let labelled = names + ["sailoperator"]

    /// An operator's Deployment that has replicas; `nil` for any other.
    package init?(deployment: Value) {
        guard (deployment["spec"]?["replicas"]?.int ?? 1) > 0, deployment.isOperator else { return nil }
        let (namespace, name) = (deployment.namespace, deployment.name)
        self.init(
            kind: .deployment(stop: "kubectl -n \(namespace) scale deployment/\(name) --replicas=0"),
            namespace: namespace, sign: "Deployment \(namespace)/\(name)")
    }

    /// The holder of an operator's Lease, whether it is alive or not; `nil` for any other.
    package init?(lease: Value) {
        guard lease.name.hasSameBytes(as: MeshManager.leaseName),
            let holder = lease["spec"]?["holderIdentity"]?.string, !holder.isEmpty
        else { return nil }
        self.init(
            kind: .lease, namespace: lease.namespace,
            sign: "Lease \(lease.namespace)/\(lease.name), held by \(holder)")
    }

    /// What a Lease says of its holder by the clock alone.
    package enum LeaseState: Sendable, Equatable {
        /// Renewed within its duration.
        case renewed
        /// The clocks may differ: its holder lives if the Lease changes within these seconds.
        case doubtful(seconds: Int)
        case expired
    }

    /// The state of a held Lease at `now`, in seconds since 1970. A holder's clock may be wrong by hours; only a time
    /// further back than that is proof.
    package static func state(ofLease lease: Value, now: Int, seconds: (String) -> Int?) -> LeaseState {
        guard let renewed = lease["spec"]?["renewTime"]?.string.flatMap(seconds) else { return .expired }
        let duration = min(max(lease["spec"]?["leaseDurationSeconds"]?.int ?? 15, 1), 30)
        let (age, isTooLarge) = now.subtractingReportingOverflow(renewed)
        if isTooLarge || age > 2 * 3600 { return .expired }
        return (0...duration).contains(age) ? .renewed : .doubtful(seconds: duration)
    }

    fileprivate static func isOperator(name: String, labels: Value?, containers: [Value]) -> Bool {
        if names.contains(where: name.hasPrefix) { return true }
        if MeshManager.labels.contains(where: { key in labelled.contains(labels?[key]?.string ?? "") }) { return true }
        return containers.contains { container in
            let image = container["image"]?.string ?? ""
            let path = (ImageReference(image)?.repository ?? image).split(separator: "/")
            let last = path.last ?? ""
            if names.contains(where: { last.contains($0) }) { return true }
            if last == "operator", path.dropLast().last.map({ $0.hasPrefix("istio") }) ?? false { return true }
            let words = (container["command"]?.list ?? []) + (container["args"]?.list ?? [])
            let isSail = last == "sail" || words.first?.string?.hasSuffix("/sail") ?? false || words.first == "sail"
            return isSail && words.contains("reconcile")
        }
    }

    // MARK: - Argo CD and Flux

    /// What keeps an object of the mesh from a repository; `nil` where nothing does.
    package init?(object: Value) {
        let labels = object.metadata.labels
        let tracking = object.metadata.annotations["argocd.argoproj.io/tracking-id"]?.string
        let owners = Set(object.managers.filter { $0.subresource.isEmpty }.map(\.name))
        let isArgos = !owners.isDisjoint(with: ["argocd-controller", "argocd-application-controller"])
        let instance = isArgos ? labels["app.kubernetes.io/instance"]?.string : nil
        if let application = tracking?.split(separator: ":").first.map(String.init)
            ?? labels["argocd.argoproj.io/instance"]?.string ?? instance
        {
            self.init(kind: .gitOps, namespace: "", sign: "Argo CD application \(application)")
        } else if isArgos {
            self.init(kind: .gitOps, namespace: "", sign: "Argo CD")
        } else if let name = labels["kustomize.toolkit.fluxcd.io/name"]?.string {
            let namespace = labels["kustomize.toolkit.fluxcd.io/namespace"]?.string ?? ""
            self.init(kind: .gitOps, namespace: namespace, sign: "Flux Kustomization \(namespace)/\(name)")
        } else if let name = labels["helm.toolkit.fluxcd.io/name"]?.string {
            let namespace = labels["helm.toolkit.fluxcd.io/namespace"]?.string ?? ""
            self.init(kind: .gitOps, namespace: namespace, sign: "Flux HelmRelease \(namespace)/\(name)")
        } else if let owner = ["kustomize-controller", "helm-controller"].first(where: owners.contains) {
            self.init(kind: .gitOps, namespace: "", sign: "Flux (\(owner))")
        } else {
            return nil
        }
    }
}

extension Value {
    fileprivate var isOperator: Bool {
        MeshManager.isOperator(
            name: name, labels: self["metadata"]?["labels"],
            containers: self[path: "spec", "template", "spec", "containers"]?.list ?? [])
    }
}

/// Operators at work: their Deployments, and Leases of those whose Deployment was not found.
func operatorsAtWork(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    guard !mesh.holdsOperatorLock else { return [] }
    return facts.managers.compactMap { manager in
        guard case .deployment(let stop) = manager.kind else { return nil }
        return finding(mesh, "\(manager.sign) is at work and would undo what sail does", stop: "stop it (\(stop))")
    }
}

func operatorLeases(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    guard !mesh.holdsOperatorLock else { return [] }
    let known = Set(facts.managers.filter { if case .deployment = $0.kind { true } else { false } }.map(\.namespace))
    return facts.managers.filter { $0.kind == .lease && !known.contains($0.namespace) }.map { manager in
        finding(
            mesh, "\(manager.sign), is being renewed: an operator is at work and would undo what sail does",
            stop: "stop the operator in namespace \(manager.namespace) and wait until its Lease expires")
    }
}

/// Argo CD and Flux would put back what their repository says.
func gitOpsManagers(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    facts.managers.filter { $0.kind == .gitOps }.map { manager in
        finding(
            mesh, "\(manager.sign) manages objects of the mesh and would undo what sail does",
            stop: "change the mesh there, or take its objects out of it without deleting them")
    }
}

private func finding(_ mesh: DesiredMesh, _ message: String, stop: String) -> Finding {
    Finding(
        mesh.allowsManaged ? .warning : .blocking, "manager", message,
        remedy: "\(stop), then take the mesh over with sail adopt, or continue with --allow-managed")
}
