import Foundation
import HTTP
package import Kubernetes
package import Sandbox
import Synchronization
package import System
import Values

/// A cluster for a test: the sandbox, or a real control plane where its programs are installed.
///
/// `@Test(arguments: ClusterKind.available)` runs one body against both. The real one is started once for a process and
/// shared, so bodies that run on both use namespaces and names of their own.
package enum ClusterKind: String, Sendable, CaseIterable {
    case sandbox
    case live

    /// Both where etcd, kube-apiserver and kube-controller-manager are in KUBEBUILDER_ASSETS or on PATH; else the sandbox
    /// alone, which is said on standard error.
    package static let available: [ClusterKind] = {
        let isWanted = ProcessInfo.processInfo.environment["SAIL_LIVE_TESTS"] != "0"
        let names = LiveCluster.programs.filter { LiveCluster.path(of: $0) == nil }.joined(separator: ", ")
        let reason = isWanted ? "\(names) not in KUBEBUILDER_ASSETS or PATH" : "SAIL_LIVE_TESTS=0"
        return canTest("runs on a real control plane", isWanted && names.isEmpty, without: reason)
            ? allCases : [.sandbox]
    }()

}

package final class TestCluster: Sendable {
    /// The path of an administrator's kubeconfig.
    package let kubeconfig: String
    /// `nil` on a real control plane.
    package let sandbox: Sandbox?
    private let live: LiveCluster?

    /// A cluster of that kind: a sandbox of its own, or the shared real one.
    package init(_ kind: ClusterKind, _ settings: SandboxSettings = SandboxSettings()) throws {
        switch kind {
        case .sandbox:
            let sandbox = try Sandbox(settings)
            kubeconfig = NSTemporaryDirectory() + "sandbox-\(UUID().uuidString).kubeconfig"
            try sandbox.kubeconfig().write(toFile: kubeconfig, atomically: true, encoding: .utf8)
            self.sandbox = sandbox
            live = nil
        case .live:
            let live = try LiveCluster.shared.get()
            kubeconfig = live.kubeconfig
            self.live = live
            sandbox = nil
        }
    }

    deinit {
        guard let sandbox else { return }
        sandbox.stop()
        unlink(kubeconfig)
    }

    /// A client as the product has it; not to be shared between threads.
    package func client(token: String? = nil) throws -> Client {
        var options = ConnectionOptions()
        options.kubeconfig = kubeconfig
        options.token = token
        return try makeClient(options)
    }

    /// From now on pods whose image contains the word do not become ready; `nil` ends it.
    package func breakImages(_ word: String?) {
        sandbox?.change { $0.brokenImage = word }
        live?.brokenImage.withLock { $0 = word }
    }

    /// From now on the CNI agent captures no pod whose name contains the word; `nil` ends it.
    package func withholdCapture(_ word: String?) {
        sandbox?.change { $0.uncaptured = word }
        live?.uncaptured.withLock { $0 = word }
    }

    /// From now on istiod does nothing about Gateways whose name contains the word; `nil` ends it.
    package func withholdProxies(_ word: String?) {
        sandbox?.change { $0.unprogrammed = word }
        live?.unprogrammed.withLock { $0 = word }
    }

    /// Installs the Gateway API's definitions of a bundle, and waits until they are served.
    package func installGatewayAPI(_ bundle: String = "v1.5.1") throws {
        let client = try client()
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        for definition in GatewayDefinitions.definitions(bundle: bundle) {
            let name = definition["metadata"]?["name"]?.string ?? ""
            _ = try client.send(.apply("\(path)/\(name)", definition, manager: "kubectl", force: true))
        }
        let lists = ["gatewayclasses", "gateways", "httproutes"].map { "/apis/gateway.networking.k8s.io/v1/\($0)" }
        for _ in 0..<200 where lists.contains(where: { (try? client.list($0)) == nil }) { usleep(50_000) }
    }

    /// Deletes those definitions again, with what there is of them.
    package func removeGatewayAPI() throws {
        let client = try client()
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        for definition in GatewayDefinitions.definitions(bundle: "") {
            _ = try client.send(.delete("\(path)/\(definition["metadata"]?["name"]?.string ?? "")", uid: nil))
        }
        let list = "/apis/gateway.networking.k8s.io/v1/gateways"
        for _ in 0..<200 where (try? client.list(list)) != nil { usleep(50_000) }
    }
}

/// The processEnvironment of this process, but for the terminal.
package let testEnvironment = ProcessEnvironment(
    environment: { ProcessInfo.processInfo.environment[$0] },
    read: { FileManager.default.contents(atPath: $0).map(Array.init) }, isInteractive: false)

package func makeClient(_ options: ConnectionOptions, _ processEnvironment: ProcessEnvironment = testEnvironment) throws
    -> Client
{
    Client(
        try Connection(options, processEnvironment), processEnvironment, transport: try CurlTransport(),
        userAgent: "test/1")
}
