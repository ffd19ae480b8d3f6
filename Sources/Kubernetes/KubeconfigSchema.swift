internal import Values
internal import YAML

/// What type each field of a kubeconfig has. kubectl refuses a file with another one, such as a number for a password;
/// passed over in silence, it would be a login without that password.
indirect enum KubeconfigSchema: Sendable {
    case text
    case flag
    case texts
    /// A map of texts, whatever its keys.
    case settings
    case fields([String: KubeconfigSchema])
    case items([String: KubeconfigSchema])
    /// A map of lists of texts.
    case groups

    static let kubeconfig = KubeconfigSchema.fields([
        "current-context": .text,
        "clusters": .items(["name": .text, "cluster": .fields(cluster)]),
        "users": .items(["name": .text, "user": .fields(user)]),
        "contexts": .items([
            "name": .text, "context": .fields(["cluster": .text, "user": .text, "namespace": .text]),
        ]),
    ])

    private static let cluster: [String: KubeconfigSchema] = [
        "server": .text, "certificate-authority": .text, "certificate-authority-data": .text, "tls-server-name": .text,
        "proxy-url": .text, "insecure-skip-tls-verify": .flag, "disable-compression": .flag,
    ]

    private static let user: [String: KubeconfigSchema] = [
        "client-certificate": .text, "client-certificate-data": .text, "client-key": .text, "client-key-data": .text,
        "token": .text, "tokenFile": .text, "username": .text, "password": .text, "as": .text, "as-uid": .text,
        "as-groups": .texts, "as-user-extra": .groups,
        "auth-provider": .fields(["name": .text, "config": .settings]),
        "exec": .fields([
            "command": .text, "apiVersion": .text, "installHint": .text, "interactiveMode": .text, "args": .texts,
            "provideClusterInfo": .flag, "env": .items(["name": .text, "value": .text]),
        ]),
    ]
}

/// A field of another type than it should have.
struct SchemaViolation {
    /// Keys, and positions in lists.
    var path: [String]
    var problem: String
}

extension KubeconfigSchema {
    /// The first field that is not what it should be; null stands for anything, as in Go.
    func violation(of value: Value, at path: [String] = []) -> SchemaViolation? {
        if value.isNull { return nil }
        switch self {
        case .text:
            if value.string != nil { return nil }
            let isScalar = value.map == nil && value.list == nil
            return SchemaViolation(path: path, problem: isScalar ? "is not text; put it in quotes" : "is not text")
        case .flag:
            return value.bool == nil
                ? SchemaViolation(path: path, problem: "is not true or false; leave out quotes") : nil
        case .texts:
            return KubeconfigSchema.elements(value, path) { KubeconfigSchema.text.violation(of: $0, at: $1) }
        case .items(let fields):
            return KubeconfigSchema.elements(value, path) { KubeconfigSchema.fields(fields).violation(of: $0, at: $1) }
        case .settings:
            return KubeconfigSchema.entries(value, path) { _ in .text }
        case .groups:
            return KubeconfigSchema.entries(value, path) { _ in .texts }
        case .fields(let fields):
            return KubeconfigSchema.entries(value, path) { fields[$0] }
        }
    }

    private static func elements(
        _ value: Value, _ path: [String], _ check: (Value, [String]) -> SchemaViolation?
    ) -> SchemaViolation? {
        guard let list = value.list else { return SchemaViolation(path: path, problem: "is not a list") }
        for (index, element) in list.enumerated() {
            if let found = check(element, path + [String(index)]) { return found }
        }
        return nil
    }

    private static func entries(_ value: Value, _ path: [String], _ shape: (String) -> KubeconfigSchema?)
        -> SchemaViolation?
    {
        guard let map = value.map else { return SchemaViolation(path: path, problem: "is not a map") }
        for (key, entry) in map {
            if let found = shape(key)?.violation(of: entry, at: path + [key]) { return found }
        }
        return nil
    }
}
