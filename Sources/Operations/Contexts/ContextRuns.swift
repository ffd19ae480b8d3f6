internal import Planning
internal import System
package import Values

/// What the command answered for one context.
package struct ContextAnswer: Sendable {
    package var context: String
    package var exitCode: Int32
    /// The result as the command prints it for a single cluster; `nil` where it has none.
    package var value: Value?
    /// Why there is no result.
    package var errors: [String] = []
    /// Warnings and notes beside the result.
    package var messages: [String] = []

    package init(context: String, exitCode: Int32) {
        (self.context, self.exitCode) = (context, exitCode)
    }
}

/// One command for several contexts, side by side: this very program is started for each of them, and its result for
/// programs is read. So a context is asked as it would be alone, with its own connection, login and limits, and this
/// process stays one thread.
package struct ContextRuns {
    /// How many contexts are asked at the same time.
    private static let most = 32

    private let contexts: [String]
    private let programs: [Subprocess]

    /// `words` are the command line for a context; `input` is what its standard input holds. Throws where this program
    /// cannot be found.
    package init(
        _ contexts: [String], calledAs name: String, searchPath: String, input: [UInt8],
        words: (String) -> [String]
    ) throws {
        guard let path = ownProgram(startedAs: name, searchPath: searchPath) else {
            throw Failures(
                failures: [Failure(nil, "this program cannot be started again: \(name) is not on PATH")],
                remedy: "add its folder to PATH, or name one context with --context")
        }
        self.contexts = contexts
        programs = contexts.map { context in
            var program = Subprocess(path, words(context), input: input)
            program.calledName = name
            return program
        }
    }

    /// The answers in the order of the contexts; `waiting` is told several times a second which are not there yet.
    package func answers(_ waiting: ([String]) -> Void) -> [ContextAnswer] {
        let group = SubprocessGroup(programs, most: ContextRuns.most)
        let endings = group.run { places in waiting(places.map { contexts[$0] }) }
        return zip(contexts, endings).map { context, ending in
            switch ending {
            case .success(let result): ContextAnswer(context, result)
            case .failure(let failure): ContextAnswer(context, failure)
            }
        }
    }
}

extension ContextAnswer {
    init(_ context: String, _ result: Subprocess.Result) {
        self.init(context: context, exitCode: Int32(clamping: result.status))
        value = result.output.isEmpty ? nil : try? Value(json: result.output, numbers: .native)
        let lines = String(decoding: result.errors, as: UTF8.self).split(separator: "\n").map(String.init)
        guard value == nil else {
            messages = lines
            return
        }
        let mark = "error: "
        for line in lines {
            if line.hasPrefix(mark) {
                errors.append(String(line.dropFirst(mark.count)))
            } else {
                messages.append(line)
            }
        }
        if errors.isEmpty {
            let signal = result.status - 128
            errors = [signal > 0 ? "was ended by signal \(signal)" : "printed no result"]
        }
        exitCode = max(1, exitCode)
    }

    fileprivate init(_ context: String, _ failure: Subprocess.Failure) {
        self.init(context: context, exitCode: 1)
        errors = [failure.reason { "within \($0)s" }]
    }
}
