import GoRegexp
package import Objects
package import Values

/// Which objects a patch is for, as a kustomization has it: every field that is given must match as a whole, as a regular
/// expression.
package struct PatchTarget: Sendable {
    private enum Field: String, CaseIterable {
        case group, version, kind, name, namespace
    }

    private var patterns: [(field: Field, text: String, pattern: Pattern)] = []
    private var labels: (text: String, selector: LabelSelector)?
    private var annotations: (text: String, selector: LabelSelector)?

    private static let known = Field.allCases.map(\.rawValue) + ["labelSelector", "annotationSelector"]

    /// Reads `{group, version, kind, name, namespace, labelSelector, annotationSelector}`.
    package init(_ map: Mapping) throws(PatchError) {
        for (key, value) in map where !value.isNull {
            guard PatchTarget.known.contains(key) else {
                throw PatchError(
                    "unknown key target.\(key.onOneLine)"
                        + (nearest(to: key, among: PatchTarget.known).map { "; did you mean \($0)?" }
                            ?? "; known: " + PatchTarget.known.joined(separator: ", ")))
            }
            guard let text = value.string else { throw PatchError("target.\(key) must be a string") }
            switch key {
            case "labelSelector": labels = (text, try PatchTarget.selector(text, key))
            case "annotationSelector": annotations = (text, try PatchTarget.selector(text, key))
            default: if let field = Field(rawValue: key) { try add(field, text) }
            }
        }
        if patterns.isEmpty, labels == nil, annotations == nil {
            throw PatchError("target names no object; write kind and name")
        }
    }

    /// The target that is one object, whatever version its group has.
    package init(_ identity: ObjectReference) throws(PatchError) {
        let fields: [(Field, String)] = [
            (.group, identity.group), (.kind, identity.kind), (.name, identity.name), (.namespace, identity.namespace),
        ]
        for (field, text) in fields where !text.isEmpty { try add(field, quotedPattern(text)) }
    }

    private static func selector(_ text: String, _ key: String) throws(PatchError) -> LabelSelector {
        do throws(PatchError) {
            return try LabelSelector(text)
        } catch {
            throw PatchError("target.\(key): \(error)")
        }
    }

    private mutating func add(_ field: Field, _ text: String) throws(PatchError) {
        do throws(RegexError) {
            patterns.append((field, text, try Pattern(Text("^(?:" + text + ")$"))))
        } catch {
            throw PatchError("target.\(field.rawValue): \"\(text.onOneLine)\" is no regular expression: \(error)")
        }
    }

    /// Whether labels or annotations are asked for, which only the whole object tells.
    package var needsObject: Bool { labels != nil || annotations != nil }

    /// Whether an object of this reference may be meant.
    package func matches(_ identity: ObjectReference) -> Bool {
        patterns.allSatisfy { field, _, pattern in pattern.matches(Text(PatchTarget.value(field, identity))) }
    }

    /// Whether the labels and annotations of an object are those that are asked for.
    package func matches(_ object: Value) -> Bool {
        func map(_ key: String) -> Mapping { object["metadata"]?[key]?.map ?? Mapping() }
        return (labels?.selector.matches(map("labels")) ?? true)
            && (annotations?.selector.matches(map("annotations")) ?? true)
    }

    private static func value(_ field: Field, _ identity: ObjectReference) -> String {
        switch field {
        case .group: identity.group
        case .version: String(identity.apiVersion.split(separator: "/").last ?? "")
        case .kind: identity.kind
        case .name: identity.name
        case .namespace: identity.namespace
        }
    }

    /// The object that was probably meant, for a target that matches none.
    package func nearestObject(among identities: [ObjectReference]) -> ObjectReference? {
        func text(_ field: Field) -> String? { patterns.first { $0.field == field }?.text }
        let sameKind = identities.filter { identity in
            patterns.first { $0.field == .kind }.map { $0.pattern.matches(Text(identity.kind)) } ?? true
        }
        guard let name = text(.name) else {
            let kind = text(.kind).flatMap { nearest(to: $0, among: identities.map(\.kind)) }
            return identities.first { $0.kind == kind }
        }
        // The kind is right and the name is not, or the other way round.
        let near = nearest(to: name, among: sameKind.map(\.name))
        let sameName = identities.filter { $0.name == name }
        let kind = text(.kind).flatMap { nearest(to: $0, among: sameName.map(\.kind)) }
        return sameKind.first { $0.name == near } ?? sameName.first { $0.kind == kind } ?? sameName.first
            ?? (sameKind.count == 1 ? sameKind[0] : nil)
    }
}

extension PatchTarget: CustomStringConvertible {
    /// `kind Deployment, name istiod`
    package var description: String {
        var words = patterns.map { "\($0.field.rawValue) \($0.text)" }
        if let labels { words.append("labels \(labels.text)") }
        if let annotations { words.append("annotations \(annotations.text)") }
        return words.joined(separator: ", ").onOneLine
    }
}

/// A regular expression that matches the text alone.
package func quotedPattern(_ text: String) -> String {
    text.map { "\\.+*?()|[]{}^$".contains($0) ? "\\\($0)" : String($0) }.joined()
}
