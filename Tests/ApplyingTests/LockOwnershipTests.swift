import Applying
import TestSupport
import Testing
import Values

@Suite struct LockTests {
    private let path = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/sail"

    private func lock(_ server: MemoryServer, _ holder: String) throws -> LeaseLock {
        LeaseLock(try server.client(), namespace: "istio-system", holder: holder)
    }

    @Test func theSecondRunIsToldWhoHoldsIt() throws {
        let server = MemoryServer()
        let first = try lock(server, "ann@a (pid 1)")
        #expect(try first.take() == nil)
        #expect(try lock(server, "bob@b (pid 2)").take()?.name == "ann@a (pid 1)")
        first.release()
        #expect(try lock(server, "bob@b (pid 2)").take() == nil)
    }

    @Test func aLockTakenByAnotherIsNotReleasedByTheFirst() throws {
        let server = MemoryServer()
        let first = try lock(server, "ann@a (pid 1)")
        _ = try first.take()
        guard case .map(var lease)? = server.objects[path], case .map(var spec) = lease["spec"] else { return }
        spec["holderIdentity"] = "bob@b (pid 2)"
        lease["spec"] = .map(spec)
        server.put(path, .map(lease))
        first.release()
        #expect(server.objects[path]?["spec"]?["holderIdentity"] == "bob@b (pid 2)")
    }
}
