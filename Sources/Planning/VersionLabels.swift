internal import Istio
internal import Objects
internal import Values

/// Labels and annotations that say which version of a chart made an object, and by which nothing is selected.
private let versionKeys = ["app.kubernetes.io/version", "helm.sh/chart", "chart", "operator.istio.io/version"]

/// What names a revision or a place of the mesh, whatever its value looks like.
private let neverVersions = [IstioLabel.revision, IstioLabel.tag]

/// By which installers know what they made.
private let ownershipKeys = [
    "meta.helm.sh/release-name", "meta.helm.sh/release-namespace", "app.kubernetes.io/managed-by",
    "install.operator.istio.io/owning-resource", "install.operator.istio.io/owning-resource-namespace",
    "operator.istio.io/managed",
]

extension FieldDifference {
    /// The key of a label or an annotation of the object or of its pods; `nil` for other fields.
    private var markKey: String? {
        guard path.count >= 3, case .key(let key)? = path.last else { return nil }
        let above = path.dropLast()
        guard above.last == .key("labels") || above.last == .key("annotations"),
            above.dropLast().last == .key("metadata")
        else { return nil }
        return key
    }

    /// Whether it is a label or an annotation that says nothing but which version of a chart made the object.
    package var isVersionLabel: Bool {
        guard let key = markKey, !neverVersions.contains(where: key.hasSameBytes) else { return false }
        if versionKeys.contains(where: key.hasSameBytes) { return true }
        let domain = key.prefix { $0 != "/" }
        guard domain == "istio.io" || domain.hasSuffix(".istio.io"), let old, let new else { return false }
        return [old, new].allSatisfy { $0.string.flatMap(versionInLabel).flatMap { IstioVersion($0)?.patch } != nil }
    }

    /// Whether it only says which installer the object belongs to.
    package var isOwnershipMark: Bool {
        markKey.map { key in ownershipKeys.contains(where: key.hasSameBytes) } ?? false
    }
}

/// `1.30.3` of `1.30.3` and of `base-1.30.3`; `nil` where there is no number.
func versionInLabel(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    var start = 0
    while start < bytes.count {
        if digits.contains(bytes[start]), start == 0 || bytes[start - 1] == UInt8(ascii: "-") {
            return String(decoding: bytes[start...], as: UTF8.self)
        }
        start += 1
    }
    return nil
}

/// How many objects have their version labels changed in one way.
package struct VersionLabelChange: Sendable, Equatable {
    /// `1.29.6`; `nil` where the labels are new.
    package var old: String?
    /// `nil` where the labels go.
    package var new: String?
    package var objects: Int

    /// `version labels 1.29.6 → 1.30.3 on 30 objects`
    package var description: String {
        let versions =
            switch (old, new) {
            case (let old?, let new?): "\(old) → \(new)"
            case (nil, let new?): "\(new) (new)"
            case (let old?, nil): "\(old) (removed)"
            case (nil, nil): "changed"
            }
        return "version labels \(versions) on \(objects) \(objects == 1 ? "object" : "objects")".onOneLine
    }
}

extension [FieldDifference] {
    /// The versions between which these labels change, by the first of them that names any.
    var versions: (old: String?, new: String?)? {
        let labels = filter(\.isVersionLabel)
        guard let first = labels.first else { return nil }
        let named = labels.first { $0.old?.string.flatMap(versionInLabel) != nil } ?? first
        return (named.old?.string.flatMap(versionInLabel), named.new?.string.flatMap(versionInLabel))
    }
}
