import Commands
import Glibc
import Terminal

let environment = readEnvironment()
let words = Array(CommandLine.arguments.dropFirst())
exit(sail(words, environment: environment, console: .standard(environment: environment)))
