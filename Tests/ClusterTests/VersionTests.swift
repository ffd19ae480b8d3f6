import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// Versions are what runs: whatever a flag, a file or the stored settings say.
@Suite struct VersionTests {
    private static let cases: [(line: String, message: String)] = [
        ("upgrade -c ztunnel --version v1.30.3", "ztunnel would be at 1.30.3, ahead of istiod at 1.29.6"),
        ("upgrade -c cni --version v1.30.3", "cni would be at 1.30.3, ahead of istiod at 1.29.6"),
        ("upgrade -c ztunnel --version v1.27.9", "ztunnel runs 1.29.6, and 1.27.9 is more than one minor back"),
        ("install --version v1.27.9 --allow-end-of-life", "istiod runs 1.29.6, and 1.27.9 is more than one minor back"),
    ]

    @Test(arguments: ClusterKind.available)
    func aPartOfTheMeshMovesOnlyAsFarAsTheRestAllows(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.installOld().code == 0)
        let versions = try mesh.versionsAtRest()
        for (line, message) in VersionTests.cases {
            let run = try mesh.sail(line + " --yes")
            #expect(run.code == 1, "\(line): \(run.end)")
            #expect(run.messages.contains(message), "\(line): \(run.end)")
        }
        #expect(try mesh.versions() == versions)
        let ahead = try mesh.sail("upgrade -c istiod --version v1.30.3 --yes")
        #expect(ahead.code == 0, "\(ahead.end)")
        #expect(
            ahead.messages.contains("the mesh is at istiod 1.30.3, cni 1.29.6, ztunnel 1.29.6 after "), "\(ahead.end)")
        #expect(try mesh.upgrade().messages.contains("the mesh is at v1.30.3 after "))
        let back = try mesh.sail("upgrade -c istiod --version v1.29.6 --yes")
        #expect(back.code == 1)
        #expect(back.messages.contains("cni would be at 1.30.3, ahead of istiod at 1.29.6"), "\(back.end)")
        let down = try mesh.sail("upgrade --version v1.29.6 --yes")
        #expect(down.code == 0, "\(down.end)")
        #expect(down.messages.contains("istiod: downgrade from 1.30.3 to 1.29.6"))
        #expect(down.messages.contains("the mesh is at v1.29.6 after "), "\(down.end)")
    }

    @Test(arguments: ClusterKind.available)
    func anImageWithoutAVersionIsAskedAbout(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let versions = try mesh.versionsAtRest()
        let line = "upgrade --set ztunnel.tag=team-7"
        let refused = try mesh.sail(line)
        #expect(refused.code == 1)
        #expect(
            refused.messages.contains("ztunnel:team-7-distroless has no version of Istio in its tag"), "\(refused.end)")
        #expect(try mesh.versions() == versions)
        let run = try mesh.sail(line + " --yes")
        #expect(run.code == 0, "\(run.end)")
        #expect(run.messages.contains("version 1.30.3 of its chart is assumed"))
        #expect(
            run.messages.contains("the mesh is at istiod 1.30.3, cni 1.30.3, ztunnel team-7-distroless after "),
            "\(run.end)")
        #expect(try mesh.sail("status").output.contains("team-7-distroless"))
        #expect(try mesh.sail("upgrade").code == 0)
    }
}
