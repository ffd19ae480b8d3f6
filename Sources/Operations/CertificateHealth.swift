import Certificates
package import ClusterState
import System
import Values

/// Days before its end from which on a certificate is warned of.
package let certificateWarningDays = 60

/// How the certificates that a mesh hangs on are, and what to do where they end soon or do not belong together. Pure.
package func certificateRows(_ found: MeshCertificates, namespace: String, now: Int) -> [HealthRow] {
    let renewal = found.isPluggedIn ? renewalOfYours(namespace) : renewalOfIstiods(namespace)
    var rows = found.authorities.map { validity($0, now, renewal) }
    let restart = "kubectl -n \(namespace) rollout restart deployment/istiod has istiod write it anew"
    let roots = Set(found.roots.map(\.der))
    for holder in found.webhooks {
        var row = validity(holder, now, restart)
        row.subject += ", caBundle"
        if !roots.isEmpty, row.mark != .bad {
            if roots.isDisjoint(with: holder.certificates.map(\.der)) {
                row = HealthRow(
                    .bad, row.subject, "is not istiod's root: the API server cannot call istiod", remedy: restart)
            } else {
                row.message = "istiod's root, " + row.message
            }
        }
        rows.append(row)
    }
    return rows + found.unreadable.map { HealthRow(.warning, $0.place, "could not be read: \($0.reason)") }
}

/// Until when the first of these certificates is valid.
private func validity(_ holder: MeshCertificates.Holder, _ now: Int, _ renewal: String) -> HealthRow {
    guard let first = holder.certificates.min(by: { $0.notAfter < $1.notAfter }) else {
        return HealthRow(.warning, holder.place, "holds no certificate that can be read", remedy: renewal)
    }
    let days = first.daysLeft(at: now)
    let end = RFC3339.day(first.notAfter)
    let name = first.subject.isEmpty ? "" : " (\(first.subject.onOneLine))"
    if let late = holder.certificates.first(where: { $0.notBefore > now }) {
        return HealthRow(
            .bad, holder.place, "is not valid before \(RFC3339.text(late.notBefore))",
            remedy: "compare the clocks of the nodes and of this machine")
    }
    if now > first.notAfter {
        return HealthRow(.bad, holder.place, "expired on \(end)\(name)", remedy: renewal)
    }
    let message = "expires on \(end), in \(days) \(days == 1 ? "day" : "days")\(name)"
    let isSoon = days < certificateWarningDays
    return HealthRow(isSoon ? .warning : .good, holder.place, message, remedy: isSoon ? renewal : nil)
}

private func renewalOfYours(_ namespace: String) -> String {
    "sign a new one and put it into the Secret, of which istiod takes it: kubectl -n \(namespace) create secret generic "
        + "cacerts --from-file=ca-cert.pem --from-file=ca-key.pem --from-file=root-cert.pem --from-file=cert-chain.pem "
        + "--dry-run=client -o yaml | kubectl apply -f -"
}

private func renewalOfIstiods(_ namespace: String) -> String {
    "istiod renews the root that it made itself; where it does not, see kubectl -n \(namespace) logs deployment/istiod"
}
