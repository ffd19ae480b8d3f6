import Capture
import Istio
import Testing
import Values

/// Whom the CNI agent captures.
@Suite struct CaptureRulesTests {
    private let enrolled = [IstioLabel.mode: "ambient"]

    private func rules(_ node: CaptureNode = CaptureNode(hasAgent: true, hasZtunnel: true)) -> CaptureRules {
        CaptureRules(nodes: ["n1": node])
    }

    @Test func aRunningPodOfAnEnrolledNamespaceIsWaitedForUntilItIsMarked() throws {
        #expect(try rules().state(of: pod(), namespace: enrolled) == .waiting)
        let marked = try pod(metadata: "annotations: {ambient.istio.io/redirection: enabled}")
        #expect(rules().state(of: marked, namespace: enrolled) == .captured)
        let pending = try pod(metadata: "annotations: {ambient.istio.io/redirection: pending}")
        #expect(rules().state(of: pending, namespace: enrolled) == .waiting)
        let unstarted = try object("{kind: Pod, metadata: {name: a, namespace: shop}, status: {phase: Pending}}")
        #expect(rules().state(of: unstarted, namespace: enrolled) == .starting)
    }

    @Test(arguments: [
        ("app: web", "", "", "", [:], CaptureObstacle.notEnrolled),
        ("istio.io/dataplane-mode: none", "", "", "", [IstioLabel.mode: "ambient"], .optedOut),
        ("app: web", "hostNetwork: true", "", "", [IstioLabel.mode: "ambient"], .hostNetwork),
        (
            "app: web", "", "annotations: {sidecar.istio.io/status: '{}'}", "", [IstioLabel.mode: "ambient"],
            .sidecar
        ),
        ("gateway.networking.k8s.io/gateway-name: w", "", "", "", [IstioLabel.mode: "ambient"], .gateway),
        (
            "gateway.networking.k8s.io/gateway-name: w, istio.io/dataplane-mode: none", "", "", "",
            [IstioLabel.mode: "ambient"], .gateway
        ),
        ("app: ztunnel", "", "", "", [IstioLabel.mode: "ambient"], .ztunnel),
        ("app: web", "", "deletionTimestamp: now", "", [IstioLabel.mode: "ambient"], .terminating),
    ])
    func whoIsLeftOut(
        labels: String, spec: String, metadata: String, status: String, namespace: [String: String],
        reason: CaptureObstacle
    ) throws {
        let pod = try pod(labels: labels, spec: spec, metadata: metadata, status: status)
        #expect(rules().state(of: pod, namespace: namespace) == .excluded(reason))
    }

    @Test func podsThatHaveEndedAreLeftOut() throws {
        let pod = try object("{kind: Pod, metadata: {name: a, namespace: shop}, status: {phase: Succeeded}}")
        #expect(rules().state(of: pod, namespace: enrolled) == .excluded(.ended))
    }

    @Test(arguments: [
        (CaptureNode(isWindows: true), CaptureObstacle.windows), (CaptureNode(hasZtunnel: true), .noAgent),
        (CaptureNode(hasAgent: true), .noZtunnel),
    ])
    func theNodeHasToCapture(node: CaptureNode, reason: CaptureObstacle) throws {
        #expect(try rules(node).state(of: pod(), namespace: enrolled) == .excluded(reason))
        // What is not known is not looked at.
        #expect(try CaptureRules().state(of: pod(), namespace: enrolled) == .waiting)
    }

    @Test func theAgentsExclusionsAndSelectorsCount() throws {
        var rules = rules()
        rules.excludedNamespaces = ["shop"]
        #expect(try rules.state(of: pod(), namespace: enrolled) == .excluded(.excludedNamespace))
        rules.excludedNamespaces = []
        rules.selectors = [["podSelector": ["matchLabels": ["mesh": "yes"]]]]
        #expect(try rules.state(of: pod(), namespace: enrolled) == .excluded(.notSelected))
        #expect(try rules.state(of: pod(labels: "mesh: 'yes'"), namespace: enrolled) == .waiting)
    }

    @Test func aPodsOwnLabelEnrolsItAlone() throws {
        #expect(try rules().state(of: pod(labels: "istio.io/dataplane-mode: ambient"), namespace: [:]) == .waiting)
    }

    @Test func aRestartIsAdvisedOnlyWhereItHelps() throws {
        let states: [(CaptureState, String?)] = [
            (.waiting, "kubectl -n shop rollout restart deployment/web"), (.captured, nil), (.starting, nil),
            (.excluded(.hostNetwork), nil), (.excluded(.windows), nil), (.excluded(.ended), nil),
        ]
        for (state, command) in states {
            let captures = workloadCaptures([(try pod(), state)])
            #expect(captures.map(\.title) == ["Deployment shop/web"])
            #expect(captures[0].remedy == command)
        }
        let sidecar = workloadCaptures([(try pod(), .excluded(.sidecar))])[0]
        #expect(sidecar.remedy?.hasPrefix("take the injection off, then ") == true)
        #expect(workloadCaptures([(try pod(), .excluded(.noZtunnel))])[0].remedy?.contains("no restart") == true)
    }

    // MARK: - Namespaces

    @Test(arguments: [
        ("istio-injection: enabled", "has label istio-injection=enabled"),
        ("istio.io/rev: canary", "istio.io/rev=canary"),
    ])
    func namespacesWithSidecarsAreRefused(label: String, words: String) throws {
        let namespace = NamespaceEnrolment(try object("metadata: {name: shop, labels: {\(label)}}"))
        let refusal = try #require(namespace.refusal(meshNamespaces: [], CaptureRules()))
        #expect(refusal.message.contains(words))
        #expect(refusal.remedy.contains("kubectl label namespace shop"))
    }

    @Test func theMeshAndExcludedNamespacesAreRefused() throws {
        let namespace = NamespaceEnrolment(try object("metadata: {name: shop, labels: {istio-injection: disabled}}"))
        #expect(namespace.refusal(meshNamespaces: [], CaptureRules()) == nil)
        #expect(
            namespace.refusal(meshNamespaces: ["shop"], CaptureRules())?.message.contains("the mesh itself") == true)
        let excluded = CaptureRules(excludedNamespaces: ["shop"])
        #expect(namespace.refusal(meshNamespaces: [], excluded)?.message.contains("excludes namespace shop") == true)
        let ending = NamespaceEnrolment(try object("metadata: {name: shop, deletionTimestamp: now}"))
        #expect(ending.refusal(meshNamespaces: [], CaptureRules())?.message == "namespace shop is being deleted")
    }
}
