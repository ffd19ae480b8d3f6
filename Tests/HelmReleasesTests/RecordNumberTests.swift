import HelmReleases
import Kubernetes
import Testing
import Values

/// Revisions with numbers that no release reaches: named, left alone, and in nobody's way.
@Suite struct RecordNumberTests {
    private func secret(_ revision: String) -> Value {
        let json =
            "{\"name\":\"istiod\",\"version\":\(revision),\"info\":{},\"chart\":{\"metadata\":{\"name\":\"istiod\"}}}"
        let text = base64(Array(base64(Array(json.utf8)).utf8))
        return [
            "metadata": ["name": .string("sh.helm.release.v1.istiod.v\(revision)"), "namespace": "istio-system"],
            "type": "helm.sh/release.v1", "data": ["release": .string(text)],
        ]
    }

    @Test(arguments: ["9223372036854775807", "0", "-1", "-9223372036854775808", "1e18"])
    func revisionsOutOfReachAreFaults(_ revision: String) {
        #expect(throws: RecordFault.self) { try ReleaseRecord(secret: secret(revision)) }
        var history = ReleaseHistory()
        do throws(RecordFault) {
            history.records.append(try ReleaseRecord(secret: secret(revision)))
        } catch {
            history.faults.append(error)
        }
        #expect(history.nextRevision(of: "istiod", in: "istio-system") == 1)
    }
}
