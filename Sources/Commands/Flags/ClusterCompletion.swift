import Arguments
import Glibc
import Istio
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
        let names = try session.meshNamespaces()
        return names.keys.sorted { $0.precedesByBytes($1) }.map { name in
            Candidate(name, help: (names[name] ?? []).map(\.rawValue).sorted().joined(separator: ", "))
        }
    }
}

/// The numbers of a component's revisions, the newest first: of the one that the line names, else of istiod.
func revisionNumbers(_ line: PartialLine) -> [Candidate] {
    let component = line.operands.compactMap { Component(rawValue: $0) }.first ?? .istiod
    return revisions(line, [component]).map {
        Candidate(String($0.revision), help: $0.help)
    }
}

/// `istiod@3` of each recorded revision, the newest first.
func revisionNames(_ line: PartialLine) -> [Candidate] {
    revisions(line).map { Candidate($0.sideName, help: $0.help) }
}

/// What `manifest diff` compares: files where a path has been begun, else versions and recorded revisions.
func sideNames(_ line: PartialLine) -> Offer {
    if line.typed.hasPrefix(".") || line.typed.contains("/") { return .files }
    return .words(versionNames() + (line.typed.hasPrefix("v") ? [] : revisionNames(line)))
}

private func revisions(_ line: PartialLine, _ components: [Component] = []) -> [RecordedRevision] {
    withCluster(line) { try $0.recordedHistory().revisions(of: components).sorted { $0.revision > $1.revision } }
}

extension RecordedRevision {
    fileprivate var help: String { "\(version), \(status)" }
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

private func kubeconfigNames(_ line: PartialLine) -> OfferedConnections? {
    request(line, [.cluster]).options.offeredConnections()
}

/// What a cluster answers, in so short a time that a shell can wait for it; nothing on any failure.
private func withCluster<Found>(_ line: PartialLine, _ read: (ClusterSession) throws -> [Found]) -> [Found] {
    var request = request(line, [.cluster])
    request.options.cluster.requestTimeout = patience.request
    // Whatever holds the process (a plugin that asks for a password, a name server), the alarm ends it without a word.
    signal(SIGALRM) { _ in _exit(0) }
    alarm(patience.total)
    defer { alarm(0) }
    return (try? read(ClusterSession(request.options))) ?? []
}
