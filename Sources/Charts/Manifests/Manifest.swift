import GoTemplate
package import Values
import YAML

/// A rendered document that is to be applied.
package struct Manifest: Sendable {
    /// The template it came from, from the root chart's name on.
    package var path: String
    package var content: Text
    package var kind: String
    package var apiVersion: String
    /// The document as read: integers apart from floats, null for one that holds only comments.
    package var document: Value
}

/// A rendered document with the annotation `helm.sh/hook`, which is run apart from the release.
package struct Hook: Sendable {
    package var name: String
    package var kind: String
    package var path: String
    package var content: Text
    package var document: Value
    /// What the hook waits for: `pre-install`, `test`, …
    package var events: [String]
    package var weight: Int
    package var deletePolicies: [String]
    package var outputLogPolicies: [String]
}

/// Rendered files taken apart into documents, hooks from the rest, each in Helm's order of installation.
package struct SortedManifests: Sendable {
    package private(set) var manifests: [Manifest] = []
    package private(set) var hooks: [Hook] = []
    /// Lines of Helm's log, without time stamps.
    package private(set) var warnings: [String] = []

    /// A document that cannot be read: which file, and what YAML or JSON had against it.
    package struct Failure: Error, CustomStringConvertible {
        package var path: String
        package var reason: String
        package var description: String { "YAML parse error on \(path): \(reason)" }
    }

    /// Sorts the files by their paths; leaves out partials and files of white space.
    package init(_ files: [Rendered]) throws(Failure) {
        for file in files.sorted(by: { $0.path < $1.path }) {
            let path = file.path.string
            if SlashPath.base(of: path).utf8.first == UInt8(ascii: "_") { continue }
            for content in splitManifests(file.text) { try add(content, from: path) }
        }
        manifests = installOrder(manifests, \.kind)
        hooks = installOrder(hooks, \.kind)
    }

    private mutating func add(_ content: Text, from path: String) throws(Failure) {
        let document: Value
        do throws(YAMLError) {
            document = try readDocument(content, keepingIntegers: true)
        } catch {
            throw Failure(path: path, reason: error.unmarshalDescription)
        }
        var head = ManifestHead()
        do throws(DecodingError) {
            try ManifestHead.type.decode(document, into: &head)
        } catch {
            throw Failure(path: path, reason: "error unmarshaling JSON: while decoding JSON: \(error)")
        }
        let annotations = head.metadata.annotations ?? Mapping()
        guard let events = annotations["helm.sh/hook"]?.string else {
            manifests.append(
                Manifest(
                    path: path, content: content, kind: head.kind, apiVersion: head.apiVersion, document: document))
            return
        }
        let names = splitPolicies(events)
        guard names.allSatisfy({ hookEvents[$0] != nil }) else {
            warnings.append(logLine(.info, "skipping unknown hooks", [("hookTypes", events)]))
            return
        }
        hooks.append(
            Hook(
                name: head.metadata.name, kind: head.kind, path: path, content: content, document: document,
                events: names.compactMap { hookEvents[$0] },
                weight: annotations["helm.sh/hook-weight"]?.string.flatMap { Int($0) } ?? 0,
                deletePolicies: annotations["helm.sh/hook-delete-policy"]?.string.map(splitPolicies) ?? [],
                outputLogPolicies: annotations["helm.sh/hook-output-log-policy"]?.string.map(splitPolicies) ?? []))
    }
}

/// The names between commas, without white space around them, in lower case.
private func splitPolicies(_ text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        .map { Substring($0).trimmingSpace.lowercased() }
}

/// The events by the names that charts use; `test-success` is left from Helm 2.
private let hookEvents = [
    "pre-install": "pre-install", "post-install": "post-install", "pre-delete": "pre-delete",
    "post-delete": "post-delete", "pre-upgrade": "pre-upgrade", "post-upgrade": "post-upgrade",
    "pre-rollback": "pre-rollback", "post-rollback": "post-rollback", "test": "test", "test-success": "test",
]

/// The part of a document that Helm reads.
private struct ManifestHead {
    var apiVersion = ""
    var kind = ""
    var metadata = ManifestMetadata()

    static let type = RecordType<ManifestHead>(
        name: "SimpleHead", qualifiedName: "util.SimpleHead",
        fields: [
            .string("apiVersion", \.apiVersion), .string("kind", \.kind),
            .record("metadata", ManifestMetadata.type, \.metadata),
        ])
}

private struct ManifestMetadata {
    var name = ""
    var annotations: Mapping?

    /// In Helm a struct without a name, which Go spells out where it complains.
    static let type = RecordType<ManifestMetadata>(
        name: "",
        qualifiedName: "struct { Name string \"json:\\\"name\\\"\"; "
            + "Annotations map[string]string \"json:\\\"annotations\\\"\" }",
        fields: [.string("name", \.name), .stringMap("annotations", \.annotations)])
}
