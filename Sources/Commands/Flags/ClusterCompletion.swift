import Arguments
import ClusterState
import Glibc
import HelmReleases
import Istio
import Kubernetes
import Objects
import Operations
import Terminal
import Values

// Words for the shell from the kubeconfig and from the cluster. Who types is never disturbed: what cannot be read, or
// not soon, is not offered.

/// How long a shell waits for a cluster: per request in milliseconds, and in all in seconds.
private let patience = (request: 1500, total: UInt32(2))

func contextNames(_ line: PartialLine) -> [Candidate] {
    guard let names = kubeconfigNames(line) else { return [] }
    return names.contexts.map { Candidate($0, help: $0 == names.currentContext ? "current" : "") }
}

func clusterNames(_ line: PartialLine) -> [Candidate] { kubeconfigNames(line)?.clusters.map { Candidate($0) } ?? [] }

func userNames(_ line: PartialLine) -> [Candidate] { kubeconfigNames(line)?.users.map { Candidate($0) } ?? [] }

/// The namespaces in which the mesh is, istiod's first.
func clusterNamespaces(_ line: PartialLine) -> [Candidate] {
    withCluster(line) { session in
        let records = try session.history().records.filter { $0.status != .uninstalled }
        var places = records.map { (component: $0.component, namespace: $0.namespace) }
        if places.isEmpty {
            places = try session.cluster.workloads().map { ($0.component, $0.identity.namespace) }
        }
        var names: [String: Set<String>] = [:]
        for place in places { names[place.namespace, default: []].insert(place.component?.rawValue ?? "") }
        return names.keys.sorted { $0.precedesByBytes($1) }.map {
            Candidate($0, help: (names[$0] ?? []).sorted().joined(separator: ", "))
        }
    }
}

/// The numbers of a component's revisions, the newest first: of the one that the line names, else of istiod.
func revisionNumbers(_ line: PartialLine) -> [Candidate] {
    let component = line.operands.compactMap { Component(rawValue: $0) }.first ?? .istiod
    return revisions(line).filter { $0.component == component }.map {
        Candidate(String($0.revision), help: $0.help)
    }
}

/// `istiod@3` of each recorded revision, the newest first.
func revisionNames(_ line: PartialLine) -> [Candidate] {
    revisions(line).map { Candidate("\($0.chartName)@\($0.revision)", help: $0.help) }
}

/// What `manifest diff` compares: files where a path has been begun, else versions and recorded revisions.
func sideNames(_ line: PartialLine) -> Offer {
    if line.typed.hasPrefix(".") || line.typed.contains("/") { return .files }
    return .words(versionNames() + (line.typed.hasPrefix("v") ? [] : revisionNames(line)))
}

private func revisions(_ line: PartialLine) -> [ReleaseRecord] {
    withCluster(line) { try $0.history().records.sorted { $0.revision > $1.revision } }
}

extension ReleaseRecord {
    fileprivate var help: String { "\(appVersion), \(status.rawValue)" }
}

/// The flags of the line as the commands read them; what is wrong with one of them does not matter here.
func request(_ line: PartialLine, _ groups: [FlagGroup<Request>]) -> Request {
    let silent = Console(output: { _ in }, messages: { _ in })
    var request = Request(console: silent, environment: line.environment)
    let flags = groups.flatMap(\.flags)
    for flag in flags {
        let given = line.flags.filter { $0.name == flag.name }.map(\.value)
        let variable = flag.environment.flatMap { line.environment[$0] }.map { [$0] } ?? []
        for value in given.isEmpty ? variable : given { try? flag.apply(value, to: &request) }
    }
    return request
}

private func kubeconfigNames(_ line: PartialLine) -> KubeconfigNames? {
    let request = request(line, [.cluster])
    return try? KubeconfigNames(request.cluster.connection, request.options.processEnvironment)
}

/// What a cluster answers, in so short a time that a shell can wait for it; nothing on any failure.
private func withCluster<Found>(_ line: PartialLine, _ read: (ClusterSession) throws -> [Found]) -> [Found] {
    var request = request(line, [.cluster])
    request.options.cluster.connection.requestTimeout = patience.request
    // Whatever holds the process (a plugin that asks for a password, a name server), the alarm ends it without a word.
    signal(SIGALRM) { _ in _exit(0) }
    alarm(patience.total)
    defer { alarm(0) }
    return (try? read(ClusterSession(request.options))) ?? []
}
