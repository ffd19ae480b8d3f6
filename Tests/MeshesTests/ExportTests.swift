import Istio
import Meshes
import System
import Testing
import Values
import YAML

/// What is written for Argo CD, Flux, kustomize and Helm.
@Suite struct ExportTests {
    private func mesh(_ values: String = "", _ adjust: (inout MeshRequest) -> Void = { _ in }) throws -> Mesh {
        var request = MeshRequest()
        request.user = try UserValues([.file("mesh.yaml")]) { _ throws(FileFailure) in Array(values.utf8) }
        adjust(&request)
        return try Mesh(request) { try BuiltInCharts.charts($0, $1) }
    }

    private func files(
        _ mesh: Mesh, _ form: ExportForm, _ adjust: (inout ExportOptions) -> Void = { _ in }
    ) throws -> [String: [Value]] {
        var options = ExportOptions()
        options.repository = "https://git.example.com/platform.git"
        options.path = "clusters/east/"
        adjust(&options)
        var renderer = MeshRenderer(mesh)
        let export = try Export(
            mesh, objects: try renderer.objects(), for: form, options, program: "sail 1.2.3")
        var found: [String: [Value]] = [:]
        for file in try export.files(for: form) {
            let text = String(decoding: file.bytes, as: UTF8.self)
            #expect(
                text.contains(
                    "# Written by sail 1.2.3 for Istio \(mesh.release.version): sail export \(form.rawValue)\n"))
            guard file.path.hasSuffix(".yaml") else { continue }
            var reader = DocumentReader(file.bytes, options: ReadingOptions(numbers: .native))
            var documents: [Value] = []
            while let document = try reader.next() { documents.append(document.value) }
            found[file.path] = documents
        }
        return found
    }

    private func values(_ text: String, charts: ExportedCharts = .istio) throws -> [Component: Value] {
        let files = try files(mesh(text), .helm) { $0.charts = charts }
        var values: [Component: Value] = [:]
        for component in Component.allCases { values[component] = files["values-\(component).yaml"]?.first }
        return values
    }

    @Test func aMeshOfDefaultsIsTheProfilesNameAlone() throws {
        let profile: Value = ["profile": "ambient"]
        #expect(try values("") == [.base: [:], .istiod: profile, .cni: profile, .ztunnel: profile])
    }

    @Test func eachChartGetsWhatItReads() throws {
        let found = try values(
            """
            global: {platform: gke}
            pilot: {env: {A: b}}
            cni: {logging: {level: debug}}
            ztunnel: {terminationGracePeriodSeconds: 77, image: ztunnel}
            """)
        #expect(found[.istiod]?[path: "pilot", "env", "A"] == "b")
        #expect(found[.istiod]?[path: "global", "platform"] == "gke")
        #expect(found[.istiod]?["cni"] == nil && found[.istiod]?["ztunnel"] == nil)
        #expect(found[.cni]?[path: "global", "platform"] == "gke")
        #expect(found[.cni]?["pilot"] == nil)
        #expect(found[.ztunnel]?["terminationGracePeriodSeconds"] == 77)
        // The default of the chart, which changes nothing.
        #expect(found[.ztunnel]?["image"] == nil)
    }

    @Test func sailsOwnChartsGetWhatIsInTheProfile() throws {
        let found = try values("", charts: .folders)
        #expect(found[.istiod]?[path: "originalValues", "profile"] == "ambient")
        #expect(found[.istiod]?[path: "pilot", "env", "PILOT_ENABLE_AMBIENT"] == "true")
    }

    @Test func aNullTakesADefaultAwayThere() throws {
        let found = try values("pilot: {resources: null}")
        #expect(found[.istiod]?[path: "pilot", "resources"] == .null)
    }

    @Test func theWavesOfArgoCDFollowTheComponents() throws {
        let files = try files(mesh(), .argocd)
        let names = ["istio-base", "istiod", "istio-cni", "ztunnel"]
        for (index, name) in names.enumerated() {
            let application = try #require(files["applications/\(name).yaml"]?.first)
            #expect(application[path: "metadata", "annotations", "argocd.argoproj.io/sync-wave"] == .string("\(index)"))
            #expect(
                application[path: "spec", "syncPolicy", "syncOptions"]?.list?.contains("RespectIgnoreDifferences=true")
                    == true)
            // What istiod writes into webhooks is only in the two charts that have some.
            #expect((application[path: "spec", "ignoreDifferences"] != nil) == (index < 2))
        }
        #expect(files["parent.yaml"]?.first?[path: "spec", "source", "path"] == "clusters/east/applications")
        #expect(files["argocd-cm-health.yaml"]?.first?["data"]?.map?.count == 4)
        #expect(files.keys.filter { $0.hasPrefix("applications/") }.count == 4)
    }

    @Test func eachKustomizationOfFluxWaitsForTheOneBefore() throws {
        let files = try files(mesh(), .flux)
        let all = try #require(files["kustomizations.yaml"]).filter { $0["kind"] == "Kustomization" }
        #expect(
            all.map { $0[path: "metadata", "name"] }
                == ["istio-sources", "istio-base", "istio-istiod", "istio-cni", "istio-ztunnel"])
        for (before, next) in zip(all, all.dropFirst()) {
            #expect(next[path: "spec", "dependsOn"]?.list?.first?["name"] == before[path: "metadata", "name"])
            #expect(next[path: "spec", "wait"] == true && next[path: "spec", "prune"] == false)
        }
        let release = try #require(files["ztunnel/release.yaml"]?.first)
        #expect(release[path: "spec", "dependsOn"] == [["name": "istio-cni", "namespace": "istio-system"]])
        #expect(
            release[path: "spec", "chart", "spec", "version"] == .string(String(try mesh().release.version.dropFirst()))
        )
    }

    /// Charts from 1.28.6, 1.29.2 and 1.30.0 on keep what istiod wrote.
    @Test(arguments: [("v1.28.3", true), ("v1.29.6", false), ("v1.30.3", false)])
    func anUpgradeOfOldChartsLeavesTheFailurePolicy(version: String, isDropped: Bool) throws {
        let old = try mesh { $0.version = version }
        let release = try #require(try files(old, .flux)["istiod/release.yaml"]?.first)
        #expect((release[path: "spec", "postRenderers"] != nil) == isDropped)
        if isDropped {
            #expect(throws: ExportError.noWebhookPolicy("1.28.3")) {
                try files(old, .helm) { $0.closesWebhooks = true }
            }
        } else {
            let values = try files(old, .helm) { $0.closesWebhooks = true }["values-istiod.yaml"]?.first
            #expect(values?[path: "base", "validationFailurePolicy"] == "Fail")
        }
    }

    @Test func namesNamespacesAndVersionsAreThoseOfTheMesh() throws {
        let mesh = try mesh("global: {network: east}") {
            $0.namespace = "mesh"
            $0.releaseNames = [.ztunnel: "my-ztunnel"]
            $0.componentNamespaces = [.ztunnel: "data-plane"]
        }
        let files = try files(mesh, .argocd)
        let ztunnel = try #require(files["applications/ztunnel.yaml"]?.first)
        #expect(ztunnel[path: "spec", "destination", "namespace"] == "data-plane")
        #expect(ztunnel[path: "spec", "source", "helm", "releaseName"] == "my-ztunnel")
        let istiod = try #require(files["applications/istiod.yaml"]?.first)
        #expect(
            istiod[path: "spec", "syncPolicy", "managedNamespaceMetadata", "labels"]
                == ["topology.istio.io/network": "east"])
        // istiod must trust ztunnel where it really is.
        #expect(
            istiod[path: "spec", "source", "helm", "valuesObject", "trustedZtunnelNamespace"] == "data-plane"
                || istiod[path: "spec", "source", "helm", "valuesObject", "pilot", "trustedZtunnelNamespace"]
                    == "data-plane"
        )
    }

    @Test func kustomizeGetsAllObjectsOnceWithTheNamespacesFirst() throws {
        let mesh = try mesh()
        var renderer = MeshRenderer(mesh)
        let objects = try renderer.objects()
        let files = try files(mesh, .kustomize)
        let written = Component.allCases.flatMap { files["\($0)/manifests.yaml"] ?? [] }
        #expect(written.count == objects.count)
        #expect(files["base/manifests.yaml"]?.first?["kind"] == "Namespace")
        #expect(files["cni/kustomization.yaml"]?.first?["resources"] == ["manifests.yaml"])
    }

    @Test func sailsChartsMustLieInARepository() throws {
        for form in [ExportForm.argocd, .flux] {
            #expect(throws: ExportError.noRepository(form)) {
                try files(try mesh(), form) { ($0.charts, $0.repository) = (.folders, nil) }
            }
        }
    }

    /// A run with the resources makes the mesh that the flags make; the istiod's settings are written once.
    @Test func theResourcesAskForTheSameMesh() throws {
        let mesh = try mesh(
            """
            global: {network: n1, platform: gke, logAsJson: true}
            meshConfig: {accessLogFile: /dev/stdout}
            pilot: {env: {A: b}}
            cni: {logging: {level: debug}}
            ztunnel: {terminationGracePeriodSeconds: 77}
            """
        ) { $0.componentNamespaces[.cni] = "kube-system" }
        let documents = try #require(try files(mesh, .resources)["mesh.yaml"])
        let resources = documents.filter { $0["apiVersion"] == "sailoperator.io/v1" }
        #expect(resources.map { $0["kind"] } == ["Istio", "IstioCNI", "ZTunnel"])
        #expect(documents.first?["kind"] == "Namespace")
        #expect(resources[0][path: "spec", "profile"] == "ambient")
        #expect(
            resources[0][path: "spec", "values"] == [
                "global": ["network": "n1", "platform": "gke", "logAsJson": true],
                "meshConfig": ["accessLogFile": "/dev/stdout"], "pilot": ["env": ["A": "b"]],
            ])
        #expect(resources[1][path: "spec", "namespace"] == "kube-system")
        #expect(
            resources[1][path: "spec", "values"] == [
                "global": ["platform": "gke", "logAsJson": true], "cni": ["logging": ["level": "debug"]],
            ])
        #expect(resources[2][path: "spec", "targetRef"] == ["kind": "Istio", "name": "default"])
        #expect(resources[2][path: "spec", "values"] == ["ztunnel": ["terminationGracePeriodSeconds": 77]])

        let again = try self.mesh("") { request in
            request.user = try! UserValues(resources.map { .resource("mesh", $0.map ?? Mapping()) }) { _ in [] }
        }
        var (first, second) = (MeshRenderer(mesh), MeshRenderer(again))
        let (wanted, found) = (try first.objects(), try second.objects())
        #expect(wanted.map(\.identity) == found.map(\.identity))
        for (one, other) in zip(wanted, found) { #expect(one.text.bytes == other.text.bytes, "\(one.identity)") }
    }

    @Test func theResourceOfOneComponentStandsAlone() throws {
        let mesh = try mesh("global: {network: n1}\nztunnel: {logLevel: debug}") { $0.components = [.ztunnel] }
        let documents = try #require(try files(mesh, .resources)["mesh.yaml"])
        let resource = try #require(documents.last)
        #expect(documents.filter { $0["kind"] != "Namespace" }.count == 1)
        #expect(resource[path: "spec", "targetRef"] == nil)
        #expect(
            resource[path: "spec", "values"] == ["ztunnel": ["network": "n1", "logLevel": "debug"]])
    }

    @Test func openShiftIsAProfileOfTheResources() throws {
        let mesh = try mesh { $0.platform = "openshift" }
        let documents = try #require(try files(mesh, .resources)["mesh.yaml"])
        let profiles = documents.compactMap { $0[path: "spec", "profile"] }
        #expect(profiles == ["openshift-ambient", "openshift-ambient"])
    }
}
