package import System
internal import Values
internal import YAML

/// The user's defaults for flags: `$XDG_CONFIG_HOME/sail/config.yaml`, or the file that SAIL_CONFIG names.
///
/// ```yaml
/// defaults:
///   timeout: 10m
/// contexts:
///   prod-eu:
///     platform: eks
/// ```
///
/// A flag and its variable come before it; so does what the program itself has stored.
package struct ConfigFile: Sendable {
    /// A default, and where it is written.
    package struct Entry: Sendable {
        package let flag: String
        /// Several where the flag may be given several times.
        package let values: [String]
        /// The context it is for; `nil` for all.
        package let context: String?
        package let line: Int
    }

    package let path: String
    package private(set) var entries: [Entry] = []

    /// Where the file is looked for, and whether the user named it, so that it must be there; `nil` without a home.
    package static func place(_ environment: [String: String]) -> (path: String, isNamed: Bool)? {
        if let named = environment["SAIL_CONFIG"], !named.isEmpty { return (named, true) }
        // As the specification of these folders says, only an absolute path counts.
        let base = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        if let base { return (base + "/sail/config.yaml", false) }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return (home + "/.config/sail/config.yaml", false)
    }

    /// Reads the file, where there is one, by the flags of all commands; throws `UsageError`.
    ///
    /// A value is tried on a request that is `empty`; `refusal` says why a flag has no default in a file, or none for one
    /// context alone.
    package init?<Request>(
        _ environment: [String: String], flags: () -> [Flag<Request>], empty: Request,
        refusal: @escaping (_ flag: String, _ isOfContext: Bool) -> String?, read: FileReader
    ) throws {
        guard let place = ConfigFile.place(environment) else { return nil }
        path = place.path
        guard place.isNamed || isExistingPath(path) else { return nil }
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try read(path)
        } catch {
            throw ConfigFile.failure("\(path): \(error.reason)")
        }
        guard let document = try document(bytes) else { return }
        var section = ConfigSection(
            path: path, document: document, flags: flags(), empty: empty, refusal: refusal)
        entries = try section.entries()
    }

    private static func failure(_ message: String) -> UsageError {
        UsageError(message: message, command: "sail config")
    }

    /// What the file holds; `nil` where that is nothing.
    private func document(_ bytes: [UInt8]) throws -> Document? {
        var reader = DocumentReader(bytes, options: ReadingOptions(numbers: .native, recordsPlaces: true))
        let document: Document?
        do throws(YAMLError) {
            document = try reader.next()
        } catch {
            if case .syntax(let line, let problem) = error {
                throw ConfigFile.failure("\(path):\(line ?? 1): \(problem)")
            }
            throw ConfigFile.failure("\(path): \(error)")
        }
        return document?.value.isNull == false ? document : nil
    }

    /// Whether any context has defaults of its own.
    package var hasContexts: Bool { entries.contains { $0.context != nil } }

    /// The defaults of a context; its own come before those of all.
    package func entries(of context: String?) -> [Entry] {
        var result = context.map { name in entries.filter { $0.context == name } } ?? []
        for entry in entries where entry.context == nil && !result.contains(where: { $0.flag == entry.flag }) {
            result.append(entry)
        }
        return result
    }

    /// `config.yaml:4`, with the whole path.
    package func place(of entry: Entry) -> String { "\(path):\(entry.line)" }
}

/// Reads the two sections of a config file.
private struct ConfigSection<Request> {
    let path: String
    let document: Document
    let flags: [Flag<Request>]
    let empty: Request
    let refusal: (_ flag: String, _ isOfContext: Bool) -> String?

    mutating func entries() throws -> [ConfigFile.Entry] {
        try refuseDuplicates()
        var entries: [ConfigFile.Entry] = []
        for (key, value) in try map(at: []) {
            switch key {
            case "defaults": entries += try defaults(value, at: ["defaults"], nil)
            case "contexts":
                for (name, value) in try map(at: ["contexts"]) {
                    entries += try defaults(value, at: ["contexts", name], name)
                }
            default:
                throw failure(
                    [key],
                    "unknown section \(key)" + suggestion(for: key, among: ["defaults", "contexts"])
                        + "; there are defaults and contexts")
            }
        }
        return entries
    }

    private func refuseDuplicates() throws {
        guard let duplicate = document.duplicates.first else { return }
        throw UsageError(
            message: "\(path):\(duplicate.second.line): \(duplicate.key) is set in line \(duplicate.first.line) too; "
                + "remove one", command: "sail config")
    }

    private func map(at keys: [String]) throws -> Mapping {
        let value = keys.isEmpty ? document.value : keys.reduce(document.value) { $0[$1] ?? .null }
        if value.isNull { return Mapping() }
        guard let map = value.map else {
            throw failure(keys, (keys.last ?? "the file") + " is no map; write a key and its value on each line")
        }
        return map
    }

    private func defaults(_ value: Value, at keys: [String], _ context: String?) throws -> [ConfigFile.Entry] {
        try map(at: keys).map { key, value in
            let keys = keys + [key]
            // YAML 1.1 reads the word yes as true.
            let name = key == "true" ? "yes" : key
            if let reason = refusal(name, context != nil) { throw failure(keys, reason) }
            guard let flag = flags.first(where: { $0.name == name }) else {
                let names = flags.map(\.name)
                throw failure(keys, "unknown flag \(name)" + suggestion(for: name, among: names))
            }
            let entry = ConfigFile.Entry(
                flag: name, values: try texts(value, keys, flag), context: context, line: line(keys))
            try check(entry, flag, keys)
            return entry
        }
    }

    /// A scalar, or several of a flag that may be given several times.
    private func texts(_ value: Value, _ keys: [String], _ flag: Flag<Request>) throws -> [String] {
        if let list = value.list {
            guard flag.isRepeatable else { throw failure(keys, "\(flag.name) takes one value, not a list") }
            return try list.map { try text($0, keys, flag) }
        }
        return [try text(value, keys, flag)]
    }

    private func text(_ value: Value, _ keys: [String], _ flag: Flag<Request>) throws -> String {
        switch value {
        case .string(let text): return text
        case .bool(let isOn): return isOn ? "true" : "false"
        case .int(let number): return String(number)
        case .double(let number): return String(number)
        default: throw failure(keys, "\(flag.name) has no value; write it as the flag takes it, or remove the line")
        }
    }

    /// A wrong value is an error of every command, not only of those that have the flag.
    private func check(_ entry: ConfigFile.Entry, _ flag: Flag<Request>, _ keys: [String]) throws {
        var request = empty
        for value in entry.values {
            do {
                try flag.apply(value, to: &request)
            } catch let error as InvalidValue {
                throw failure(keys, "\(flag.name): \"\(value)\" is not \(error.expectation)")
            }
        }
    }

    private func line(_ keys: [String]) -> Int {
        let places = document.places?[keys]
        return places?.key?.line ?? places?.value.line ?? 1
    }

    private func failure(_ keys: [String], _ message: String) -> UsageError {
        UsageError(message: "\(path):\(line(keys)): \(message)", command: "sail config")
    }
}
