internal import Istio
internal import Objects
internal import Planning
internal import Values

/// Which versions the run would leave side by side, and by which steps.
func versionSkew(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    VersionSkew(live: facts.workloads.runningVersions, wanted: mesh.versions).findings.map { finding in
        Finding(
            finding.isBlocking ? .blocking : .warning, "version skew", finding.message, remedy: finding.remedy)
    }
}

/// Images that no registry would take, and those that do not tell their version: with these a run goes on only where
/// its user says so.
func images(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    mesh.images.images.compactMap { image in
        let name = image.component
        guard ImageReference(image.image) != nil else {
            return Finding(
                .blocking, "image", "\(name): \"\(image.image)\" is not a valid image reference",
                remedy: "correct hub, tag, variant and image in the values of global and of "
                    + image.component.valuesKey)
        }
        guard image.version == nil else { return nil }
        let assumed =
            image.labelled.map { "version \($0) of its chart is assumed" } ?? "version skew cannot be checked"
        var finding = Finding(
            .warning, "image", "\(name): image \(image.image) has no version of Istio in its tag; \(assumed)",
            remedy: "use a tag that begins with the version, such as 1.30.3-custom")
        finding.asks = true
        return finding
    }
}

/// istiod must be told to serve ambient; a run that forgets it would cut every enrolled pod off.
func ambientMode(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    let istiods = mesh.desired.filter { $0.component == .istiod && $0.identity.kind == "Deployment" }
    return istiods.filter { !$0.object.servesAmbient }.map {
        Finding(
            .blocking, "ambient mode", "\($0.identity): these values switch ambient mode off",
            remedy: "use --profile ambient and leave pilot.env.PILOT_ENABLE_AMBIENT alone; sail does not move a mesh "
                + "off ambient")
    }
}

extension Value {
    /// Whether this istiod serves ambient mode.
    var servesAmbient: Bool {
        let containers = self[path: "spec", "template", "spec", "containers"]?.list ?? []
        let variables = containers.flatMap { $0["env"]?.list ?? [] }
        return variables.first { $0["name"]?.string == "PILOT_ENABLE_AMBIENT" }?["value"]?.string == "true"
    }
}
