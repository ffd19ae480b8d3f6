import Commands
import Glibc
import Terminal

let environment = readEnvironment()
exit(
    sail(
        Array(CommandLine.arguments.dropFirst()), environment: environment, console: .standard(environment: environment)
    ))
