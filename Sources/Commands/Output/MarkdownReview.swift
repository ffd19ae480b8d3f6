import Planning

/// A plan as a comment on a pull request: the summary, then each object's differences, folded. Whatever the values hold, it
/// stays well-formed, and at most as long as GitHub takes a comment.
struct MarkdownReview {
    private let review: PlanReview
    /// The most characters of a comment on GitHub.
    static let limit = 65_536
    /// What the line about objects left out may take.
    private static let reserve = 1000

    init(_ review: PlanReview) { self.review = review }

    var text: String {
        let head = head
        var text = head
        var length = head.utf16.count + MarkdownReview.reserve
        var left: [String] = []
        for object in review.objects {
            let block = block(object)
            guard length + block.utf16.count <= MarkdownReview.limit else {
                left.append(object.title)
                continue
            }
            text += block
            length += block.utf16.count
        }
        return text + omission(left)
    }

    private var head: String {
        var text = "### \(inline(review.title))\n\n| | |\n|---|---|\n"
        for (term, fact) in review.facts {
            let sign = term == "blocked by" ? "⛔ " : term == "impact" && review.hasImpact ? "⚠️ " : ""
            text += "| \(term) | \(sign)\(inline(fact)) |\n"
        }
        if !review.turns.isEmpty {
            text += "\n**Order**\n\n"
            for (index, turn) in review.turns.enumerated() { text += "\(index + 1). \(line(turn))\n" }
        }
        if !review.behaviour.isEmpty {
            text += "\n**Behaviour changes**\n\n"
            for (change, flag) in review.behaviour.prefix(20) {
                text += "- \(inline(change))" + (flag.map { "; to keep the old behaviour: \(code($0))" } ?? "") + "\n"
            }
        }
        let blocked = review.objects.filter(\.isBlocked)
        if !blocked.isEmpty {
            text += "\n**Blocked**\n\n"
            for object in blocked.prefix(20) { text += "- \(code(object.title)): \(inline(reason(object)))\n" }
            if blocked.count > 20 { text += "- and \(blocked.count - 20) more\n" }
        }
        for note in review.notes.prefix(20) { text += "\n\(inline(note))\n" }
        return text + "\n"
    }

    private func reason(_ object: PlanReview.Object) -> String {
        let text = object.lines.first.map { String($0.drop { $0 == " " }) } ?? object.effect
        return text.count > 400 ? text.prefix(400) + "…" : text
    }

    private func line(_ turn: PlanReview.Turn) -> String {
        let objects = turn.changes == 0 ? "no changes" : "\(turn.changes) \(turn.changes == 1 ? "object" : "objects")"
        let blocked = turn.blocked == 0 ? [] : ["**\(turn.blocked) blocked**"]
        let impacts = blocked + turn.impacts.prefix(10).map { inline($0.text) }
        return "**\(turn.component)**: " + ([objects] + impacts).joined(separator: " · ")
    }

    private func block(_ object: PlanReview.Object) -> String {
        // The fence is longer than any that the lines hold, so that none of them ends it.
        let longest = object.lines.map(longestRun).max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        let effect = object.effect.isEmpty ? "" : ": \(inline(object.effect))"
        let lines = object.lines.map { line in
            // A diff's sign stands first on its line.
            line + "\n"
        }
        return "<details><summary>\(code(object.title))\(effect)</summary>\n\n\(fence)diff\n" + lines.joined()
            + "\(fence)\n\n</details>\n\n"
    }

    private func longestRun(_ text: String) -> Int {
        var (longest, current) = (0, 0)
        for byte in text.utf8 {
            current = byte == UInt8(ascii: "`") ? current + 1 : 0
            longest = max(longest, current)
        }
        return longest
    }

    private func omission(_ left: [String]) -> String {
        guard !left.isEmpty else { return "" }
        let objects = "\(left.count) \(left.count == 1 ? "object does" : "objects do")"
        var names = ""
        for (index, title) in left.enumerated() {
            let next = (index == 0 ? "" : ", ") + code(title)
            guard names.utf16.count + next.utf16.count < MarkdownReview.reserve - 200 else {
                names += " and \(left.count - index) more"
                break
            }
            names += next
        }
        return "\(objects) not fit into a comment (sail diff --diff=full shows all): \(names)\n"
    }

    private func code(_ text: String) -> String { "<code>\(inline(text))</code>" }

    /// Text in which Markdown, HTML, a table and GitHub see nothing but text: what means something to them is written by
    /// its number.
    private func inline(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", "-", "/", "(", ")", "=", ";", "?":
                result.unicodeScalars.append(scalar)
            case _ where scalar.isASCII: result += "&#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
