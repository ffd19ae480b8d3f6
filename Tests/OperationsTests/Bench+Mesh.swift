import Operations
import Planning
import Sandbox
import Testing

extension Bench {
    private static let installed = Result {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0, "\(bench.ui.text)")
        return bench.sandbox.snapshot()
    }

    /// A cluster with a mesh, as all tests that begin with one share its installation.
    static func withMesh() throws -> Bench {
        let bench = try Bench()
        bench.sandbox.restore(try installed.get())
        return bench
    }
}
