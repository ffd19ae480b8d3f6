import Arguments
import Operations
import Terminal

extension FlagGroup<Request> {
    /// Several clusters in the place of one; `how` says in which order they have their turns.
    static func contexts(_ how: String) -> FlagGroup {
        FlagGroup(
            "Several clusters",
            [
                .value(
                    "contexts", "NAMES",
                    help: "These contexts of the kubeconfig, \(how): names, or patterns such as 'prod-*'; with commas",
                    repeatable: true, completion: .words(contextNames)
                ) {
                    let names = try commaSeparated($1)
                    guard !names.contains("") else { throw InvalidValue(expectation: "names of contexts") }
                    $0.contextPatterns += names
                },
                .toggle("all-contexts", help: "All contexts of the kubeconfig, \(how)") { $0.wantsAllContexts = $1 },
            ])
    }

    static let contexts = contexts("side by side")
}

extension Request {
    /// The contexts that the flags select; `nil` where the command is about one cluster. Throws `UsageError` where flags
    /// contradict each other, and where names fit no context.
    func selectedContexts(of verb: String) throws -> [String]? {
        guard wantsAllContexts || !contextPatterns.isEmpty else { return nil }
        func refuse(_ message: String) -> UsageError { UsageError(message: message, command: "\(program) \(verb)") }
        let flag = wantsAllContexts ? "--all-contexts" : "--contexts"
        if wantsAllContexts, !contextPatterns.isEmpty {
            throw refuse("--contexts and --all-contexts exclude each other; give one of them")
        }
        let single = [("context", options.cluster.contextName), ("cluster", options.cluster.clusterName)]
        for (name, value) in single where value != nil && !options.configured.contains(name) {
            throw refuse("--\(name) names one cluster, \(flag) several; give one of them")
        }
        if Format.pages.contains(format) {
            throw refuse("-o \(format.rawValue) shows the plan for one cluster; name it with --context")
        }
        if watches { throw refuse("--watch follows one cluster; name it with --context") }
        return try options.contexts(wantsAllContexts ? .all : .named(contextPatterns))
    }

    /// What standard input holds, where a flag reads it: it can be read only once, and several runs need it.
    func sharedInput() throws -> [UInt8]? {
        let reads = options.values.files.contains("-") || options.patchFiles.contains("-")
        return reads ? try options.readFile("-") : nil
    }
}
