import Foundation
import TestSupport
import Testing

/// `make demo`, one of the two commands of README.
@Suite struct DemoTests {
    @Test func theDemoRunsToItsEnd() throws {
        let script = Repository.root.appending(path: "scripts/demo").path
        let (code, output) = try Guides.run(script, [Guides.program("sail"), Guides.program("sail-sandbox")])
        #expect(code == 0, "\(output.suffix(2000))")
        for text in [
            "installed v1.29.6 in istio-system", "the mesh is at v1.30.3", "enrolled namespace shop: 2 pods captured",
            "waypoint shop/waypoint is ready",
            "did you mean logging", "what to try next",
        ] {
            #expect(output.contains(text), "\(text)")
        }
    }
}
