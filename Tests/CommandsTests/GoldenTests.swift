import Foundation
import Istio
import TestSupport
import Testing

/// A command line and the file that holds what it prints: Tests/Fixtures/commands/NAME.txt.
///
/// SAIL_UPDATE_GOLDEN=1 rewrites the files; look at the diff before you commit it.
struct Golden: CustomTestStringConvertible, Sendable {
    let name: String
    let line: String
    var width = 80
    var environment: [String: String] = [:]
    var testDescription: String { name }

    init(_ name: String, _ line: String, width: Int = 80, environment: [String: String] = [:]) {
        self.name = name
        self.line = line
        self.width = width
        self.environment = environment
    }
}

private let goldens = [
    Golden("help", "--help"),
    Golden("help-adopt", "adopt --help"),
    Golden("help-get", "get --help"),
    Golden("help-manifest-diff", "manifest diff --help"),
    Golden("manifest-diff-cni", "manifest diff v1.30.2 v1.30.3 -c cni"),
    Golden("manifest-diff-same", "manifest diff v1.30.3 v1.30.3"),
    Golden("manifest-diff-unknown", "manifest diff v1.30.3 no-such-file"),
    Golden("manifest-diff-no-file", "manifest diff v1.30.3 ./no-such-file"),
    Golden("help-60-columns", "manifest generate --help", width: 60),
    Golden("help-template", "template -h"),
    Golden("help-of-a-group", "help manifest"),
    Golden("no-words", ""),
    Golden("version", "version"),
    Golden("version-json", "version -o json"),
    Golden("versions", "versions"),
    Golden("versions-all", "versions --all"),
    Golden("profile-list", "profile list --version v1.24.0"),
    Golden("profile-list-60-columns", "profile list", width: 60),
    Golden("profile-show", "profile show ambient"),
    Golden("profile-show-json", "profile show k3s -o json"),
    Golden("profile-diff", "profile diff ambient openshift"),
    Golden("profile-unknown", "profile show ambeint"),
    Golden("platform-as-profile", "manifest generate --profile openshift"),
    Golden("platform-unknown", "manifest generate --platform openshfit"),
    Golden("platform-not-of-this-version", "manifest generate --version v1.24.0 --platform gke"),
    Golden("images", "images"),
    Golden("images-hub-json", "images --set global.hub=registry.example.com/mesh,global.tag=1.30.2 -o json"),
    Golden("generate-ztunnel", "manifest generate -c ztunnel"),
    Golden("generate-cni-of-an-old-version", "manifest generate -c cni --version v1.24.6 --platform k3s"),
    Golden("generate-ztunnel-json", "manifest generate -c ztunnel -o json --set ztunnel.logLevel=debug"),
    Golden("values-ztunnel", "values -c ztunnel --set ztunnel.env.A=b"),
    Golden("values-explain", "values --platform openshift --explain cni.cniBinDir --set cni.cniBinDir=/opt"),
    Golden("values-explain-unknown", "values --explain cni.cniBinDri"),
    Golden("unknown-command", "manifest generat"),
    Golden("unknown-flag", "manifest generate --pofile ambient"),
    Golden("flag-of-another-command", "versions --profile ambient"),
    Golden("wrong-choice", "manifest generate -o ymal"),
    Golden("unknown-version-in-the-environment", "images", environment: ["SAIL_VERSION": "x"]),
    Golden("version-unknown", "images --version v1.30.x"),
    Golden("version-from-the-environment", "images", environment: ["SAIL_VERSION": "v1.28-latest"]),
    Golden("values-unknown-key", "manifest generate --set cni.excludeNamespace=a --set global.hubb=x"),
    Golden("values-misplaced-key", "manifest generate --set hub=x,ztunnel.cniBinDir=/x,values.pilot.env.A=1"),
    Golden("values-not-of-kubernetes", "manifest generate --set pilot.tolerations[0].efect=NoSchedule"),
    Golden("values-wrong-type", "manifest generate --set pilot.autoscaleEnabled=maybe"),
    Golden("values-not-to-be-read", "manifest generate -f nowhere.yaml --set a"),
    Golden("chart-missing", "manifest generate --charts nowhere"),
    Golden("versions-changes", "versions --changes"),
    Golden("versions-json", "versions -o json"),
    Golden("fips", "values -c ztunnel --fips"),
    Golden("fips-contradicted", "images --fips --set pilot.env.COMPLIANCE_POLICY=pqc"),
    Golden("charts-list", "charts list -c base"),
    Golden("charts-list-all-json", "charts list --all -c ztunnel -o json"),
    Golden("charts-help", "charts --help"),
    Golden("charts-pull-help", "charts pull --help"),
    Golden("charts-pull-nowhere", "charts pull"),
    Golden("charts-cache", "charts cache", environment: ["XDG_CACHE_HOME": "/nonexistent"]),
    Golden("charts-cache-json", "charts cache -o json", environment: ["XDG_CACHE_HOME": "/nonexistent"]),
    Golden("charts-verify-nothing", "charts verify", environment: ["XDG_CACHE_HOME": "/nonexistent"]),
    Golden("charts-plain-http", "images --charts http://user:secret@example.com/charts?token=secret"),
    Golden("charts-unknown-scheme", "images --charts ftp://user:secret@example.com/charts"),
    Golden("charts-registry-without-path", "images --charts oci://user:secret@example.com"),
    Golden("charts-twice", "images", environment: ["SAIL_CHARTS": "charts,charts"]),
    Golden("template-chart-missing", "template name nowhere"),
    Golden("template-operand-missing", "template name"),
]

private let folder = Repository.fixtures.appending(path: "commands")

/// The command line, then what it printed to both outputs, then the exit code.
private func transcript(_ golden: Golden) -> String {
    let answer = run(
        golden.line.split(separator: " ").map(String.init), environment: golden.environment, width: golden.width)
    let variables = golden.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value) " }.joined()
    var text = "$ \(variables)sail \(golden.line)\n" + answer.output
    if !answer.messages.isEmpty { text += "--- standard error\n" + answer.messages }
    return text + "--- exit code \(answer.code)\n"
}

@Test(arguments: goldens)
func theCommandLinePrintsWhatItsFileSays(golden: Golden) throws {
    let file = folder.appending(path: golden.name + ".txt")
    let actual = transcript(golden)
    if ProcessInfo.processInfo.environment["SAIL_UPDATE_GOLDEN"] == "1" {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(actual.utf8).write(to: file)
        return
    }
    let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? "(no file; SAIL_UPDATE_GOLDEN=1 writes it)"
    #expect(actual == expected, "\(golden.name)")
}

@Test func aFailureLeavesStandardOutputEmpty() {
    for golden in goldens {
        let answer = run(golden.line.split(separator: " ").map(String.init), environment: golden.environment)
        // A difference is what a diff was asked for.
        let isDiff = ["profile diff", "manifest diff"].contains { golden.line.hasPrefix($0) }
        if answer.code == 1, !isDiff { #expect(answer.output.isEmpty, "\(golden.name)") }
    }
}

@Test func everyFileBelongsToATest() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(files) == Set(goldens.map { $0.name + ".txt" }))
}
