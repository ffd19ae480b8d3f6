import GoTemplate
import Values

/// Sprig's look-up of host names, which Helm answers with nothing unless DNS is enabled; sail never enables it.
enum SprigNetwork {
    static let functions: [Function] = [
        Function("getHostByName", [.string], returns: .string) { _ in .string("") }
    ]
}
