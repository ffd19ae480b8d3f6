/// A word of another tool's command line: taken where this tool has the same under another name, else answered.
package struct PeerWord: Sendable {
    package enum Meaning: Sendable {
        /// The command of these words.
        case command([String])
        /// The flag of this name, with this value where the other tool's flag takes none.
        case flag(String, value: String? = nil)
        /// What happens in any case; the flag is accepted. The text says what.
        case standard(String)
        /// There is no such thing; the text says what there is.
        case answer(String)
    }

    /// `delete`, `profile dump`, `--kube-context`, `-r`.
    package let word: String
    /// The tools that have it: `helm, istioctl`.
    package let tools: String
    /// The commands for which it is known, `upgrade` or `manifest generate`; all where empty.
    package let verbs: [String]
    package let meaning: Meaning

    package init(_ word: String, of tools: String, on verbs: [String] = [], _ meaning: Meaning) {
        self.word = word
        self.tools = tools
        self.verbs = verbs
        self.meaning = meaning
    }

    package var isFlag: Bool { word.hasPrefix("-") }

    /// What the reference says of it.
    func explanation(program: String) -> String {
        switch meaning {
        case .command(let words): "taken as `\(([program] + words).joined(separator: " "))`"
        case .flag(let name, let value): "taken as `--\(name)\(value.map { "=" + $0 } ?? "")`"
        case .standard(let text): "accepted: \(text)"
        case .answer(let text): text
        }
    }
}

extension [PeerWord] {
    /// The row of a flag as typed, for a command such as `manifest generate`; `nil` as the verb: any command's.
    func flag(_ spelling: String, verb: String?) -> PeerWord? {
        let rows = filter { $0.word == spelling }
        guard let verb else { return rows.first }
        return rows.first { $0.verbs.contains(verb) } ?? rows.first { $0.verbs.isEmpty }
    }

    /// The row of the words of a command, and whether a longer one begins with these words.
    func command(_ words: [String]) -> (row: PeerWord?, isBeginning: Bool) {
        let line = words.joined(separator: " ")
        return (first { $0.word == line }, contains { $0.word.hasPrefix(line + " ") })
    }
}
