package import Foundation

/// The folders of the repository that the tests were built from.
package enum Repository {
    /// The root, three levels above this file.
    package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Inputs and expected outputs, Tests/Fixtures.
    package static let fixtures = root.appendingPathComponent("Tests/Fixtures")
}
