import GoTemplate
import Values

/// The certificate of a server for 127.0.0.1 and localhost, and the authority that signed it.
package struct ServerIdentity: Sendable {
    /// The authority's certificate, PEM.
    package var authority: String
    /// DER.
    var certificate: [UInt8]
    /// DER in the format of its kind.
    var key: [UInt8]

    /// Made by the template functions of the product, elliptic keys for speed.
    private static let template = """
        {{- $ca := genCAWithKey "sandbox-authority" 365 (genPrivateKey "ecdsa") -}}
        {{- $server := genSignedCertWithKey "sandbox" (list "127.0.0.1") (list "localhost") 365 $ca \
        (genPrivateKey "ecdsa") -}}
        {{ $ca.Cert }}|{{ $server.Cert }}|{{ $server.Key }}
        """

    package init() throws(SandboxError) {
        do {
            var set = TemplateSet(name: "identity", functions: FunctionTable(Sprig.functions))
            try set.parse(Text(ServerIdentity.template), name: "identity")
            let output = try Execution.run("identity", of: set, dot: Datum(Value.null), missingKey: .zero)
            let parts = Text(output).string.split(separator: "|").map(String.init)
            guard parts.count == 3, let certificate = der(parts[1]), let key = der(parts[2]) else {
                throw SandboxError.badCertificate
            }
            authority = parts[0]
            self.certificate = certificate
            self.key = key
        } catch let error as SandboxError {
            throw error
        } catch {
            throw .badCertificate
        }
    }
}

/// The bytes between a PEM block's lines.
private func der(_ text: String) -> [UInt8]? {
    decodeBase64(text.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined())
}

/// Why a sandbox does not start.
package enum SandboxError: Error, Sendable, Equatable {
    case noOpenSSL
    case badCertificate
    case noPort(Int)
    /// A program of a real control plane that is not on PATH nor in KUBEBUILDER_ASSETS.
    case missingProgram(String)
    case notReady(String)
}

extension SandboxError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noOpenSSL: "OpenSSL 3 is missing: install libssl3"
        case .badCertificate: "the server's certificate could not be made"
        case .noPort(let port): "port \(port) of 127.0.0.1 cannot be used: choose another"
        case .missingProgram(let name): "\(name) is neither on PATH nor in KUBEBUILDER_ASSETS"
        case .notReady(let what): "\(what) did not become ready"
        }
    }
}
