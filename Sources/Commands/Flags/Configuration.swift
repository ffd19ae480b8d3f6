import Arguments
import Operations
import Values

/// What the config file says for one command line.
struct Configuration: Sendable {
    /// A default as the command gets it.
    struct Setting: Sendable {
        let entry: ConfigFile.Entry
        let place: String
    }

    let file: ConfigFile?
    /// Finds the context that the command is about, in the kubeconfig where nothing else names it; `nil` for a command that
    /// is not about a cluster.
    private let findContext: @Sendable () -> String?
    let settings: [Setting]
    /// The flags that got their value here.
    let used: Set<String>

    static let none = Configuration()

    private init() { (file, findContext, settings, used) = (nil, { nil }, [], []) }

    /// The defaults of a command's flags; `given` are the values of its flags on the line and in the environment.
    init(_ file: ConfigFile?, for flags: [Flag<Request>], given: [String: String], _ empty: Request) {
        self.file = file
        let all = file?.entries(of: nil) ?? []
        func value(of name: String) -> String? { given[name] ?? all.first { $0.flag == name }?.values.last }
        let (isAboutCluster, named) = (flags.contains { $0.name == "context" }, value(of: "context"))
        let kubeconfig = value(of: "kubeconfig")
        let findContext: @Sendable () -> String? = {
            isAboutCluster ? named ?? Configuration.currentContext(kubeconfig, empty) : nil
        }
        self.findContext = findContext
        // The kubeconfig is only read for a file that makes a difference between contexts.
        let own = file.map { $0.entries(of: $0.hasContexts ? findContext() : nil) } ?? []
        settings = own.filter { entry in flags.contains { $0.name == entry.flag } }.map {
            Setting(entry: $0, place: file?.place(of: $0) ?? "")
        }
        used = Set(settings.map(\.entry.flag).filter { given[$0] == nil })
    }

    /// What the kubeconfig says; a faulty one is reported by the command that connects.
    private static func currentContext(_ kubeconfig: String?, _ empty: Request) -> String? {
        var options = empty.options
        // The variable may hold several files.
        if kubeconfig != empty.environment["KUBECONFIG"] { options.cluster.kubeconfig = kubeconfig }
        return options.offeredConnections()?.currentContext
    }

    /// The values for flags that nothing else sets.
    var defaults: [DefaultValue] {
        settings.filter { used.contains($0.entry.flag) }.flatMap { setting in
            setting.entry.values.map { DefaultValue(flag: setting.entry.flag, value: $0, place: setting.place) }
        }
    }
}

extension Configuration {
    /// Every default of any flag, by the names of the flags, and what counts.
    func report(_ environment: [String: String], flags: [Flag<Request>]) -> ConfigReport {
        let context = findContext()
        var report = ConfigReport(path: ConfigFile.place(environment)?.path, exists: file != nil, context: context)
        for flag in flags.sorted(by: { $0.name.precedesByBytes($1.name) }) {
            var winner: String?
            func add(_ value: String, _ place: String) {
                report.rows.append(ConfigReport.Row(flag: flag.name, value: value, place: place, winner: winner))
                winner = winner ?? place
            }
            if let name = flag.environment, let value = environment[name], !value.isEmpty {
                add(value, "environment variable \(name)")
            }
            let entries = file?.entries.filter { $0.flag == flag.name } ?? []
            for entry in entries where entry.context != nil && entry.context == context {
                add(entry.values.joined(separator: ", "), place(of: entry))
            }
            for entry in entries where entry.context == nil {
                add(entry.values.joined(separator: ", "), place(of: entry))
            }
        }
        return report
    }

    private func place(of entry: ConfigFile.Entry) -> String {
        (file?.place(of: entry) ?? "") + (entry.context.map { " (context \($0))" } ?? "")
    }
}
