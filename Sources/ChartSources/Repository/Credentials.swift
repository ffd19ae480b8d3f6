internal import System
internal import Values
internal import YAML

/// A user's name and password (or token) for a server.
struct Login: Equatable, Sendable {
    var name: String
    var password: String
    /// Whether other servers that a repository names get it too (`helm repo add --pass-credentials`).
    var isForAll = false

    /// The value of an `Authorization` header.
    var basic: String { "Basic " + base64(Array("\(name):\(password)".utf8)) }

    /// Docker's mark for a token that buys access tokens.
    var isIdentityToken: Bool { name == "<token>" }
}

/// Logins from the files that `docker login`, `helm registry login` and `helm repo add` write.
///
/// Registries, first match wins: Helm's registry/config.json, Docker's config.json, containers' auth.json; in each:
/// the host's own credential helper, the inline entry, the store. Repositories: Helm's repositories.yaml by URL.
struct Credentials: Sendable {
    private let configurations: [Value]
    private let repositories: [Value]

    init(registryConfigurations: [Value] = [], repositories: [Value] = []) {
        configurations = registryConfigurations
        self.repositories = repositories
    }

    /// Reads the files of this environment; one that is missing or damaged counts as empty.
    init(environment: (String) -> String?, read: (String) -> [UInt8]?) {
        func variable(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        let home = variable("HOME") ?? ""
        let settings = variable("XDG_CONFIG_HOME") ?? home + "/.config"
        let docker = variable("DOCKER_CONFIG") ?? home + "/.docker"
        let runtime = variable("XDG_RUNTIME_DIR")
        let files = [
            variable("HELM_REGISTRY_CONFIG") ?? settings + "/helm/registry/config.json",
            docker + "/config.json",
            variable("REGISTRY_AUTH_FILE") ?? runtime.map { $0 + "/containers/auth.json" } ?? "",
        ]
        configurations = files.compactMap { read($0).flatMap { try? Value(json: $0, numbers: .native) } }
        let list = read(variable("HELM_REPOSITORY_CONFIG") ?? settings + "/helm/repositories.yaml")
        let value = list.flatMap { try? Value(yaml: $0, numbers: .native) }
        repositories = value?["repositories"]?.list ?? []
    }

    /// The login for a chart repository that equals one in repositories.yaml or begins with its address.
    func login(forRepository address: WebAddress) -> Login? {
        for repository in repositories {
            guard let base = repository["url"]?.string.flatMap(WebAddress.init), base.origin == address.origin,
                address.path.isBeneath(base.path), let name = repository["username"]?.string, !name.isEmpty
            else { continue }
            return Login(
                name: name, password: repository["password"]?.string ?? "",
                isForAll: repository["pass_credentials_all"]?.bool ?? false)
        }
        return nil
    }

    /// The login for a registry by host (and port), or for the longest part of the path that has one of its own.
    ///
    /// Throws only where a credential helper that is meant for this very host fails; a store that is not there is
    /// passed over, since most charts are public.
    func login(forRegistry host: String, path: String) throws(ChartSourceError) -> Login? {
        let names = Credentials.names(host, path)
        for configuration in configurations {
            for name in names {
                if let program = configuration["credHelpers"]?[name]?.string {
                    if let login = try ask("docker-credential-" + program, name) { return login }
                }
                if let entry = configuration["auths"]?[name], let login = Credentials.inline(entry) { return login }
            }
            if let program = configuration["credsStore"]?.string, !program.isEmpty,
                let answer = try? ask("docker-credential-" + program, names[names.count - 1])
            {
                return answer
            }
        }
        return nil
    }

    private static func names(_ host: String, _ path: String) -> [String] {
        if host == "docker.io" || host == "registry-1.docker.io" {
            return ["docker.io", "registry-1.docker.io", "https://index.docker.io/v1/"]
        }
        var names: [String] = []
        var parts = path.split(separator: "/")
        while !parts.isEmpty {
            names.append(host + "/" + parts.joined(separator: "/"))
            parts.removeLast()
        }
        return names + ["https://" + host, host]
    }

    private static func inline(_ entry: Value) -> Login? {
        if let token = entry["identitytoken"]?.string, !token.isEmpty { return Login(name: "<token>", password: token) }
        if let name = entry["username"]?.string, let password = entry["password"]?.string {
            return Login(name: name, password: password)
        }
        guard let text = entry["auth"]?.string, let bytes = decodeBase64(text),
            let colon = bytes.firstIndex(of: Byte.colon)
        else { return nil }
        return Login(
            name: String(decoding: bytes[..<colon], as: UTF8.self),
            password: String(decoding: bytes[(colon + 1)...].filter { $0 != 0 }, as: UTF8.self))
    }

    /// Docker's credential helper protocol: the server on standard input, JSON on standard output.
    private func ask(_ program: String, _ server: String) throws(ChartSourceError) -> Login? {
        // The name is part of a program's, not a path to one.
        guard !program.contains("/") else { throw .credentials(program: program, reason: "is not a name") }
        let result: Subprocess.Result
        do {
            result = try Subprocess(program, ["get"], input: Array(server.utf8)).run(seconds: 30)
        } catch .notFound {
            throw .credentials(program: program, reason: "not found on PATH")
        } catch {
            throw .credentials(program: program, reason: "did not answer")
        }
        // The protocol has no status for "none stored": an error text on standard output is all there is.
        guard result.status == 0, let value = try? Value(json: result.output, numbers: .native),
            let name = value["Username"]?.string, let secret = value["Secret"]?.string
        else { return nil }
        return Login(name: name, password: secret)
    }
}

extension String {
    fileprivate func isBeneath(_ base: String) -> Bool {
        let base = base[...].trimmingSlashes
        return hasPrefix(base) && [nil, "/"].contains(dropFirst(base.count).first)
    }
}
