import Objects
import Values

/// A rule over several fields of an object: as the API server evaluates it, and as sail does.
package enum Rule: Sendable, Equatable {
    case atMostOne([String])
    /// There is one mesh: its resource is named default.
    case nameIsDefault
    /// `values.global.istioNamespace`, where given, is the namespace.
    case istioNamespaceFits
    /// The same, where it must be given.
    case istioNamespaceIsGiven
    /// `values.revision` is the resource's name, or empty where that is default.
    case revisionIsName

    private static let names: [String: Rule] = [
        "nameIsDefault": .nameIsDefault, "istioNamespaceFits": .istioNamespaceFits,
        "istioNamespaceIsGiven": .istioNamespaceIsGiven, "revisionIsName": .revisionIsName,
    ]

    /// A word of the table: the name of a rule, or `atMostOne(a,b)`.
    init?(_ word: String) {
        if word.hasPrefix("atMostOne("), word.hasSuffix(")") {
            let inner = word.dropFirst("atMostOne(".count).dropLast()
            self = .atMostOne(inner.split(separator: ",").map(String.init))
        } else if let rule = Rule.names[word] {
            self = rule
        } else {
            return nil
        }
    }

    /// The rule in the API server's expression language.
    package var expression: String {
        switch self {
        case .atMostOne(let fields): fields.map { "(has(self.\($0)) ? 1 : 0)" }.joined(separator: " + ") + " <= 1"
        case .nameIsDefault: "self.metadata.name == 'default'"
        case .istioNamespaceFits:
            "!has(self.values) || !has(self.values.global) || !has(self.values.global.istioNamespace) || "
                + "self.values.global.istioNamespace == self.__namespace__"
        case .istioNamespaceIsGiven: "self.values.global.istioNamespace == self.__namespace__"
        case .revisionIsName:
            "self.metadata.name == 'default' ? !has(self.spec.values.revision) || self.spec.values.revision == '' : "
                + "self.spec.values.revision == self.metadata.name"
        }
    }

    /// What the API server says where the rule is broken.
    package var message: String {
        switch self {
        case .atMostOne(let fields): "At most one of [\(fields.joined(separator: " "))] should be set"
        case .nameIsDefault: "metadata.name must be 'default'"
        case .istioNamespaceFits, .istioNamespaceIsGiven:
            "spec.values.global.istioNamespace must match spec.namespace"
        case .revisionIsName: "spec.values.revision must match metadata.name or be empty when the name is 'default'"
        }
    }

    /// Whether an object keeps the rule.
    func holds(for object: Mapping) -> Bool {
        switch self {
        case .atMostOne(let fields):
            return fields.count { object[$0] != nil } <= 1
        case .nameIsDefault:
            return ["", "default"].contains(object.metadata.name)
        case .istioNamespaceFits:
            guard let own = object["values"]?[path: "global", "istioNamespace"] else { return true }
            return own == object["namespace"]
        case .istioNamespaceIsGiven:
            guard let own = object["values"]?[path: "global", "istioNamespace"] else { return false }
            return own == object["namespace"]
        case .revisionIsName:
            let name = object.metadata.name
            // Without values there is nothing that the expression could read.
            guard object["spec"]?["values"]?.map != nil else { return false }
            let revision = object["spec"]?[path: "values", "revision"]
            return ["", "default"].contains(name) ? revision == nil || revision == "" : revision == .string(name)
        }
    }
}
