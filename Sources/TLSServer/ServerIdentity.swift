internal import GoTemplate
internal import Sprig
internal import Synchronization
internal import Values

/// The certificate of a server for 127.0.0.1, localhost and other names, and the authority that signed it.
package struct ServerIdentity: Sendable {
    /// The authority's certificate, PEM.
    package var authority: String
    /// DER.
    package var certificate: [UInt8]
    /// DER in the format of its kind.
    package var key: [UInt8]

    /// Made by the template functions of the product, elliptic keys for speed.
    private static let template = """
        {{- $ca := genCAWithKey "AUTHORITY" 365 (genPrivateKey "ecdsa") -}}
        {{- $server := genSignedCertWithKey "NAME" (list "127.0.0.1") (list HOSTS) DAYS $ca \
        (genPrivateKey "ecdsa") -}}
        {{ $ca.Cert }}|{{ $server.Cert }}|{{ $server.Key }}
        """

    /// How long it is good where nothing else is said.
    package static let days = 365

    /// One for all servers of a process that need none of their own: making keys takes longer than starting a server.
    package static let shared: Result<ServerIdentity, TLSServerError> = {
        do throws(TLSServerError) {
            return .success(try ServerIdentity())
        } catch {
            return .failure(error)
        }
    }()

    /// Makes keys and certificates; `hosts` are names beside localhost, of letters, digits, dots and hyphens.
    package init(
        _ name: String = "sandbox", hosts: [String] = [], days: Int = ServerIdentity.days
    ) throws(TLSServerError) {
        let names = (["localhost"] + hosts).filter { host in
            host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || isAlphanumeric($0) }
        }
        let template = ServerIdentity.template.replacing("DAYS", with: String(days))
            .replacing("AUTHORITY", with: "\(name)-authority").replacing("NAME", with: name)
            .replacing("HOSTS", with: names.map { "\"\($0)\"" }.joined(separator: " "))
        let parts = try rendered(template).split(separator: "|").map(String.init)
        guard parts.count == 3, let certificate = der(parts[1]), let key = der(parts[2]) else {
            throw .badCertificate
        }
        authority = parts[0]
        self.certificate = certificate
        self.key = key
    }
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}

/// The product's functions serve one thread.
private let renderingLock = Mutex(())

/// Renders a template with Sprig's functions: keys and certificates for test servers.
package func rendered(_ template: String) throws(TLSServerError) -> String {
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

/// Why a server of TLS does not start.
package enum TLSServerError: Error, Sendable, Equatable, CustomStringConvertible {
    case noOpenSSL
    case badCertificate

    package var description: String {
        switch self {
        case .noOpenSSL:
            "libssl.so.3 is missing: install OpenSSL 3 (package libssl3; Fedora, RHEL and Amazon Linux: openssl-libs)"
        case .badCertificate: "the server's certificate could not be made"
        }
    }
}
