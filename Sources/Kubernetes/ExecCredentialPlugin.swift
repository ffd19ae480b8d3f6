internal import Glibc
internal import HTTP
internal import System
internal import Values

/// An exec credential plugin of a user entry (client.authentication.k8s.io v1 and v1beta1).
struct ExecCredentialPlugin: Sendable {
    enum Interaction: String, Sendable {
        case never = "Never"
        case ifAvailable = "IfAvailable"
        case always = "Always"
    }

    var program: String
    var arguments: [String]
    var environment: [(name: String, value: String)]
    var apiVersion: String
    var interaction: Interaction
    var installHint: String
    /// What the plugin is told of the cluster, where it asks for that.
    var cluster: Value?

    private static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

    init(
        _ exec: Value, _ user: Kubeconfig.Entry, _ cluster: Kubeconfig.Entry, _ server: String, _ security: Security,
        _ owner: String
    ) throws(ConnectionError) {
        guard let command = exec["command"]?.string, !command.isEmpty else {
            throw .unsupported(what: "an exec plugin without a command", owner: owner)
        }
        apiVersion = exec["apiVersion"]?.string ?? ""
        guard ExecCredentialPlugin.versions.contains(apiVersion) else {
            throw .unsupported(what: "exec apiVersion \"\(apiVersion)\"", owner: owner)
        }
        // As kubectl: a name with a slash is relative to the kubeconfig, one without is looked up on PATH.
        program = command.contains("/") && !command.hasPrefix("/") ? folderOf(user.file) + "/" + command : command
        arguments = (exec["args"]?.list ?? []).map { $0.string ?? "" }
        environment = (exec["env"]?.list ?? []).map { ($0["name"]?.string ?? "", $0["value"]?.string ?? "") }
        interaction = try ExecCredentialPlugin.interaction(exec["interactiveMode"]?.string ?? "", apiVersion, owner)
        installHint = exec["installHint"]?.string ?? ""
        if exec["provideClusterInfo"]?.bool == true {
            var info: Mapping = ["server": .string(server)]
            if let authorities = security.authorities {
                info["certificate-authority-data"] = .string(base64(authorities))
            }
            if security.isInsecure { info["insecure-skip-tls-verify"] = true }
            if let name = security.serverName { info["tls-server-name"] = .string(name) }
            if let proxy = cluster.text("proxy-url") { info["proxy-url"] = .string(proxy) }
            let extensions = cluster.value["extensions"]?.list ?? []
            if let own = extensions.first(where: { $0["name"]?.string == "client.authentication.k8s.io/exec" }) {
                info["config"] = own["extension"] ?? .null
            }
            self.cluster = .map(info)
        }
    }

    /// v1beta1 may leave it out; v1 may not.
    private static func interaction(
        _ text: String, _ apiVersion: String, _ owner: String
    ) throws(ConnectionError) -> Interaction {
        if text.isEmpty, apiVersion == versions.last { return .ifAvailable }
        guard let interaction = Interaction(rawValue: text) else {
            throw .unsupported(
                what: text.isEmpty
                    ? "an exec plugin of \(apiVersion) without interactiveMode" : "interactiveMode \"\(text)\"",
                owner: owner)
        }
        return interaction
    }

    /// What a plugin gave: a token or a certificate, and until when.
    struct Credential: Sendable {
        var token: String?
        var certificate: [UInt8]?
        var key: [UInt8]?
        /// Seconds since 1970; `nil` lasts as long as this process.
        var expiry: Int?
    }

    /// Runs the plugin and takes its ExecCredential apart.
    func ask(isInteractive: Bool, seconds: Int? = nil) throws(ConnectionError) -> Credential {
        if interaction == .always, !isInteractive {
            throw .pluginFailed(
                program: program, reason: "it wants to ask you, but there is no terminal", hint: installHint)
        }
        let mayAsk = isInteractive && interaction != .never
        var spec: Mapping = ["interactive": .bool(mayAsk)]
        if let cluster { spec["cluster"] = cluster }
        let request: Value = ["kind": "ExecCredential", "apiVersion": .string(apiVersion), "spec": .map(spec)]
        let info = (try? request.json()) ?? ""
        let command = Subprocess(
            program, arguments, environment: environment + [("KUBERNETES_EXEC_INFO", info)],
            sharesErrorStream: mayAsk, sharesInput: mayAsk)
        let result: Subprocess.Result
        do {
            result = try command.run(seconds: seconds ?? (mayAsk ? 300 : 60))
        } catch .notFound {
            throw .pluginMissing(program: program, hint: installHint)
        } catch .timedOut(_, let seconds) {
            throw .pluginFailed(program: program, reason: "no answer in \(seconds) s", hint: "")
        } catch .interrupted {
            throw .pluginFailed(program: program, reason: "interrupted", hint: "")
        } catch .notStarted(_, let reason) {
            throw .pluginFailed(program: program, reason: reason, hint: installHint)
        } catch {
            throw .pluginFailed(program: program, reason: "too much output", hint: "")
        }
        guard result.status == 0 else {
            let said = String(decoding: result.errors, as: UTF8.self).split(whereSeparator: \.isNewline).last ?? ""
            throw .pluginFailed(
                program: program, reason: "exit code \(result.status)" + (said.isEmpty ? "" : ": \(said)"),
                hint: installHint)
        }
        return try parse(result.output)
    }

    private func parse(_ output: [UInt8]) throws(ConnectionError) -> Credential {
        guard let value = try? Value(json: output, numbers: .native), value["kind"]?.string == "ExecCredential" else {
            throw .pluginFailed(program: program, reason: "its answer is no ExecCredential", hint: "")
        }
        guard value["apiVersion"]?.string == apiVersion else {
            throw .pluginFailed(
                program: program,
                reason: "it answers with \(value["apiVersion"]?.string ?? "no apiVersion") instead of \(apiVersion)",
                hint: "")
        }
        let status = value["status"] ?? .null
        func filled(_ key: String) -> String? { status[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        let answer = Credential(
            token: filled("token"), certificate: filled("clientCertificateData").map { Array($0.utf8) },
            key: filled("clientKeyData").map { Array($0.utf8) },
            expiry: status["expirationTimestamp"]?.string.flatMap(RFC3339.seconds))
        guard (answer.certificate == nil) == (answer.key == nil) else {
            throw .pluginFailed(program: program, reason: "its answer has a certificate or a key, not both", hint: "")
        }
        guard answer.token != nil || (answer.certificate != nil && answer.key != nil) else {
            throw .pluginFailed(program: program, reason: "its answer has neither a token nor a certificate", hint: "")
        }
        return answer
    }
}
