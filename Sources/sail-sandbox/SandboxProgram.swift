import Glibc
import Sandbox

/// The command line of sail-sandbox.
struct SandboxProgram {
    private var settings = SandboxSettings()
    private var faults: [Fault] = []
    private var kubeconfig: String?
    private var token = Sandbox.adminToken
    private var lastRequest: Int?
    private var problem: String?
    private var wantsHelp = false

    private static let help = """
        usage: sail-sandbox --kubeconfig FILE [flags]
          --kubeconfig FILE      write a kubeconfig for this server
          --token TOKEN          in it; \(Sandbox.adminToken) (default), \(Sandbox.viewerToken), \(Sandbox.expiredToken)
          --nodes N              nodes (3)
          --port PORT            a free one by default
          --version V            the Kubernetes version (v1.34.1)
          --pod-seconds S        time until a pod is ready (0.03)
          --crd-seconds S        time until a CRD is Established (0.05)
          --broken-image WORD    pods whose image contains WORD never become ready
          --gateway-api V        the Gateway API's definitions are there from the start, as of bundle V (v1.5.1)
          --uncaptured WORD      pods whose name contains WORD are not captured by the CNI agent
          --unprogrammed WORD    Gateways whose name contains WORD get no proxy and no status
          --refuse KIND/NAME     admission refuses the object; NAME may be *
          --fail-every K         every K-th request is answered 500
          --throttle-every K     every K-th request is answered 429, Retry-After 1
          --reset-every K        every K-th request breaks its connection
          --delay MS             every answer is so late
          --exit-after K         the process ends before it answers request K
          --old-discovery        no aggregated discovery

        """

    init(_ arguments: [String]) {
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            if flag == "--help" || flag == "-h" {
                wantsHelp = true
            } else if flag == "--old-discovery" {
                settings.hasAggregatedDiscovery = false
            } else if let take = SandboxProgram.flags[flag], let value = rest.popFirst() {
                if !take(&self, value) { problem = "\(flag): \"\(value)\" is not what it takes" }
            } else {
                problem = "\(flag): unknown, or its value is missing; see --help"
            }
        }
    }

    private static let flags: [String: @Sendable (inout SandboxProgram, String) -> Bool] = [
        "--kubeconfig": { program, value in
            program.kubeconfig = value
            return true
        },
        "--token": { program, value in
            program.token = value
            return true
        },
        "--nodes": { number($1) { program, value in program.settings.nodes = value }(&$0) },
        "--port": { number($1) { program, value in program.settings.port = value }(&$0) },
        "--version": { program, value in
            program.settings.version = value
            return value.hasPrefix("v")
        },
        "--pod-seconds": { program, value in
            program.settings.podSeconds = Double(value) ?? -1
            return program.settings.podSeconds >= 0
        },
        "--crd-seconds": { program, value in
            program.settings.crdSeconds = Double(value) ?? -1
            return program.settings.crdSeconds >= 0
        },
        "--broken-image": { program, value in
            program.settings.brokenImage = value
            return true
        },
        "--gateway-api": { program, value in
            program.settings.gatewayAPI = value
            return value.hasPrefix("v")
        },
        "--uncaptured": { program, value in
            program.settings.uncaptured = value
            return !value.isEmpty
        },
        "--unprogrammed": { program, value in
            program.settings.unprogrammed = value
            return !value.isEmpty
        },
        "--refuse": { program, value in
            program.settings.refusals[value] = "refused by --refuse"
            return value.contains("/")
        },
        "--fail-every": { fault(.status(500), $1, &$0) },
        "--throttle-every": { fault(.status(429, retryAfter: 1), $1, &$0) },
        "--reset-every": { fault(.reset(), $1, &$0) },
        "--delay": { number($1) { program, value in program.faults.append(Fault(.delay(value))) }(&$0) },
        "--exit-after": { number($1) { program, value in program.lastRequest = value }(&$0) },
    ]

    private static func number(
        _ text: String, set: @escaping @Sendable (inout SandboxProgram, Int) -> Void
    ) -> (inout SandboxProgram) -> Bool {
        { program in
            guard let value = Int(text), value >= 0 else { return false }
            set(&program, value)
            return true
        }
    }

    private static func fault(_ effect: Fault.Effect, _ text: String, _ program: inout SandboxProgram) -> Bool {
        guard let every = Int(text), every > 0 else { return false }
        program.faults.append(Fault(effect, every: every))
        return true
    }

    /// Serves until a signal ends it; answers the exit code.
    func run() -> Int32 {
        if wantsHelp {
            say(SandboxProgram.help, to: 1)
            return 0
        }
        if let problem {
            say("sail-sandbox: \(problem)", to: 2)
            return 2
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        do throws(SandboxError) {
            let sandbox = try Sandbox(settings)
            for fault in faults { sandbox.add(fault) }
            if let lastRequest { sandbox.at(request: lastRequest) { exit(0) } }
            if let kubeconfig, !write(sandbox.kubeconfig(token: token), to: kubeconfig) {
                say("sail-sandbox: \(kubeconfig): cannot be written", to: 2)
                return 1
            }
            say("serving \(sandbox.url)", to: 1)
            var signal: Int32 = 0
            sigwait(&signals, &signal)
            let writes = sandbox.writes.count
            say("\(sandbox.requests.count) requests, \(writes) writes", to: 1)
            sandbox.stop()
            return 0
        } catch {
            say("sail-sandbox: \(error)", to: 2)
            return 1
        }
    }

    private func write(_ text: String, to path: String) -> Bool {
        // Under another name first: a program that waits for the file finds it complete.
        guard let file = fopen(path + ".new", "w") else { return false }
        fputs(text, file)
        return fclose(file) == 0 && rename(path + ".new", path) == 0
    }
}

/// Writes a line at once, so that a reader of a pipe gets it.
private func say(_ text: String, to file: Int32) {
    let bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
}
