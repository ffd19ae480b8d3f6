/// This tool's own version: the one place that says it.
let releaseNumber = "0.2.0"

/// What `sail --version` prints.
let versionLine = "sail " + releaseNumber

/// From what the program was built; `nil` where it was built without make.
package struct BuildInformation: Sendable {
    package var commit: String?
    package var date: String?
    package var swift: String?

    package init(commit: String? = nil, date: String? = nil, swift: String? = nil) {
        (self.commit, self.date, self.swift) = (commit, date, swift)
    }
}
