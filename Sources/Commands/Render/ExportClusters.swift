import Arguments
import Meshes

/// The flags of an ApplicationSet for many clusters.
let clusterSetFlags: [Flag<Request>] = [
    .value(
        "clusters", "NAME=STAGE",
        help: "An ApplicationSet for these clusters of Argo CD, stage after stage in the order given; with commas",
        repeatable: true
    ) { request, text in
        var clusters: [ExportedCluster] = []
        if case .named(let earlier)? = request.export.options.clusters { clusters = earlier }
        for word in try commaSeparated(text) {
            let cluster = try exportedCluster(word)
            guard !clusters.contains(where: { $0.name == cluster.name }) else {
                throw InvalidValue(expectation: "a list of different clusters; \(cluster.name) is there twice")
            }
            clusters.append(cluster)
        }
        request.export.namesClusters = true
        request.export.options.clusters = .named(clusters)
    },
    .value(
        "cluster-label", "LABEL[=STAGES]",
        help: "An ApplicationSet for Argo CD's clusters with this label, whose values are the stages: env=test,prod"
    ) { request, text in
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let stages =
            parts.count > 1 ? parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init) : []
        let label = String(parts[0])
        guard isLabelKey(label), stages.allSatisfy(isLabelValue), Set(stages).count == stages.count else {
            throw InvalidValue(expectation: "a label's name, or one with different values such as env=test,prod")
        }
        request.export.labelsClusters = true
        request.export.options.clusters = .labelled(label, stages: stages)
    },
    .value("max-clusters", "N", help: "So many clusters at a time in a step of cni and ztunnel, all by default") {
        guard let number = Int($1), (1...Int(Int32.max)).contains(number) else {
            throw InvalidValue(expectation: "a number from 1 on")
        }
        $0.export.options.mostClusters = number
    }.needing("clusters", "cluster-label"),
    .toggle("manual-stages", help: "Every stage but the first waits until somebody synchronizes it") {
        $0.export.options.waitsForPeople = $1
    }.needing("clusters", "cluster-label"),
]

extension Request {
    /// Throws `UsageError` where two flags name the clusters.
    func refuseContradictions(_ form: ExportForm) throws {
        func refuse(_ message: String) -> UsageError {
            UsageError(message: message, command: "\(program) export \(form.rawValue)")
        }
        if export.namesClusters, export.labelsClusters {
            throw refuse("--clusters and --cluster-label both say which clusters; give one of them")
        }
        if export.options.clusters != nil, export.options.server != ExportOptions().server {
            throw refuse("--destination-server names one cluster, --clusters and --cluster-label several; leave it out")
        }
    }
}

/// `prod-eu=prod`; throws `InvalidValue`.
private func exportedCluster(_ word: String) throws -> ExportedCluster {
    guard let equals = word.lastIndex(of: "="), equals != word.startIndex else {
        throw InvalidValue(expectation: "a list of NAME=STAGE, such as test-1=test,prod-eu=prod")
    }
    let (name, stage) = (String(word[..<equals]), String(word[word.index(after: equals)...]))
    guard isLabelValue(stage) else {
        throw InvalidValue(expectation: "a list of NAME=STAGE with stages of letters, digits, '-', '_' and '.'")
    }
    return ExportedCluster(name: name, stage: stage)
}

/// What Kubernetes takes as a label's value, and not empty.
private func isLabelValue(_ text: String) -> Bool {
    func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    guard (1...63).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last,
        isAlphanumeric(first), isAlphanumeric(last)
    else { return false }
    return text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
}

/// What Kubernetes takes as a label's name: with a prefix or without.
private func isLabelKey(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let name = parts.last, isLabelValue(name) else { return false }
    return parts.count == 1
        || (parts[0].utf8.count <= 253 && parts[0].split(separator: ".").allSatisfy { isLabelValue(String($0)) })
}
