import CBuild
import Commands
import Glibc
import System
import Terminal

openStandardDescriptors()
raiseStackLimit()
let environment = readEnvironment()
let arguments = readArguments()
let build = BuildInformation(
    commit: cbuild_commit().map { String(cString: $0) }, date: cbuild_date().map { String(cString: $0) },
    swift: cbuild_swift().map { String(cString: $0) })
// Nothing is buffered, and what thirty libraries would tidy up, libcurl's among them, costs time and 2 MB.
let program = arguments.first?.split(separator: "/").last.map(String.init) ?? "sail"
_exit(
    sail(
        Array(arguments.dropFirst()), environment: environment, console: .standard(environment: environment),
        program: program, build: build))
