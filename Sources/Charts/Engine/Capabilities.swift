package import GoTemplate
package import Values

/// What the cluster offers, as templates see it: `.Capabilities`.
package final class Capabilities: Object {
    package let kubeVersion: KubeVersion
    package let apiVersions: [String]

    /// Helm's defaults for rendering without a cluster, with more API versions added.
    package init(kubeVersion: KubeVersion = .standard, addedAPIVersions: [String] = []) {
        self.kubeVersion = kubeVersion
        apiVersions = Capabilities.standardAPIVersions + addedAPIVersions
    }

    package var type: GoType { .structure("*common.Capabilities") }

    package var fields: [Field] {
        [
            Field("KubeVersion", key: "KubeVersion", type: kubeVersion.type, value: .object(kubeVersion)),
            Field("APIVersions", key: "APIVersions", type: VersionSet.type, value: VersionSet.list(apiVersions)),
            Field(
                "HelmVersion", key: "HelmVersion", type: HelmVersion.standard.type, value: .object(HelmVersion.standard)
            ),
        ]
    }

    package func method(_ name: Text) -> Function? {
        guard name == "Copy" else { return nil }
        return Function("Copy", returns: type) { _ in .object(self) }
    }

    /// Printed alone, the struct shows without the mark of a pointer.
    package var addressedText: Text? {
        let text = formatValue(.object(self))
        return text.withBytes { $0.first == UInt8(ascii: "&") } ? text[1..<text.count] : text
    }
}

/// A Kubernetes version: the full text and its parts.
package final class KubeVersion: Object {
    package let version: String
    /// The version without build and vendor suffixes, which constraints are checked against.
    package let normalized: String
    package let major: String
    package let minor: String

    private init(version: String, normalized: String, major: String, minor: String) {
        self.version = version
        self.normalized = normalized
        self.major = major
        self.minor = minor
    }

    /// Helm v4.2.3's default without a cluster.
    package static let standard = KubeVersion(version: "v1.36.0", normalized: "v1.36.0", major: "1", minor: "36")

    /// Why a text is no version, in the words of apimachinery.
    package enum SyntaxError: Error, CustomStringConvertible {
        case notAVersion(String)
        case tooShort(String)
        case leadingZero(component: String, version: String)
        case outOfRange(component: String, version: String)

        package var description: String {
            switch self {
            case .notAVersion(let text): "could not parse \(quoted(text)) as version"
            case .tooShort(let text): "illegal version string \(quoted(text))"
            case .leadingZero(let component, let text):
                "illegal zero-prefixed version component \(quoted(component)) in \(quoted(text))"
            case .outOfRange(let component, let text):
                "illegal non-numeric version component \(quoted(component)) in \(quoted(text)): "
                    + "strconv.ParseUint: parsing \(quoted(component)): value out of range"
            }
        }
    }

    /// Reads `1.30`, `v1.30.2`, `v1.30.2-eks-abc`, …: two or more numbers, then anything on the same line.
    package convenience init(_ text: String) throws(SyntaxError) {
        var rest = text[...]
        while let first = rest.unicodeScalars.first, "\t\n\u{0C}\r ".unicodeScalars.contains(first) {
            rest.unicodeScalars.removeFirst()
        }
        if rest.utf8.first == UInt8(ascii: "v") { rest = rest.dropFirst() }
        let components = KubeVersion.leadingNumbers(rest)
        if components.isEmpty || rest.utf8.contains(UInt8(ascii: "\n")) { throw .notAVersion(text) }
        if components.count < 2 { throw .tooShort(text) }
        if components[0] != "0", components[0].utf8.first == UInt8(ascii: "0") {
            throw .leadingZero(component: components[0], version: text)
        }
        var numbers: [String] = []
        for component in components {
            guard let number = UInt(component) else { throw .outOfRange(component: component, version: text) }
            numbers.append(String(number))
        }
        let version = text.utf8.first == UInt8(ascii: "v") ? text : "v" + text
        self.init(
            version: version, normalized: "v" + numbers.joined(separator: "."), major: numbers[0], minor: numbers[1])
    }

    /// The numbers with dots between them that the text begins with.
    private static func leadingNumbers(_ text: Substring) -> [String] {
        var numbers: [String] = []
        var rest = text
        while true {
            let digits = rest.utf8.prefix { (0x30...0x39).contains($0) }
            if digits.isEmpty { return numbers }
            numbers.append(String(Substring(digits)))
            rest = rest[digits.endIndex...]
            let following = rest.utf8.dropFirst().first
            guard rest.utf8.first == UInt8(ascii: "."), let following, (0x30...0x39).contains(following) else {
                return numbers
            }
            rest = rest.dropFirst()
        }
    }

    package var type: GoType { .structure("common.KubeVersion") }

    package var fields: [Field] {
        [
            Field("Version", key: "Version", type: .string, value: .string(version)),
            Field("normalizedVersion", key: nil, type: .string, value: .string(normalized)),
            Field("Major", key: "Major", type: .string, value: .string(major)),
            Field("Minor", key: "Minor", type: .string, value: .string(minor)),
        ]
    }

    package func method(_ name: Text) -> Function? {
        switch name {
        case "String": Function("String", returns: .string) { _ in .string(self.normalized) }
        case "GitVersion": Function("GitVersion", returns: .string) { _ in .string(self.version) }
        default: nil
        }
    }

    package var addressedText: Text? { Text(normalized) }
}

/// Helm's own version, as templates see it.
private final class HelmVersion: Object {
    static let standard = HelmVersion()

    var type: GoType { .structure("version.BuildInfo") }

    var fields: [Field] {
        [
            Field("Version", key: "version", omitsEmpty: true, type: .string, value: .string("v4.2")),
            Field("GitCommit", key: "git_commit", omitsEmpty: true, type: .string, value: .string("")),
            Field("GitTreeState", key: "git_tree_state", omitsEmpty: true, type: .string, value: .string("")),
            Field("GoVersion", key: "go_version", omitsEmpty: true, type: .string, value: .string("go1.26.6")),
            Field("KubeClientVersion", key: "kube_client_version", type: .string, value: .string("v1.36")),
        ]
    }
}

/// Helm's type for a list of API versions.
private enum VersionSet {
    static let type = GoType.named("common.VersionSet", underlying: .stringSlice)

    static func list(_ versions: [String]) -> GoValue {
        .list(List(versions.map { .string($0) }, type: type, methods: methods))
    }

    private static let methods: Methods = { receiver, name in
        guard name == "Has", case .list(let list) = receiver else { return nil }
        return Function("Has", [.string], returns: .bool) { arguments in
            let wanted = arguments.firstText
            return .bool(
                list.elements.contains {
                    if case .string(let text) = $0 { text.string.hasSameBytes(as: wanted) } else { false }
                })
        }
    }
}

extension Capabilities {
    /// The groups and versions that client-go 0.36 knows, in its order of preference, with apiextensions.
    package static let standardAPIVersions = groups.flatMap { group, versions in
        versions.split(separator: " ").map { group.isEmpty ? String($0) : "\(group)/\($0)" }
    }

    private static let groups: [(group: String, versions: String)] = [
        ("", "v1"),
        ("admissionregistration.k8s.io", "v1 v1alpha1 v1beta1"),
        ("internal.apiserver.k8s.io", "v1alpha1"),
        ("apps", "v1 v1beta1 v1beta2"),
        ("authentication.k8s.io", "v1 v1alpha1 v1beta1"),
        ("authorization.k8s.io", "v1 v1beta1"),
        ("autoscaling", "v1 v2"),
        ("batch", "v1 v1beta1"),
        ("certificates.k8s.io", "v1 v1beta1 v1alpha1"),
        ("coordination.k8s.io", "v1alpha2 v1beta1 v1"),
        ("discovery.k8s.io", "v1 v1beta1"),
        ("events.k8s.io", "v1 v1beta1"),
        ("extensions", "v1beta1"),
        ("flowcontrol.apiserver.k8s.io", "v1 v1beta1 v1beta2 v1beta3"),
        ("networking.k8s.io", "v1 v1beta1"),
        ("node.k8s.io", "v1 v1alpha1 v1beta1"),
        ("policy", "v1 v1beta1"),
        ("rbac.authorization.k8s.io", "v1 v1beta1 v1alpha1"),
        ("resource.k8s.io", "v1 v1beta2 v1beta1 v1alpha3"),
        ("scheduling.k8s.io", "v1alpha2 v1beta1 v1"),
        ("storage.k8s.io", "v1beta1 v1 v1alpha1"),
        ("storagemigration.k8s.io", "v1beta1"),
        ("apiextensions.k8s.io", "v1beta1 v1"),
    ]
}
