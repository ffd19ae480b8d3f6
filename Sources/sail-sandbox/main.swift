import Glibc
import Sandbox

// sail-sandbox [flags]: serves the in-memory API until SIGTERM or SIGINT; for the demo and for trying things out.
exit(SandboxProgram(Array(CommandLine.arguments.dropFirst())).run())
