import ClusterState
package import Meshes
import Planning
internal import System
import Values

/// A program that the user gives a run by a flag. Only its name and digest are stored; what is stored is never run.
package struct UserCommand: Sendable, Equatable {
    /// What a command is for: the flag that names it.
    package enum Role: String, CaseIterable, Sendable {
        case postRenderer = "post-renderer"
        case checkCommand = "check-command"
    }

    package var program: String
    package var arguments: [String]

    package init(_ program: String, _ arguments: [String] = []) {
        (self.program, self.arguments) = (program, arguments)
    }

    /// The program's name without its folder, for messages.
    package var name: String { String(program.split(separator: "/").last ?? "").onOneLine }
}

/// What the flags say of one command.
package struct CommandFlags: Sendable, Equatable {
    package var program: String?
    package var arguments: [String] = []
    /// Whether the stored one is to be dropped: `--no-post-renderer`.
    package var isDropped = false

    package init() {}
}

extension OperationOptions {
    /// The command given for a role; `nil` where there is none. Throws where only arguments are given.
    package func command(_ role: UserCommand.Role) throws -> UserCommand? {
        guard let flags = commandFlags[role] else { return nil }
        guard let program = flags.program else {
            if flags.arguments.isEmpty { return nil }
            throw Failures(
                failures: [Failure(nil, "--\(role.rawValue)-args is given without --\(role.rawValue)")],
                remedy: "add --\(role.rawValue) with the program that gets them")
        }
        if flags.isDropped {
            throw Failures(
                failures: [Failure(nil, "--\(role.rawValue) and --no-\(role.rawValue) contradict each other")],
                remedy: "leave one of them out")
        }
        return UserCommand(program, flags.arguments)
    }

    /// The path of a command's program; throws where there is none that can be run.
    package func path(of command: UserCommand, _ role: UserCommand.Role) throws -> String {
        if let path = programPath(command.program, searchPath: environment["PATH"] ?? "/usr/bin:/bin") { return path }
        let what = "--\(role.rawValue) \(command.program): no such program"
        let remedy: String
        if command.program.contains(" ") {
            remedy = "name the program alone, and give its arguments with --\(role.rawValue)-args"
        } else if command.program.contains("/") {
            remedy = "check the path, and that the file is executable"
        } else {
            remedy = "put it on PATH, or give its path"
        }
        throw Failures(failures: [Failure(nil, what.onOneLine)], remedy: remedy)
    }

    /// What is stored of a command: its name, and a digest of the program and its arguments.
    package func stored(_ command: UserCommand, _ role: UserCommand.Role) throws -> StoredCommand {
        let path = try path(of: command, role)
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try readWholeFile(path, limit: FileLimit.archive * 4)
        } catch {
            throw Failures(
                failures: [Failure(nil, "--\(role.rawValue) \(path): \(error.reason)".onOneLine)],
                remedy: "the program must be readable, since its digest is stored")
        }
        // Arguments may hold what is secret: only the digest of all is stored.
        let parts = [sha256(bytes)] + command.arguments
        return StoredCommand(name: command.name, digest: sha256(Array(parts.joined(separator: "\0").utf8)))
    }

    /// What is stored of all commands that are given, under the names of their flags.
    func storedCommands() throws -> [String: StoredCommand] {
        var stored: [String: StoredCommand] = [:]
        for role in UserCommand.Role.allCases {
            if let command = try command(role) { stored[role.rawValue] = try self.stored(command, role) }
        }
        return stored
    }

    /// Holds a command of the last run against what is given now: throws where it is neither given again nor dropped, and
    /// says where it is another one. A command is never taken from what is stored.
    package func require(_ role: UserCommand.Role, stored: [String: StoredCommand]) throws {
        guard let last = stored[role.rawValue] else { return }
        let flag = "--\(role.rawValue)"
        let name = last.name.isEmpty ? "a program" : last.name.onOneLine
        if let command = try command(role) {
            guard try self.stored(command, role).digest != last.digest else { return }
            ui.note("\(flag) \(command.name) is not the program, or has not the arguments, of the last run (\(name))")
            return
        }
        if commandFlags[role]?.isDropped == true || cluster.resetsValues {
            ui.note("the last run's \(flag) \(name) is dropped")
            return
        }
        throw Failures(
            failures: [Failure(nil, "the last run had \(flag) \(name), which is stored by name and never run unasked")],
            remedy: "give \(flag) again, or drop it with --no-\(role.rawValue)")
    }

    /// Says which commands of the last run an installation, which stores only what it is given, drops.
    func sayDroppedCommands(_ stored: Remembered?) {
        for role in UserCommand.Role.allCases {
            guard let last = stored?.commands[role.rawValue], commandFlags[role]?.program == nil else { continue }
            ui.note("the last run's --\(role.rawValue) \(last.name.onOneLine) is dropped; sail upgrade would keep it")
        }
    }
}

extension Subprocess.Failure {
    /// What became of a user's program; `limit` says within which time, given in seconds, it had to end.
    func reason(_ limit: (Int) -> String) -> String {
        switch self {
        case .interrupted: "was interrupted"
        case .notFound: "cannot be run: its interpreter was not found"
        case .notStarted(_, let reason): "cannot be run: \(reason)"
        case .timedOut(_, let seconds): "did not end \(limit(seconds)) and was killed"
        case .tooMuchOutput: "printed more than 16 MiB and was killed"
        }
    }
}
