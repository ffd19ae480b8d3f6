package import Kubernetes
package import Objects
internal import Values

/// Why a rollout does not proceed: its pods' own reasons, the events that kept pods from being made, the last log lines.
package struct Diagnosis {
    private let cluster: Cluster

    private static let shownPods = 5
    private static let shownLogLines = 5

    package init(_ cluster: Cluster) {
        self.cluster = cluster
    }

    /// Lines for a person, indented by two; empty where nothing more is known.
    package func explain(_ identity: ObjectReference) throws(APIError) -> String {
        guard let owner = try cluster.get([identity]).first ?? nil,
            owner["spec"]?["selector"]?["matchLabels"]?.map != nil
        else { return "" }
        let unready = try cluster.pods(selectedBy: owner, in: identity.namespace).filter {
            !readiness(of: $0.withKind("Pod")).isReady
        }
        .sorted { ($0.nodeName, $0.name) < ($1.nodeName, $1.name) }
        let (events, complaint) = events(in: identity.namespace)
        var lines = unready.prefix(Diagnosis.shownPods).flatMap { describe($0, events) }
        if unready.count > Diagnosis.shownPods { lines.append("and \(unready.count - Diagnosis.shownPods) more pods") }
        lines += creationFailures(identity, events) + complaint
        // Leading blanks are ours; the rest is what kubelets and containers say.
        return lines.map { line in
            String(line.prefix { $0 == " " }) + "  " + line.onOneLine.drop { $0 == " " }
        }.joined(separator: "\n")
    }

    /// The namespace's events, or why they are not known.
    private func events(in namespace: String) -> (items: [Value], complaint: [String]) {
        do throws(APIError) {
            return (try cluster.client.list("/api/v1/namespaces/\(namespace)/events").items, [])
        } catch {
            return ([], ["its events are not known: \(error)"])
        }
    }

    private func describe(_ pod: Value, _ events: [Value]) -> [String] {
        let problem = containerProblem(pod) ?? eventProblem(pod, events) ?? schedulingProblem(pod)
        let node = pod.nodeName.isEmpty ? "no node" : "node \(pod.nodeName)"
        var lines = ["\(node): pod \(pod.name): \(problem?.text ?? "not ready")"]
        if let remedy = problem.flatMap({ remedies[$0.reason] }) { lines.append("  \(remedy)") }
        if let container = problem?.container, problem?.hasLog == true {
            let log = lastLog(pod, container)
            let place = pod.metadata.namespace
            lines.append(
                log.isEmpty
                    ? "  it left no log that could be read; see kubectl describe pod -n \(place) \(pod.name)"
                    : "  its last lines:")
            lines += log.map { "  | \($0)" }
        }
        return lines
    }

    private struct Problem {
        var reason: String
        var text: String
        var container: String?
        var hasLog = false
    }

    private func containerProblem(_ pod: Value) -> Problem? {
        let statuses = ["initContainerStatuses", "containerStatuses"].flatMap { pod["status"]?[$0]?.list ?? [] }
        for status in statuses where status["ready"]?.bool != true {
            let name = status["name"]?.string ?? ""
            let image = status["image"]?.string ?? ""
            if let waiting = status["state"]?["waiting"], let reason = waiting["reason"]?.string,
                reason != "PodInitializing", reason != "ContainerCreating"
            {
                let message = waiting["message"]?.string ?? ""
                let restarts = status["restartCount"]?.int ?? 0
                let about = reason.contains("Image") || reason == "ErrImagePull" ? " (\(image))" : ""
                let ended = lastEnd(status)
                return Problem(
                    reason: ended?.reason == "OOMKilled" ? "OOMKilled" : reason,
                    text: "\(name): \(reason)\(about)\(message.isEmpty ? "" : ": \(message)")\(ended?.text ?? "")",
                    container: name, hasLog: restarts > 0)
            }
            if let ended = status["state"]?["terminated"] {
                let reason = ended["reason"]?.string ?? "Error"
                return Problem(
                    reason: reason, text: "\(name): \(reason), exit code \(ended["exitCode"]?.int ?? 0)",
                    container: name, hasLog: true)
            }
            if status["state"]?["running"] != nil, pod["status"]?["phase"]?.string == "Running" {
                return Problem(
                    reason: "NotReady", text: "\(name): running but not ready", container: name, hasLog: true)
            }
        }
        return nil
    }

    /// How the container's last run ended: `; it ended with OOMKilled, exit code 137, 4 restarts`.
    private func lastEnd(_ status: Value) -> (reason: String, text: String)? {
        guard let ended = status["lastState"]?["terminated"] else { return nil }
        let reason = ended["reason"]?.string ?? "Error"
        let restarts = status["restartCount"]?.int ?? 0
        let code = ended["exitCode"]?.int ?? 0
        return (
            reason,
            "; it ended with \(reason), exit code \(code), \(restarts) \(restarts == 1 ? "restart" : "restarts")"
        )
    }

    private func eventProblem(_ pod: Value, _ events: [Value]) -> Problem? {
        let own = events.filter {
            $0["involvedObject"]?["uid"]?.string == pod.metadata.uid && $0["type"]?.string == "Warning"
        }
        guard let last = own.max(by: { $0.eventTime < $1.eventTime }) else { return nil }
        let reason = last["reason"]?.string ?? ""
        return Problem(reason: reason, text: "\(reason): \(last["message"]?.string ?? "")")
    }

    private func schedulingProblem(_ pod: Value) -> Problem? {
        if let scheduled = findCondition("PodScheduled", of: pod), scheduled["status"]?.string == "False" {
            return Problem(reason: "Unschedulable", text: "not scheduled: \(scheduled["message"]?.string ?? "")")
        }
        let images = (pod["spec"]?["containers"]?.list ?? []).compactMap { $0["image"]?.string }
        return Problem(
            reason: "NotYet",
            text: "not ready yet (\(pod["status"]?["phase"]?.string ?? "no phase")), image "
                + images.joined(separator: ", "))
    }

    /// What kept the controller from making pods at all: a quota, PodSecurity, an SCC.
    private func creationFailures(_ identity: ObjectReference, _ events: [Value]) -> [String] {
        let failures = events.filter { event in
            guard let object = event["involvedObject"], event["reason"]?.string == "FailedCreate" else { return false }
            let name = object["name"]?.string ?? ""
            return name == identity.name || name.hasPrefix(identity.name + "-")
        }
        guard let last = failures.max(by: { $0.eventTime < $1.eventTime }) else { return [] }
        let message = last["message"]?.string ?? ""
        let remedy = admissionRemedies.first { message.contains($0.sign) }?.remedy
        return ["pods cannot be made: \(message)"] + (remedy.map { ["  \($0)"] } ?? [])
    }

    private func lastLog(_ pod: Value, _ container: String) -> [String] {
        let path = "/api/v1/namespaces/\(pod.metadata.namespace)/pods/\(pod.name)/log"
        let query = [(name: "container", value: container), ("tailLines", String(Diagnosis.shownLogLines))]
        guard
            case .string(let text)? = try? cluster.client.send(
                APIRequest(.get, path, query: query, accept: "*/*").expecting(.anything))
        else {
            return []
        }
        return text.split(whereSeparator: \.isNewline).suffix(Diagnosis.shownLogLines).map(String.init)
    }
}

/// What to do, by the reason that the kubelet gives.
private let remedies: [String: String] = [
    "ImagePullBackOff": "check the image's name and tag, and global.imagePullSecrets for a private registry",
    "ErrImagePull": "check the image's name and tag, and global.imagePullSecrets for a private registry",
    "InvalidImageName": "check global.hub, global.tag and global.variant",
    "CreateContainerConfigError": "a ConfigMap or Secret that the container names is missing",
    "CrashLoopBackOff": "the container ends right after its start",
    "NotReady": "its readiness probe fails: ztunnel and the CNI agent are not ready while they cannot reach istiod",
    "OOMKilled": "the container needs more memory: raise its resources.limits.memory",
    "FailedMount": "a volume is missing on the node; on k3s, microk8s and the like set --platform for their CNI paths",
    "FailedCreatePodSandBox": "the node's CNI plugin failed; see the logs of istio-cni-node on that node",
    "Unschedulable": "no node takes the pod: check its resources, tolerations and nodeSelector",
    "FailedScheduling": "no node takes the pod: check its resources, tolerations and nodeSelector",
]

private let admissionRemedies: [(sign: String, remedy: String)] = [
    (
        "PodSecurity",
        "label the namespace pod-security.kubernetes.io/enforce=privileged: ztunnel and the CNI agent need it"
    ),
    ("security context constraint", "use --platform openshift, which brings the SCC bindings"),
    (
        "failed calling webhook",
        "the webhook's service does not answer: repair it, or see kubectl get "
            + "validatingwebhookconfigurations,mutatingwebhookconfigurations and remove the one that is dead"
    ),
    ("denied the request", "an admission webhook refuses the pods: exempt the namespace in its policy"),
    ("exceeded quota", "raise the namespace's ResourceQuota, or lower the resources asked for"),
    (
        "insufficient quota to match these scopes",
        "allow the priority class in the namespace: set cni.resourceQuotas.enabled=true and "
            + "ztunnel.resourceQuotas.enabled=true"
    ),
]

extension Value {
    fileprivate var name: String { metadata.name }
    fileprivate var nodeName: String { self["spec"]?["nodeName"]?.string ?? "" }
    fileprivate var eventTime: String {
        self["lastTimestamp"]?.string ?? self["eventTime"]?.string ?? ""
    }
}
