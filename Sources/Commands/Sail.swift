import Arguments
package import Terminal

/// The whole tool: reads the command line, runs the command, and returns the exit code.
package func sail(_ words: [String], environment: [String: String], console: Console) -> Int32 {
    do {
        let empty = Request(console: console, environment: environment)
        switch try parse(words, environment: environment, with: root, into: empty) {
        case .help(let path, let request):
            try console.print(helpPage(path, width: console.width, style: request.console.style))
        case .version: try console.print(versionLine + "\n")
        case .run(let command, let request): return try command.body?(request) ?? 0
        }
        return 0
    } catch let error as UsageError {
        console.fail(error.description)
        return 2
    } catch {
        for line in messageLines("\(error)") { console.fail(line) }
        return 1
    }
}

/// An error's text as lines to show: what Helm spreads over indented lines stands in one, and a chain of a thousand
/// includes is cut in its middle.
func messageLines(_ text: String) -> [String] {
    var lines: [String] = []
    for line in text.split(whereSeparator: \.isNewline) {
        let isContinuation = line.first == " " || line.first == "\t"
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        if isContinuation, let last = lines.last, !trimmed.hasPrefix("- ") {
            lines[lines.count - 1] = last + (last.hasSuffix(":") ? " " : ": ") + trimmed
        } else {
            lines.append(String(line))
        }
    }
    return lines.map(shortened)
}

private let longestMessage = 2000

private func shortened(_ line: String) -> String {
    guard line.utf8.count > longestMessage else { return line }
    return "\(line.prefix(500)) … (\(line.utf8.count - 800) bytes more) … \(line.suffix(300))"
}

/// What `sail --version` prints.
let versionLine = "sail " + releaseNumber

/// This tool's own version.
let releaseNumber = "0.1.0"
