import Istio
import Meshes
import Objects
import System
import Testing
import Values

/// The mesh that files, given as text by name, and a request describe.
private func mesh(_ text: String, _ adjust: (inout MeshRequest) -> Void = { _ in }) throws -> Mesh {
    var request = MeshRequest()
    request.user = try UserValues([.file("mesh.yaml")]) { _ throws(FileFailure) in Array(text.utf8) }
    adjust(&request)
    return try Mesh(request) { try BuiltInCharts.charts($0, $1) }
}

private func images(_ mesh: Mesh) throws -> [Component: String] {
    var renderer = MeshRenderer(mesh)
    var found: [Component: String] = [:]
    for object in try renderer.objects() where ["Deployment", "DaemonSet"].contains(object.identity.kind) {
        let line = object.text.string.split(separator: "\n").first { $0.contains("image: ") }
        if let component = object.component { found[component] = line?.split(separator: " ").last.map(String.init) }
    }
    return found
}

private func resource(_ kind: String, _ spec: String) -> String {
    "---\napiVersion: sailoperator.io/v1\nkind: \(kind)\nmetadata:\n  name: default\nspec:\n" + spec
}

private let istio = resource("Istio", "  version: v1.30.3\n  profile: ambient\n")
private let cni = resource("IstioCNI", "  version: v1.29.6\n  profile: ambient\n")
private let ztunnel = resource("ZTunnel", "  version: v1.29.5\n")

@Suite struct ComponentVersionTests {
    @Test(arguments: [istio + cni + ztunnel, ztunnel + cni + istio])
    func eachResourceSetsTheVersionOfItsOwnComponent(text: String) throws {
        let mesh = try mesh(text)
        #expect(mesh.parts.map(\.release.version) == ["v1.30.3", "v1.30.3", "v1.29.6", "v1.29.5"])
        #expect(mesh.parts.map(\.minor.name) == ["1.30", "1.30", "1.29", "1.29"])
        #expect(mesh.release.version == "v1.30.3")
        #expect(mesh.parts.map { $0.values["istioVersion"] } == mesh.parts.map { .string($0.release.version) })
        let images = try images(mesh)
        #expect(images[.istiod]?.contains("pilot:1.30.3") == true)
        #expect(images[.cni]?.contains("install-cni:1.29.6") == true)
        #expect(images[.ztunnel]?.contains("ztunnel:1.29.5") == true)
    }

    @Test func aComponentWithoutAResourceFollowsTheControlPlane() throws {
        let text = resource("Istio", "  version: v1.29.6\n  profile: ambient\n")
        #expect(try Set(mesh(text).parts.map(\.release.version)) == ["v1.29.6"])
    }

    @Test func aResourceWithoutAVersionGetsTheDefaultOrWhatIsStored() throws {
        let text = istio + resource("ZTunnel", "  namespace: ztunnel\n")
        let standard = try Catalogue.builtIn().defaultVersion
        #expect(try mesh(text).parts[3].release.version == standard)
        let upgrade = try mesh(text) { $0.storedVersions = [.istiod: "v1.29.6", .ztunnel: "v1.29.4"] }
        #expect(upgrade.parts.map(\.release.version) == ["v1.30.3", "v1.30.3", "v1.30.3", "v1.29.4"])
    }

    @Test func theFlagIsForAllComponents() throws {
        let stored = try mesh("") {
            $0.version = "v1.30.2"
            $0.storedVersions = [.istiod: "v1.29.6", .cni: "v1.28.10"]
        }
        #expect(Set(stored.parts.map(\.release.version)) == ["v1.30.2"])
        let same = try mesh(istio) { $0.version = "1.30.3" }
        #expect(Set(same.parts.map(\.release.version)) == ["v1.30.3"])
    }

    @Test func aFlagThatContradictsAResourceNamesBoth() {
        #expect {
            _ = try mesh(istio + cni) { $0.version = "v1.30.3" }
        } throws: { error in
            "\(error)".hasPrefix("mesh.yaml:15:3: spec.version is v1.29.6, and --version is v1.30.3; ")
        }
        // A component that takes no part has no say.
        #expect(throws: Never.self) {
            _ = try mesh(istio + cni) { ($0.version, $0.components) = ("v1.30.3", [.istiod]) }
        }
    }

    @Test func whatTakesNoPartKeepsItsStoredVersion() throws {
        let mesh = try mesh("") {
            ($0.version, $0.components) = ("v1.30.3", [.base, .istiod])
            $0.storedVersions = [.base: "v1.29.6", .istiod: "v1.29.6", .cni: "v1.29.6", .ztunnel: "v1.29.5"]
        }
        #expect(
            mesh.versions == [.base: "v1.30.3", .istiod: "v1.30.3", .cni: "v1.29.6", .ztunnel: "v1.29.5"])
    }

    @Test func valuesOfOneResourceReachNoOtherComponent() throws {
        let cni = resource("IstioCNI", "  profile: ambient\n  values:\n    global:\n      hub: cni.example.com/istio\n")
        let ztunnel = resource(
            "ZTunnel", "  values:\n    global:\n      hub: zt.example.com/istio\n      tag: 1.30.3\n")
        let images = try images(mesh(istio + cni + ztunnel))
        #expect(images[.istiod]?.contains("example.com") == false)
        #expect(images[.cni]?.contains("cni.example.com/istio/install-cni:") == true)
        #expect(images[.ztunnel]?.contains("zt.example.com/istio/ztunnel:1.30.3") == true)
    }

    @Test func namespacesAreThoseOfTheDefinitionsWhereNoneIsGiven() throws {
        let cni = resource("IstioCNI", "  profile: ambient\n")
        let mesh = try mesh(
            istio + cni + "---\napiVersion: sailoperator.io/v1\nkind: ZTunnel\nmetadata: {name: default}\n")
        #expect(mesh.parts.map(\.namespace) == ["istio-system", "istio-system", "istio-cni", "ztunnel"])
        #expect(mesh.parts[1].values.value(at: ["pilot", "trustedZtunnelNamespace"]) == "ztunnel")
    }

    @Test func theFlagForPlainValuesStillReachesAll() throws {
        let text = istio + "---\nglobal:\n  hub: all.example.com/istio\n"
        #expect(try images(mesh(text)).values.allSatisfy { $0.contains("all.example.com/istio/") })
    }
}
