package import TLSServer

/// Why a sandbox does not start.
package enum SandboxError: Error, Sendable, Equatable {
    case tls(TLSServerError)
    case noPort(Int)
    /// A program of a real control plane that is not on PATH nor in KUBEBUILDER_ASSETS.
    case missingProgram(String)
    case notReady(String)
}

extension SandboxError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tls(let error): "\(error)"
        case .noPort(let port): "port \(port) of 127.0.0.1 cannot be used: choose another"
        case .missingProgram(let name): "\(name) is neither on PATH nor in KUBEBUILDER_ASSETS"
        case .notReady(let what): "\(what) did not become ready"
        }
    }
}
