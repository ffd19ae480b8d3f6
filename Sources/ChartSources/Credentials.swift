internal import Processes
internal import Values
internal import YAML

/// A user's name and password (or token) for a server.
struct Login: Equatable {
    var name: String
    var password: String

    /// The value of an `Authorization` header.
    var basic: String { "Basic " + base64(Array("\(name):\(password)".utf8)) }
}

/// Logins from the files that `docker login`, `helm registry login` and `helm repo add` write.
///
/// Registries, first match wins: Helm's registry/config.json, Docker's config.json, containers' auth.json; in each:
/// the host's own credential helper, the store, the inline entry. Repositories: Helm's repositories.yaml by URL.
struct Credentials {
    private let configurations: [Value]
    private let repositories: [Value]

    init(registryConfigurations: [Value], repositories: [Value]) {
        configurations = registryConfigurations
        self.repositories = repositories
    }

    /// Reads the files of this environment; one that is missing or damaged counts as empty.
    init(environment: (String) -> String?, read: (String) -> [UInt8]?) {
        let home = environment("HOME") ?? ""
        let settings = environment("XDG_CONFIG_HOME") ?? home + "/.config"
        let docker = environment("DOCKER_CONFIG") ?? home + "/.docker"
        let runtime = environment("XDG_RUNTIME_DIR")
        let files = [
            environment("HELM_REGISTRY_CONFIG") ?? settings + "/helm/registry/config.json",
            docker + "/config.json",
            environment("REGISTRY_AUTH_FILE") ?? runtime.map { $0 + "/containers/auth.json" } ?? "",
        ]
        configurations = files.compactMap { read($0).flatMap { try? Value(json: $0, numbers: .native) } }
        let list = read(environment("HELM_REPOSITORY_CONFIG") ?? settings + "/helm/repositories.yaml")
        let value = list.flatMap { try? Value(yaml: $0, numbers: .native) }
        repositories = value?["repositories"]?.list ?? []
    }

    /// The login for a chart repository whose URL starts as one in repositories.yaml.
    func login(forURL url: String) -> Login? {
        for repository in repositories {
            guard let base = repository["url"]?.string, !base.isEmpty,
                url.hasPrefix(base.hasSuffix("/") ? base : base + "/"),
                let name = repository["username"]?.string, !name.isEmpty
            else { continue }
            return Login(name: name, password: repository["password"]?.string ?? "")
        }
        return nil
    }

    /// The login for a registry by host (and port).
    func login(forRegistry host: String) throws(ChartSourceError) -> Login? {
        let names =
            host == "docker.io" || host == "registry-1.docker.io"
            ? ["https://index.docker.io/v1/", "docker.io", "registry-1.docker.io"] : [host, "https://" + host]
        for configuration in configurations {
            for name in names {
                if let program = configuration["credHelpers"]?[name]?.string {
                    if let login = try ask("docker-credential-" + program, name) { return login }
                }
                if let entry = configuration["auths"]?[name], let login = Credentials.inline(entry) { return login }
            }
            if let program = configuration["credsStore"]?.string, !program.isEmpty,
                let login = try ask("docker-credential-" + program, names[0])
            {
                return login
            }
        }
        return nil
    }

    private static func inline(_ entry: Value) -> Login? {
        if let token = entry["identitytoken"]?.string, !token.isEmpty { return Login(name: "<token>", password: token) }
        if let name = entry["username"]?.string, let password = entry["password"]?.string {
            return Login(name: name, password: password)
        }
        guard let text = entry["auth"]?.string, let bytes = decodeBase64(text),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return Login(
            name: String(decoding: bytes[..<colon], as: UTF8.self),
            password: String(decoding: bytes[(colon + 1)...], as: UTF8.self))
    }

    /// Docker's credential helper protocol: the server on standard input, JSON on standard output.
    private func ask(_ program: String, _ server: String) throws(ChartSourceError) -> Login? {
        let result: Command.Result
        do {
            result = try Command(program, ["get"], input: Array(server.utf8)).run(seconds: 30)
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
