/// A plan as one page that needs nothing beside it, no script and no other file: what it is about, a drawing of what rolls in
/// which order, then each object's differences, folded.
struct HTMLReview {
    private let review: PlanReview

    init(_ review: PlanReview) { self.review = review }

    var text: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(review.title.inHTML)</title>
        <style>
        \(HTMLReview.style)
        </style>
        </head>
        <body>
        <main>
        <h1>\(review.title.inHTML)</h1>
        <div class="top">
        \(facts)
        \(drawing)
        </div>
        \(behaviour)\(notes)\(differences)</main>
        </body>
        </html>

        """
    }

    private var facts: String {
        let rows = review.facts.map { term, text in
            let name = term == "impact" && review.hasImpact ? "impact" : term == "blocked by" ? "blocked" : ""
            let mark = name.isEmpty ? "" : " class=\"\(name)\""
            return "<dt>\(term)</dt><dd\(mark)>\(text.inHTML)</dd>"
        }
        return "<dl>\n\(rows.joined(separator: "\n"))\n</dl>"
    }

    private var drawing: String {
        guard !review.turns.isEmpty else { return "" }
        return
            "<figure>\n\(TurnDrawing(review.turns).text)\n<figcaption>Each is ready before the next one starts.</figcaption>\n</figure>"
    }

    private var behaviour: String {
        guard !review.behaviour.isEmpty else { return "" }
        let rows = review.behaviour.map { text, flag in
            "<li>\(text.inHTML)" + (flag.map { "<br>to keep the old behaviour: <code>\($0.inHTML)</code>" } ?? "")
                + "</li>"
        }
        return "<h2>Behaviour changes</h2>\n<ul>\n\(rows.joined(separator: "\n"))\n</ul>\n"
    }

    private var notes: String { review.notes.map { "<p class=\"note\">\($0.inHTML)</p>\n" }.joined() }

    private var differences: String {
        guard !review.objects.isEmpty else { return "" }
        return "<h2>Differences</h2>\n" + review.objects.map(block).joined()
    }

    /// What blocks the run is open from the start.
    private func block(_ object: PlanReview.Object) -> String {
        let effect = object.effect.isEmpty ? "" : " <span class=\"effect\">\(object.effect.inHTML)</span>"
        let lines = object.lines.map { line in
            let mark = line.hasPrefix("+") ? "new" : line.hasPrefix("-") ? "old" : line.hasPrefix("    ") ? "" : "place"
            return mark.isEmpty ? line.inHTML : "<span class=\"\(mark)\">\(line.inHTML)</span>"
        }
        return "<details\(object.isBlocked ? " class=\"blocked\" open" : "")>"
            + "<summary><span class=\"name\">\(object.title.inHTML)</span>\(effect)</summary>\n"
            + "<pre>\(lines.joined(separator: "\n"))</pre>\n</details>\n"
    }
}

extension String {
    /// The text as HTML shows it as such, in an element and in a value of an attribute.
    var inHTML: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
