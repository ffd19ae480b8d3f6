import Arguments
import Istio
import Meshes
import Operations
import Terminal
import Values

/// The tables of flags that several commands share.
extension FlagGroup<Request> {
    static let mesh = FlagGroup(
        "Mesh",
        [
            .value(
                "profile", "NAME", help: "Profile beneath your values", environment: "SAIL_PROFILE",
                completion: .words { _ in profileNames().filter { $0.word == Profiles.ambient } }
            ) { $0.profile = $1 },
            .version,
            .catalogue,
            .value(
                "platform", "NAME", help: "Platform whose settings are added", environment: "SAIL_PLATFORM",
                completion: .words { _ in platformNames() }
            ) { $0.platform = $1 },
            .namespace,
            .value("cni-namespace", "NAMESPACE", help: "Namespace of the CNI node agent") {
                $0.componentNamespaces[.cni] = $1
            },
            .value("ztunnel-namespace", "NAMESPACE", help: "Namespace of ztunnel") {
                $0.componentNamespaces[.ztunnel] = $1
            },
            .charts,
            .toggle(
                "fips", help: "Cryptography by FIPS 140-2: TLS 1.2 with approved ciphers", environment: "SAIL_FIPS"
            ) { $0.isFIPS = $1 },
        ])

    static let values = FlagGroup(
        "Values",
        [
            .value(
                "values", short: "f", "FILE", help: "Values file, IstioOperator or Sail Operator resource; - for stdin",
                repeatable: true, completion: .files
            ) { $0.values.files += try commaSeparated($1) },
            .value(
                "set", "KEY=VALUE", help: "Set values: a.b=1,c[0]=x", repeatable: true,
                completion: .words(settingKeys)
            ) {
                $0.values.sets.append((.typed, $1))
            },
            .value(
                "set-string", "KEY=VALUE", help: "Set values as strings", repeatable: true,
                completion: .words(settingKeys)
            ) {
                $0.values.sets.append((.string, $1))
            },
            .value(
                "set-json", "KEY=JSON", help: "Set values from JSON", repeatable: true,
                completion: .words(settingKeys)
            ) {
                $0.values.sets.append((.json, $1))
            },
            .value(
                "set-file", "KEY=FILE", help: "Set values to files' texts", repeatable: true,
                completion: .words(settingKeys)
            ) {
                $0.values.sets.append((.file, $1))
            },
            .value(
                "set-literal", "KEY=TEXT", help: "Set a value to the text as it stands", repeatable: true,
                completion: .words(settingKeys)
            ) {
                $0.values.sets.append((.literal, $1))
            },
        ])

    /// Flags that every command has.
    static let common = FlagGroup(
        "General",
        [
            .value("color", "WHEN", help: "When to colour", choices: ColorChoice.allCases.map(\.rawValue)) {
                request, word in
                guard let choice = ColorChoice(rawValue: word) else { return }
                request.console.color(choice, environment: request.environment)
            },
            .toggle("help", short: "h", help: "This page") { _, _ in },
        ])

    /// `-o` with the formats of every command.
    static func output(_ more: [Flag<Request>] = []) -> FlagGroup { output(Format.common, more) }

    /// `-o` with those of a command that prints a list of things, too.
    static func list(_ more: [Flag<Request>] = []) -> FlagGroup { output(Format.lists, more) }

    /// `-o` with those of a command that shows a plan, too.
    static func plan(_ more: [Flag<Request>] = []) -> FlagGroup { output(Format.plans, more) }

    private static func output(_ formats: [Format], _ more: [Flag<Request>]) -> FlagGroup {
        let format = Flag<Request>.value(
            "output", short: "o", "FORMAT", help: "Output format; table is the same as text",
            choices: formats.map(\.rawValue), synonyms: ["table": Format.text.rawValue]
        ) { $0.format = Format(rawValue: $1) ?? $0.format }
        return FlagGroup("Output", [format] + more)
    }
}

extension Flag<Request> {
    static let charts = Flag.value(
        "charts", "SOURCE",
        help: "Charts to use instead of the built-in ones: a folder, a .tgz, https:// or oci://; several with commas",
        environment: "SAIL_CHARTS", repeatable: true, completion: .directories
    ) { $0.charts.append($1) }

    static let version = Flag.value(
        "version", "VERSION", help: "Istio version or alias, such as v1.30.3 or v1.30-latest",
        environment: "SAIL_VERSION", completion: .words { _ in versionNames() }
    ) { $0.version = $1 }

    static let catalogue = Flag.value(
        "catalogue", "SOURCE",
        help: "Releases, registries, aliases and digests to lay over the built-in catalogue: a file or https://",
        environment: "SAIL_CATALOGUE", completion: .files
    ) { $0.catalogueSource = $1 }

    static let namespace = Flag.value(
        "namespace", short: "n", "NAMESPACE", help: "Namespace of the mesh, istio-system by default",
        environment: "SAIL_NAMESPACE", completion: .words(clusterNamespaces)
    ) { $0.namespace = $1 }

    static func all(_ help: String) -> Flag {
        .toggle("all", short: "a", help: help) { $0.wantsAll = $1 }
    }

    static let component = Flag.value(
        "component", short: "c", "NAME",
        help: "Only this component: \(Component.allCases.map(\.rawValue).joined(separator: ", "))", repeatable: true,
        completion: .words { _ in Component.allCases.map { Candidate($0.rawValue) } }
    ) { request, words in
        for word in words.split(separator: ",", omittingEmptySubsequences: false) {
            request.components.append(try componentNamed(String(word)))
        }
    }

    static let outputFolder = Flag.value(
        "output-dir", "FOLDER", help: "Write a file per object into this folder", completion: .directories
    ) { request, word in
        guard !word.isEmpty else { throw InvalidValue(expectation: "the path of a folder") }
        request.outputFolder = word
    }
}

/// A component by its name; throws `InvalidValue` with all names.
func componentNamed(_ name: String) throws -> Component {
    if let component = Component(rawValue: name) { return component }
    let names = Component.allCases.map(\.rawValue)
    throw InvalidValue(
        expectation: "one of \(names.joined(separator: ", "))" + suggestion(for: name, among: names))
}

/// Words for the shell; a damaged catalogue is no reason to disturb who is typing.
func profileNames() -> [Candidate] { profileEntries().map { Candidate($0.name, help: $0.summary) } }

private func platformNames() -> [Candidate] {
    profileEntries().filter(\.isPlatform).map { Candidate($0.name, help: $0.summary) }
}

func versionNames() -> [Candidate] {
    ((try? Catalogue.builtIn())?.names ?? []).map { Candidate($0) }
}

private func profileEntries() -> [Profiles.Entry] {
    guard let minor = try? Catalogue.builtIn().release(nil).minor else { return [] }
    return Profiles(minor).entries
}
