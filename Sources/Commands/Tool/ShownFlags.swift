import Values

/// The flags of a command line as they are kept with a run's records and shown by `sail history`: without what only
/// concerns this machine or terminal, and without anything secret.
func shownFlags(_ words: [String]) -> [String] {
    var shown: [String] = []
    var length = 0
    var index = words.firstIndex { $0.hasPrefix("-") } ?? words.endIndex
    while index < words.endIndex {
        let word = words[index]
        index += 1
        let name = String(word.prefix { $0 != "=" })
        if localToggles.contains(name) { continue }
        if localFlags.contains(name) {
            if name == word { index += 1 }
            continue
        }
        var flag = word.coveringPasswords
        if programFlags.contains(name) || argumentFlags.contains(name) {
            let value =
                name == word ? words[min(index, words.endIndex)...].first ?? "" : String(word.dropFirst(name.count + 1))
            if name == word { index += 1 }
            if !value.isEmpty { flag = name + " " + (programFlags.contains(name) ? programName(value) : "…") }
        } else if setFlags.contains(name) {
            if name == word {
                flag += index < words.endIndex ? " " + covered(words[index]) : ""
                index += 1
            } else {
                flag = name + "=" + covered(String(word.dropFirst(name.count + 1)))
            }
        } else if index < words.endIndex, word.hasPrefix("-"), name == word, !words[index].hasPrefix("-") {
            flag += " " + words[index].coveringPasswords
            index += 1
        }
        length += flag.utf8.count
        // A command line of any length must not make the records too large.
        guard length <= longest else { return shown + ["…"] }
        shown.append(flag.onOneLine)
    }
    return shown
}

private let longest = 2000
private let localToggles: Set<String> = [
    "-y", "--yes", "--all-contexts", "--skip-confirmation", "--auto-approve", "--trace", "--debug", "--verbose",
    "--no-color",
    "--no-colour",
]
private let localFlags: Set<String> = [
    "--kubeconfig", "--context", "--contexts", "--cluster", "--user", "--as", "--as-group", "--as-uid",
    "--request-timeout",
    "--color", "--colour", "-o", "--output", "--token", "--server", "--kube-context", "--kube-as-user",
    "--kube-as-group",
]
private let setFlags: Set<String> = ["--set", "--set-string", "--set-json", "--set-file", "--set-literal"]
/// Of a program its name alone is stored, and nothing of its arguments.
private let programFlags: Set<String> = ["--post-renderer", "--check-command"]
private let argumentFlags: Set<String> = ["--post-renderer-args", "--check-command-args"]
private let secretWords = ["password", "passwd", "secret", "token", "credential", "key", "cert"]

private func programName(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

/// `a.b=1` with the value hidden where a name in it says that it is secret.
private func covered(_ setting: String) -> String {
    guard let equals = setting.firstIndex(of: "=") else { return setting.coveringPasswords }
    // Several settings may stand in one word, and maps in JSON.
    let lowered = setting.lowercased()
    if secretWords.contains(where: lowered.contains) { return setting[..<equals] + "=***" }
    return setting.coveringPasswords
}
