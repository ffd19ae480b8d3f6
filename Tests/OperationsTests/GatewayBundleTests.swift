import Foundation
import HTTP
import Kubernetes
import Objects
import Operations
import Planning
import Sandbox
import System
import TestSupport
import Testing
import Values
import Waypoints
import YAML

/// `--gateway-api`: a bundle that the user gives, and never over a newer one.
@Suite struct GatewayBundleRunTests {
    private static let crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    private static let group = "gateway.networking.k8s.io"

    /// A definition of the bundle; `field` tells one version from another.
    private static func definition(
        _ kind: String, _ version: String, channel: String = "standard", scope: String = "Namespaced"
    ) -> String {
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: \(kind.lowercased())\(kind.hasSuffix("s") ? "es" : "s").\(group)
          annotations:
            api-approved.kubernetes.io: https://example.com
            \(group)/bundle-version: \(version)
            \(group)/channel: \(channel)
        spec:
          group: \(group)
          scope: \(scope)
          names: {kind: \(kind), listKind: \(kind)List, plural: \(kind.lowercased())\(kind.hasSuffix("s") ? "es" : "s"), singular: \(kind.lowercased())}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}

        """
    }

    static func bundle(_ version: String, channel: String = "standard") -> String {
        [
            "# A comment alone.\n", definition("Gateway", version, channel: channel),
            definition("GatewayClass", version, channel: channel, scope: "Cluster"),
        ].joined(separator: "---\n")
    }

    /// A run of `sail install` or `sail waypoint apply` with a file of this text.
    private func run(
        _ bench: Bench, _ text: String, waypoint: Bool = false, in namespace: String = "default",
        with change: (inout OperationOptions) -> Void = { _ in }
    ) throws -> Int32 {
        var options = bench.options(change)
        options.cluster.gatewayBundle = "bundle.yaml"
        let other = options.readFile
        options.readFile = { path throws(FileFailure) in
            path == "bundle.yaml" ? Array(text.utf8) : try other(path)
        }
        guard waypoint else { return try Pipeline.run(.install, options) }
        var request = WaypointRequest()
        request.namespace = namespace
        return try WaypointApply.run(request, options)
    }

    private func failure(_ bench: Bench, _ text: String) -> String {
        do {
            return "exit code \(try run(bench, text))"
        } catch {
            return "\(error)"
        }
    }

    private func installed(_ bench: Bench) -> String? {
        bench.object("\(Self.crds)/gateways.\(Self.group)")?.metadata.annotation("\(Self.group)/bundle-version")
    }

    @Test func theDefinitionsComeFirstWithAQuestionOfTheirOwn() throws {
        let bench = try Bench()
        #expect(try run(bench, Self.bundle("v1.5.1")) == 0, "\(bench.ui.text)")
        #expect(installed(bench) == "v1.5.1")
        #expect(bench.ui.questions.count == 2)
        #expect(
            bench.ui.questions.first?.hasPrefix("Apply bundle v1.5.1 (standard) of the Gateway API on ") == true,
            "\(bench.ui.questions)")
        // One result, the installation's.
        #expect(bench.ui.results.map(\.preview?.operation) == ["install"])
        // They are no part of a release, and stay when the mesh goes.
        #expect(try bench.run(.uninstall) == 0)
        #expect(installed(bench) == "v1.5.1")
        // The same again asks nothing.
        #expect(try run(bench, Self.bundle("v1.5.1")) == 0)
        #expect(bench.ui.questions.count == 1)
        #expect(bench.ui.text.contains("the cluster has bundle v1.5.1 (standard) of the Gateway API already"))
    }

    @Test func aNoToTheDefinitionsStopsTheRun() throws {
        let bench = try Bench()
        #expect(try run(bench, Self.bundle("v1.5.1")) { ($0.ui as? ScriptedUI)?.answers = [false] } == 1)
        #expect(bench.ui.questions.count == 1)
        #expect(bench.ui.results.map(\.ending) == [.declined])
        #expect(installed(bench) == nil)
    }

    @Test func aBundleIsUpgradedAndNeverReplacedByAnOlderOne() throws {
        let bench = try Bench()
        #expect(try run(bench, Self.bundle("v1.5.1")) == 0)
        #expect(try run(bench, Self.bundle("v1.6.0")) == 0)
        #expect(installed(bench) == "v1.6.0")
        bench.sandbox.forgetRequests()
        let older = failure(bench, Self.bundle("v1.5.9"))
        #expect(older.contains("gateways.\(Self.group) is of bundle v1.6.0 on the cluster, which is newer"), "\(older)")
        #expect(older.contains("nothing was changed"))
        #expect(bench.writes() == [])
        #expect(installed(bench) == "v1.6.0")
    }

    /// `kubectl apply --server-side` is the command that precheck names.
    @Test func whatKubectlAppliedIsTakenOver() throws {
        let bench = try Bench()
        for text in Self.bundle("v1.5.1").components(separatedBy: "---\n").dropFirst() {
            let object = try Value(yaml: text, numbers: .native)
            let path = "\(Self.crds)/\(object.metadata.name)"
            _ = try bench.client.send(.apply(path, object, manager: "kubectl", force: false))
        }
        #expect(try run(bench, Self.bundle("v1.6.0")) == 0, "\(bench.ui.text)")
        #expect(installed(bench) == "v1.6.0")
        _ = try bench.client.send(
            .apply(
                "\(Self.crds)/gateways.\(Self.group)",
                [
                    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                    "metadata": ["annotations": .map(["\(Self.group)/bundle-version": "v1.5.9"])],
                ], manager: "addons", force: true))
        #expect(failure(bench, Self.bundle("v1.6.0")).contains("\"addons\""))
    }

    @Test func aWaypointsNamespaceIsLookedForFirst() throws {
        let bench = try Bench()
        #expect(throws: Failures.self) {
            try run(bench, Self.bundle("v1.5.1"), waypoint: true, in: "nowhere")
        }
        #expect(installed(bench) == nil)
    }

    @Test func experimentsAndDefinitionsOfOthersAreLeft() throws {
        let bench = try Bench()
        #expect(try run(bench, Self.bundle("v1.5.1", channel: "experimental")) == 0)
        #expect(failure(bench, Self.bundle("v1.6.0")).contains("is of the experimental channel"))
        #expect(try run(bench, Self.bundle("v1.6.0", channel: "experimental")) == 0)
        let annotations: Value = ["metadata": ["annotations": .map(["\(Self.group)/bundle-version": .null])]]
        _ = try bench.client.send(.mergePatch("\(Self.crds)/gateways.\(Self.group)", annotations))
        #expect(failure(bench, Self.bundle("v1.6.0")).contains("says no version of a bundle"))
    }

    @Test func whatIsNoBundleIsNamedAndNothingIsSent() throws {
        let bench = try Bench()
        let pod = "\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: web}\n"
        for (text, said) in [
            ("", "holds no definition of gatewayclasses"),
            (Self.bundle("v1.5.1") + pod, "document 3 is Pod web/x"),
            (Self.bundle("latest"), "which is no version"),
            (Self.bundle("v1.5.1") + "---\n" + Self.bundle("v1.5.1"), "twice"),
            ("a: [", "--gateway-api bundle.yaml: "),
            (
                Self.definition("Gateway", "v1.5.1") + "---\n" + Self.definition("GatewayClass", "v1.6.0"),
                "do not agree"
            ),
        ] {
            let message = failure(bench, text)
            #expect(message.contains(said), "\(message)")
            #expect(message.contains("standard-install.yaml"), "\(message)")
        }
        #expect(bench.writes() == [])
    }

    @Test func aDryRunShowsThemAndStopsWhereTheRestNeedsThem() throws {
        let bench = try Bench()
        #expect(try run(bench, Self.bundle("v1.5.1"), waypoint: true) { $0.cluster.dryRun = .server } == 0)
        #expect(bench.ui.text.contains("can be planned once these definitions are applied"), "\(bench.ui.text)")
        #expect(bench.ui.plans.map(\.form) == [.result])
        #expect(try run(bench, Self.bundle("v1.5.1")) { $0.cluster.dryRun = .server } == 0)
        #expect(bench.ui.plans.map(\.form) == [.preview, .result])
        #expect(installed(bench) == nil)
        #expect(throws: Failures.self) { try run(bench, Self.bundle("v1.5.1")) { $0.cluster.dryRun = .client } }
    }
}
