import Foundation
import Kubernetes
import Sandbox
import Synchronization
import TLSServer

/// etcd, kube-apiserver and kube-controller-manager on 127.0.0.1, with a stand-in for kubelets; ends with this process.
package final class LiveCluster: Sendable {
    static let programs = ["etcd", "kube-apiserver", "kube-controller-manager"]
    static let shared: Result<LiveCluster, any Error> = Result { try LiveCluster() }

    let folder: String
    let port: Int
    let brokenImage = Mutex<String?>(nil)
    /// Parts of names of pods that are not captured, and of Gateways that nothing is done about.
    let uncaptured = Mutex<String?>(nil)
    let unprogrammed = Mutex<String?>(nil)
    var kubeconfig: String { folder + "/admin.kubeconfig" }

    /// Where the program is installed; `nil` where it is not.
    package static func path(of program: String) -> String? {
        let environment = ProcessInfo.processInfo.environment
        let folders =
            [environment["KUBEBUILDER_ASSETS"] ?? ""] + (environment["PATH"] ?? "").components(separatedBy: ":")
        return folders.filter { !$0.isEmpty }.map { $0 + "/" + program }
            .first(where: FileManager.default.isExecutableFile)
    }

    private init() throws {
        folder = NSTemporaryDirectory() + "live-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        port = Int(freePort())
        let store = "http://127.0.0.1:\(freePort())"
        let peer = "http://127.0.0.1:\(freePort())"
        try writeFiles()
        try start(
            "etcd",
            [
                "--data-dir", folder + "/etcd", "--listen-client-urls", store, "--advertise-client-urls", store,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster",
                "default=" + peer, "--unsafe-no-fsync", "--log-level", "error",
            ])
        try start(
            "kube-apiserver",
            [
                "--etcd-servers", store, "--secure-port", String(port), "--bind-address", "127.0.0.1",
                "--advertise-address", "127.0.0.1", "--endpoint-reconciler-type", "none", "--tls-cert-file",
                folder + "/server.crt", "--tls-private-key-file", folder + "/server.key",
                "--service-account-key-file", folder + "/account.key", "--service-account-signing-key-file",
                folder + "/account.key", "--service-account-issuer", "https://kubernetes.default.svc",
                "--service-cluster-ip-range", "10.0.0.0/24", "--authorization-mode", "RBAC", "--token-auth-file",
                folder + "/tokens.csv", "--allow-privileged=true", "--disable-admission-plugins", "ServiceAccount",
            ])
        try waitUntilReady()
        try start(
            "kube-controller-manager",
            [
                "--kubeconfig", kubeconfig, "--service-account-private-key-file", folder + "/account.key",
                "--root-ca-file", folder + "/ca.crt", "--leader-elect=false", "--secure-port", "0",
                "--use-service-account-credentials=false",
                // The stand-in for kubelets sends no heartbeats: nodes would be lost after 50 s, and their pods unready.
                "--controllers=*,-node-lifecycle-controller",
            ])
        Thread { Kubelets(self).run() }.start()
    }

    private func writeFiles() throws {
        let template = """
            {{- $ca := genCAWithKey "live-authority" 30 (genPrivateKey "ecdsa") -}}
            {{- $server := genSignedCertWithKey "kube-apiserver" (list "127.0.0.1") (list "localhost") 30 $ca \
            (genPrivateKey "ecdsa") -}}
            {{ $ca.Cert }}|{{ $server.Cert }}|{{ $server.Key }}|{{ genPrivateKey "ecdsa" }}
            """
        let parts = try rendered(template).components(separatedBy: "|")
        for (name, text) in zip(["ca.crt", "server.crt", "server.key", "account.key"], parts) { try write(name, text) }
        try write(
            "tokens.csv",
            """
            \(Sandbox.adminToken),admin,admin,"system:masters"
            \(Sandbox.viewerToken),viewer,viewer,"readers"

            """)
        try write(
            "admin.kubeconfig",
            """
            apiVersion: v1
            kind: Config
            clusters: [{name: live, cluster: {server: "https://127.0.0.1:\(port)", certificate-authority: ca.crt}}]
            users: [{name: admin, user: {token: \(Sandbox.adminToken)}}]
            contexts: [{name: live, context: {cluster: live, user: admin}}]
            current-context: live
            """)
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }

    /// Under a shell that ends the program when this process has gone, however it went: its end of the pipe closes.
    private func start(_ program: String, _ arguments: [String]) throws {
        guard let path = LiveCluster.path(of: program) else { throw SandboxError.missingProgram(program) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let script =
            "exec 3<&0; log=$1; shift; \"$@\" 3<&- >\"$log\" 2>&1 & cat <&3 >/dev/null; kill -9 $!; wait; rm -rf \"$PWD\""
        process.arguments = ["-c", script, "sh", "\(folder)/\(program).log", path] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        LiveCluster.running.withLock { $0.append(process) }
    }

    /// Held so that the pipes stay open.
    private static let running = Mutex<[Process]>([])

    private func waitUntilReady() throws {
        var options = ConnectionOptions()
        options.kubeconfig = kubeconfig
        let client = try makeClient(options)
        for _ in 0..<300 {
            if (try? client.send(.get("/readyz").expecting(.anything))) != nil { return }
            usleep(100_000)
        }
        throw SandboxError.notReady("kube-apiserver (see \(folder)/kube-apiserver.log)")
    }
}
