import Commands
import Glibc
import System
import Terminal

openStandardDescriptors()
raiseStackLimit()
let environment = readEnvironment()
let words = Array(CommandLine.arguments.dropFirst())
// Nothing is buffered, and what thirty libraries would tidy up, libcurl's among them, costs time and 2 MB.
let program = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "sail"
_exit(sail(words, environment: environment, console: .standard(environment: environment), program: program))
