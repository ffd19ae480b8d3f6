import Istio
import Meshes
import System
import Testing
import Values

private func failure(_ file: String, sets: [String] = []) -> String? {
    var request = MeshRequest()
    request.version = "v1.30.3"
    do {
        request.user = try UserValues([.file("v.yaml")] + sets.map { .set(.typed, $0) }) { _ throws(FileFailure) in
            Array(file.utf8)
        }
        _ = try Mesh(request) { try BuiltInCharts.charts($0, $1) }
        return nil
    } catch {
        return "\(error)"
    }
}

private let digest = "sha256:" + String(repeating: "0a", count: 32)

/// A values file, and what is wrong with it.
private let faults: [(file: String, message: String)] = [
    (
        "global:\n  tag: 1.30\n",
        "v.yaml:2:3: global.tag is read as the number 1.3; write \"1.30\" in quotes"
    ),
    ("ztunnel: {tag: 2}", "v.yaml:1:11: ztunnel.tag is read as the number 2; write \"2\" in quotes"),
    (
        "global: {tag: 1.30.3-distroless}",
        "v.yaml:1:10: global.tag \"1.30.3-distroless\" makes the image tag 1.30.3-distroless-distroless: variants are set "
            + "apart from the tag; write \"1.30.3\""
    ),
    (
        "cni:\n  tag: 1.30.3-debug\n",
        "v.yaml:2:3: cni.tag \"1.30.3-debug\" makes the image tag 1.30.3-debug-distroless: variants are set apart from the "
            + "tag; write \"1.30.3\", and cni.variant: \"debug\""
    ),
    (
        "global: {variant: \"\", tag: 1.30.3-distroless-distroless}",
        "v.yaml:1:23: global.tag \"1.30.3-distroless-distroless\" makes the image tag 1.30.3-distroless-distroless: variants "
            + "are set apart from the tag; write \"1.30.3\", and global.variant: \"distroless\""
    ),
    (
        "pilot: {tag: \"1.30.3@\(digest)\"}",
        "v.yaml:1:9: pilot.tag \"1.30.3@\(digest)\" is a digest, and the variant \"distroless\" would be put behind it; write "
            + "the whole reference as pilot.image, such as registry.example.com/istio/IMAGE:1.30.3@sha256:…"
    ),
    (
        "global: {tag: \"\(digest)\"}",
        "v.yaml:1:10: global.tag \"\(digest)\" is a digest, and each component's image has its own; write the whole reference "
            + "as pilot.image, cni.image and ztunnel.image, such as registry.example.com/istio/IMAGE:1.30.3@sha256:…"
    ),
    (
        "ztunnel: {image: \"example.com/istio/ztunnel@\(digest)-distroless\"}",
        "v.yaml:1:11: ztunnel.image \"example.com/istio/ztunnel@\(digest)-distroless\" has a variant behind its digest; write "
            + "\"example.com/istio/ztunnel@\(digest)\""
    ),
    (
        "ztunnel: {image: example.com/istio/ztunnel:1.30.3-distroless-distroless}",
        "v.yaml:1:11: ztunnel.image \"example.com/istio/ztunnel:1.30.3-distroless-distroless\" has two variants in its tag; "
            + "write \"example.com/istio/ztunnel:1.30.3-distroless\""
    ),
    (
        "global: {hub: mirror.example.com/istio/}",
        "v.yaml:1:10: global.hub \"mirror.example.com/istio/\" ends with a slash; write \"mirror.example.com/istio\""
    ),
    (
        "global: {hub: \"mirror.example.com:5000/istio:1.30.3\"}",
        "v.yaml:1:10: global.hub \"mirror.example.com:5000/istio:1.30.3\" has a tag in it; write "
            + "\"mirror.example.com:5000/istio\", and global.tag: \"1.30.3\""
    ),
    (
        "global: {hub: \"https://mirror.example.com/istio/\"}",
        "v.yaml:1:10: global.hub \"https://mirror.example.com/istio/\" begins with a scheme; write \"mirror.example.com/istio\""
    ),
    (
        "global: {hub: \" mirror.example.com/istio\"}",
        "v.yaml:1:10: global.hub \" mirror.example.com/istio\" has white space in it; write \"mirror.example.com/istio\""
    ),
    (
        "cni: {hub: mirror.example.com/Istio}",
        "v.yaml:1:7: cni.hub \"mirror.example.com/Istio\" has upper-case letters; write \"mirror.example.com/istio\""
    ),
    (
        "global: {variant: -debug}",
        "v.yaml:1:10: global.variant \"-debug\" is no variant of an image; write \"debug\""
    ),
    (
        "pilot: {image: Example.com/Team/Pilot:1.30.3}",
        "v.yaml:1:9: pilot.image \"Example.com/Team/Pilot:1.30.3\" has upper-case letters; write "
            + "\"example.com/team/pilot:1.30.3\""
    ),
    (
        "pilot: {image: \"pilot:1.30.3\"}",
        "v.yaml:1:9: pilot.image \"pilot:1.30.3\" is neither a name nor a whole reference; write only the name, with hub and "
            + "tag apart, or the registry before it"
    ),
    (
        "global: {tag: \"example.com/istio/pilot:1.30.3\"}",
        "v.yaml:1:10: global.tag \"example.com/istio/pilot:1.30.3\" is a whole image reference; write only the tag, or the "
            + "reference as pilot.image, cni.image and ztunnel.image"
    ),
]

@Test("An image that no registry would take is an error with its place and the right spelling", arguments: faults)
private func wrongImages(fault: (file: String, message: String)) {
    #expect(failure(fault.file) == fault.message)
}

@Test(arguments: [
    "global: {tag: \"1.30.3\", hub: \"localhost:5000\"}", "global: {hub: \"registry.example.com:5000/istio/mirror\"}",
    "global: {tag: 1.30.3-debug, variant: \"\"}", "ztunnel: {tag: 1.30.3-debug, variant: \"\"}",
    "pilot: {image: \"registry.example.com:5000/istio/pilot@\(digest)\"}", "global: {variant: debug}",
    "global: {tag: 1.30-alpha.8f2c}", "cni: {image: example.com/cni/install-cni:1.30.3-distroless}",
    "global: {tag: null}", "global: {proxy: {image: example.com/proxy:1.30.3}}",
])
func imagesThatARegistryTakesAreTaken(file: String) {
    #expect(failure(file) == nil)
}

@Test func aFlagIsThePlaceToo() {
    #expect(
        failure("global: {}", sets: ["global.hub=a.example/b/"])
            == "--set global.hub=a.example/b/: global.hub \"a.example/b/\" ends with a slash; write \"a.example/b\"")
}
