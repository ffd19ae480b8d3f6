import Charts
import Istio
import Meshes
import System
import Testing
import Values
import YAML

private func mesh(_ file: String, sets: [String] = [], _ change: (inout MeshRequest) -> Void = { _ in }) throws -> Mesh
{
    var request = MeshRequest()
    request.user = try UserValues([.file("v.yaml")] + sets.map { .set(.typed, $0) }) { _ throws(FileFailure) in
        Array(file.utf8)
    }
    change(&request)
    return try Mesh(request) { try BuiltInCharts.charts($0, $1) }
}

private func failure(_ file: String, _ change: (inout MeshRequest) -> Void = { _ in }) -> String? {
    do {
        _ = try mesh(file, change)
        return nil
    } catch {
        return "\(error)"
    }
}

/// Each component with its chart's version, its label's and its image's: `istiod v1.29.6 1.29.6 1.29.6`.
private func versions(_ mesh: Mesh) throws -> [String] {
    var renderer = MeshRenderer(mesh)
    let objects = try renderer.objects()
    return try mesh.parts.map { part in
        let values = try objects.filter { $0.component == part.component }.map { try Value(yaml: $0.text.bytes) }
        let workload = values.first { ["Deployment", "DaemonSet"].contains($0["kind"]?.string ?? "") }
        let image = workload.flatMap { ComponentImage(part.component, pod: $0["spec"]?["template"] ?? .null) }
        let labels = values.compactMap { $0["metadata"]?["labels"]?["app.kubernetes.io/version"]?.string }
        return "\(part.component) \(part.release.version) \(Set(labels).sorted().joined(separator: "+"))"
            + (image.map { " \($0.shown)" } ?? "")
    }
}

private let byOperator = """
    apiVersion: install.istio.io/v1alpha1
    kind: IstioOperator
    spec:
      profile: ambient
      hub: mirror.example.com:5000/istio
      tag: 1.29.4
    """

@Suite struct TaggedVersionTests {
    @Test func aTagDecidesTheVersionOfAllThatItIsTheTagOf() throws {
        #expect(
            try versions(mesh(byOperator)) == [
                "base v1.29.4 1.29.4", "istiod v1.29.4 1.29.4 1.29.4", "cni v1.29.4 1.29.4 1.29.4",
                "ztunnel v1.29.4 1.29.4 1.29.4",
            ])
        #expect(
            try versions(mesh("ztunnel: {tag: 1.29.6}")) == [
                "base v1.30.3 1.30.3", "istiod v1.30.3 1.30.3 1.30.3", "cni v1.30.3 1.30.3 1.30.3",
                "ztunnel v1.29.6 1.29.6 1.29.6",
            ])
    }

    @Test func aWholeReferenceDecidesToo() throws {
        let file = "ztunnel: {image: \"example.com:5000/z:1.29.6-debug\"}"
        #expect(try versions(mesh(file)).last == "ztunnel v1.29.6 1.29.6 1.29.6")
    }

    @Test func aTagOverTheStoredVersionIsAStepLikeAnyOther() throws {
        let made = try mesh("{}", sets: ["global.tag=1.29.6"]) { request in
            for component in Component.allCases { request.storedVersions[component] = "v1.30.3" }
        }
        #expect(made.versions.values.allSatisfy { $0 == "v1.29.6" })
    }

    @Test(arguments: [
        ("1.30-alpha.77aa", "v1.30.3"), ("1.29.6-custom.2", "v1.29.6"), ("1.30.99", "v1.30.99"), ("team", "v1.30.3"),
    ])
    func tagsWithMoreOrLessInThemGetTheNearestCharts(tag: String, version: String) throws {
        let made = try mesh("{}", sets: ["global.tag=\(tag)"])
        #expect(made.parts.map(\.release.version) == Array(repeating: version, count: 4))
    }

    @Test func aTagThatContradictsTheFlagIsAnErrorWithBothPlaces() {
        #expect(
            failure(byOperator) { $0.version = "v1.30.3" }
                == "v.yaml:6:3: global.tag is 1.29.4, and --version is v1.30.3; leave one of them out, or take the tag of "
                + "1.30.3")
        #expect(
            failure("ztunnel: {image: example.com/ztunnel:1.29.6}") { $0.version = "v1.30.3" }
                == "v.yaml:1:11: ztunnel.image is example.com/ztunnel:1.29.6, and --version is v1.30.3; leave one of them out, "
                + "or take the image of 1.30.3")
        #expect(failure(byOperator) { $0.version = "v1.29.4" } == nil)
        #expect(failure("global: {tag: 1.30-alpha.1}") { $0.version = "v1.30.3" } == nil)
    }

    @Test func aStoredTagIsNamedWithTheWayOutOfIt() throws {
        var request = MeshRequest()
        request.version = "v1.30.3"
        request.user.remember(["global": ["tag": "1.29.6"]], from: "release istiod, revision 1")
        #expect {
            try Mesh(request) { try BuiltInCharts.charts($0, $1) }
        } throws: { error in
            "\(error)".hasSuffix(
                "(release istiod, revision 1): global.tag is 1.29.6, and --version is v1.30.3; add --set global.tag=1.30.3, or "
                    + "--set global.tag=null for the version's own image")
        }
    }

    @Test(arguments: ["null", "\"\""])
    func aTagThatIsTakenBackLeavesTheVersionsOwnImage(nothing: String) throws {
        let file = "global: {hub: \(nothing), tag: \(nothing)}\nztunnel: {tag: \(nothing)}\ncni: {hub: \(nothing)}"
        #expect(
            try versions(mesh(file)) == [
                "base v1.30.3 1.30.3", "istiod v1.30.3 1.30.3 1.30.3", "cni v1.30.3 1.30.3 1.30.3",
                "ztunnel v1.30.3 1.30.3 1.30.3",
            ])
    }

    @Test func imagesOfAnUnknownMinorAreRefused() {
        let message = failure("global: {tag: 1.99.0}") ?? ""
        #expect(
            message.hasPrefix(
                "v.yaml:1:10: global.tag is 1.99.0, and there are no charts for Istio 1.99; use images of"))
    }
}
