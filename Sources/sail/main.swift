import Commands
import Glibc

exit(sail(Array(CommandLine.arguments.dropFirst())))
