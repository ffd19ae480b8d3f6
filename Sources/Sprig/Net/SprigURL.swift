import GoTemplate
import Values

/// Sprig's urlParse and urlJoin over the rules of Go's net/url.
enum SprigURL {
    static let functions: [Function] = [
        Function("urlParse", [.string], returns: .anyMap) { .map(try parse($0.text(0))) },
        Function("urlJoin", [.anyMap], returns: .string) {
            guard case .map(let map) = $0[0] else { return .string(try join(Map())) }
            return .string(try join(map))
        },
    ]

    private static func parse(_ text: Text) throws -> Map {
        let url: URL
        do {
            url = try URL(parsing: text)
        } catch {
            throw FunctionError("unable to parse url: " + error.message)
        }
        return Map([
            "scheme": .string(url.scheme), "host": .string(url.host), "hostname": .string(url.hostname),
            "path": .string(url.path), "query": .string(url.query), "opaque": .string(url.opaque),
            "fragment": .string(url.fragment), "userinfo": .string(url.user?.text ?? ""),
        ])
    }

    private static func join(_ map: Map) throws -> Text {
        var url = URL()
        url.scheme = try entry(map, "scheme")
        url.host = try entry(map, "host")
        url.path = try entry(map, "path")
        url.query = try entry(map, "query")
        url.opaque = try entry(map, "opaque")
        url.fragment = try entry(map, "fragment")
        let user = try entry(map, "userinfo")
        if !user.isEmpty {
            do {
                url.user = try URL(parsing: "proto://" + user + "@host").user
            } catch {
                throw FunctionError("unable to parse userinfo in dict: " + error.message)
            }
        }
        return url.text
    }

    private static func entry(_ map: Map, _ key: Text) throws -> Text {
        guard let value = map[key] else { return "" }
        if case .string(let text) = value { return text }
        guard let type = value.type else {
            throw FunctionError("runtime error: invalid memory address or nil pointer dereference")
        }
        throw FunctionError(
            "unable to parse " + key + " key, must be of type string, but " + Text(type.kindName) + " found")
    }
}

extension GoType {
    /// What reflect's Kind prints.
    fileprivate var kindName: String {
        switch underlying {
        case .any: "interface"
        case .slice: "slice"
        case .map: "map"
        case .structure(let name): name.hasPrefix("*") ? "ptr" : "struct"
        case .function: "func"
        case let type: type.description
        }
    }
}
