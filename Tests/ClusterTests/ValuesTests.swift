import Sandbox
import TestSupport
import Testing
import Values

/// Values that would change a mesh in a way that nobody means.
@Suite struct ValuesTests {
    @Test(arguments: ClusterKind.available)
    func aChangedRevisionIsRefusedWithTheWayOn(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let versions = try mesh.versionsAtRest()
        let run = try mesh.sail("upgrade --yes --set revision=canary")
        #expect(run.code == 1)
        #expect(run.messages.contains("is the control plane of revision default, and the values say revision canary"))
        #expect(run.messages.contains("leave revision out of the values"))
        #expect(!run.messages.contains("another control plane"))
        #expect(try mesh.versions() == versions)
        #expect(try mesh.sail("upgrade --yes").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func aMisplacedKeyChangesNothing(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let versions = try mesh.versionsAtRest()
        for key in ["hub=example.com/istio", "ztunnel.cniBinDir=/x", "nodeSelector.pool=a", "values.pilot.env.A=1"] {
            for verb in ["upgrade --yes", "install --yes", "diff"] {
                let run = try mesh.sail("\(verb) --set \(key)")
                #expect(run.code == (verb == "diff" ? 2 : 1), "\(verb) \(key): \(run.end)")
                #expect(run.messages.contains("unknown key"), "\(run.messages)")
            }
        }
        #expect(try mesh.versions() == versions)
    }
}
