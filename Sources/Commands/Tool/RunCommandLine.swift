import Arguments
import Kubernetes
import Operations
package import Terminal

/// The whole tool: reads the command line, runs the command, and returns the exit code.
package func sail(_ words: [String], environment: [String: String], console: Console) -> Int32 {
    let signals = ProcessSignals()
    do {
        let empty = Request(console: console, environment: environment)
        switch try parse(words, environment: environment, with: root, into: empty) {
        case .help(let path, let request):
            try console.print(helpPage(path, width: console.width, style: request.console.style))
        case .version: try console.print(versionLine + "\n")
        case .run(let command, var request):
            request = request.withUI
            request.options.shownFlags = shownFlags(words)
            try request.options.readCatalogue()
            let code = try command.body?(request) ?? 0
            return code != 0 && signals.happened ? signals.exitCode : code
        }
        return 0
    } catch let error as UsageError {
        console.fail(error.description)
        return 2
    } catch let interruption as QuestionInterrupted {
        console.note("nothing was changed")
        return interruption.exitCode
    } catch APIError.interrupted where signals.happened {
        console.fail("interrupted; run the same command again to go on")
        return signals.exitCode
    } catch {
        console.fail(error)
        return signals.happened ? signals.exitCode : 1
    }
}

/// What `sail --version` prints.
let versionLine = "sail " + releaseNumber

/// This tool's own version.
let releaseNumber = "0.1.0"
