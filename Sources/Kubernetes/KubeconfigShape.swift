internal import Values
internal import YAML

/// What type each field of a kubeconfig has. kubectl refuses a file with another one, such as a number for a password;
/// passed over in silence, it would be a login without that password.
indirect enum Shape: Sendable {
    case text
    case flag
    case texts
    /// A map of texts, whatever its keys.
    case settings
    case fields([String: Shape])
    case items([String: Shape])
    /// A map of lists of texts.
    case groups

    static let kubeconfig = Shape.fields([
        "current-context": .text,
        "clusters": .items(["name": .text, "cluster": .fields(cluster)]),
        "users": .items(["name": .text, "user": .fields(user)]),
        "contexts": .items([
            "name": .text, "context": .fields(["cluster": .text, "user": .text, "namespace": .text]),
        ]),
    ])

    private static let cluster: [String: Shape] = [
        "server": .text, "certificate-authority": .text, "certificate-authority-data": .text, "tls-server-name": .text,
        "proxy-url": .text, "insecure-skip-tls-verify": .flag, "disable-compression": .flag,
    ]

    private static let user: [String: Shape] = [
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
struct Misshape {
    /// Keys, and positions in lists.
    var path: [String]
    var problem: String
}

extension Shape {
    /// The first field that is not what it should be; null stands for anything, as in Go.
    func misshape(of value: Value, at path: [String] = []) -> Misshape? {
        if value.isNull { return nil }
        switch self {
        case .text:
            if value.string != nil { return nil }
            let isScalar = value.map == nil && value.list == nil
            return Misshape(path: path, problem: isScalar ? "is not text; put it in quotes" : "is not text")
        case .flag:
            return value.bool == nil ? Misshape(path: path, problem: "is not true or false; leave out quotes") : nil
        case .texts:
            return Shape.elements(value, path) { Shape.text.misshape(of: $0, at: $1) }
        case .items(let fields):
            return Shape.elements(value, path) { Shape.fields(fields).misshape(of: $0, at: $1) }
        case .settings:
            return Shape.entries(value, path) { _ in .text }
        case .groups:
            return Shape.entries(value, path) { _ in .texts }
        case .fields(let fields):
            return Shape.entries(value, path) { fields[$0] }
        }
    }

    private static func elements(
        _ value: Value, _ path: [String], _ check: (Value, [String]) -> Misshape?
    ) -> Misshape? {
        guard let list = value.list else { return Misshape(path: path, problem: "is not a list") }
        for (index, element) in list.enumerated() {
            if let found = check(element, path + [String(index)]) { return found }
        }
        return nil
    }

    private static func entries(_ value: Value, _ path: [String], _ shape: (String) -> Shape?) -> Misshape? {
        guard let map = value.map else { return Misshape(path: path, problem: "is not a map") }
        for (key, entry) in map {
            if let found = shape(key)?.misshape(of: entry, at: path + [key]) { return found }
        }
        return nil
    }
}
