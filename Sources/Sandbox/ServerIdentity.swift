import GoTemplate
import Sprig
import Synchronization
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
        {{- $server := genSignedCertWithKey "sandbox" (list "127.0.0.1") (list "localhost") DAYS $ca \
        (genPrivateKey "ecdsa") -}}
        {{ $ca.Cert }}|{{ $server.Cert }}|{{ $server.Key }}
        """

    package static let days = 365

    /// One for all sandboxes of a process: making keys takes longer than starting a server.
    static let shared: Result<ServerIdentity, SandboxError> = {
        do throws(SandboxError) {
            return .success(try ServerIdentity())
        } catch {
            return .failure(error)
        }
    }()

    init(days: Int = ServerIdentity.days) throws(SandboxError) {
        let template = ServerIdentity.template.replacing("DAYS", with: String(days))
        let parts = try rendered(template).split(separator: "|").map(String.init)
        guard parts.count == 3, let certificate = der(parts[1]), let key = der(parts[2]) else {
            throw .badCertificate
        }
        authority = parts[0]
        self.certificate = certificate
        self.key = key
    }
}

/// The product's functions serve one thread.
private let renderingLock = Mutex(())

/// Renders a template with Sprig's functions: keys and certificates for test servers.
package func rendered(_ template: String) throws(SandboxError) -> String {
    let text = renderingLock.withLock { _ -> String? in
        var set = TemplateSet(name: "identity", functions: FunctionTable(Sprig.functions))
        guard (try? set.parse(Text(template), name: "identity")) != nil,
            let output = try? Execution.run("identity", of: set, dot: GoValue(Value.null), missingKey: .zero)
        else { return nil }
        return Text(output).string
    }
    guard let text else { throw .badCertificate }
    return text
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
