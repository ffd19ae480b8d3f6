import Istio
import Meshes
import Testing
import Values

/// JSON as a map.
private func map(_ json: String) -> Mapping { (try? Value(json: json, numbers: .native))?.map ?? Mapping() }

@Suite struct RememberedTests {
    /// What sail's last run noted, what that chart got then, what Helm gave it since, and what is remembered.
    static let cases: [(component: Component, noted: String, old: String?, new: String, wanted: String)] = [
        // An addition, a change and a removal.
        (
            .cni, #"{"cni":{"logging":{"level":"info"},"excludeNamespaces":["a"]}}"#,
            #"{"logging":{"level":"info"},"excludeNamespaces":["a"],"istioVersion":"v1.30.3"}"#,
            #"{"logging":{"level":"debug"},"repair":{"enabled":false},"istioVersion":"v1.30.3"}"#,
            #"{"cni":{"logging":{"level":"debug"},"repair":{"enabled":false}}}"#
        ),
        // What the profile says is nobody's wish, whether it is there or not.
        (
            .istiod, #"{"pilot":{"env":{"A":"1"}}}"#,
            #"{"pilot":{"env":{"A":"1","PILOT_ENABLE_AMBIENT":"true"}}}"#,
            #"{"profile":"ambient","pilot":{"env":{"B":"2"}}}"#,
            #"{"pilot":{"env":{"B":"2"}}}"#
        ),
        // Other components' values stay.
        (
            .ztunnel, #"{"cni":{"x":1},"ztunnel":{"logLevel":"info"},"meshConfig":{"trustDomain":"t"}}"#,
            #"{"logLevel":"info","meshConfig":{"trustDomain":"t"}}"#,
            #"{"logLevel":"debug","meshConfig":{"trustDomain":"t"}}"#,
            #"{"cni":{"x":1},"ztunnel":{"logLevel":"debug"},"meshConfig":{"trustDomain":"t"}}"#
        ),
        // Without a record to compare with, all that Helm gave counts as added.
        (
            .ztunnel, #"{"ztunnel":{"logLevel":"info","a":1}}"#, nil, #"{"logLevel":"debug"}"#,
            #"{"ztunnel":{"logLevel":"debug","a":1}}"#
        ),
    ]

    @Test("What Helm changed of one release", arguments: cases)
    func helmsChanges(_ component: Component, _ noted: String, _ old: String?, _ new: String, _ wanted: String) {
        var memory = Remembered(place: "here")
        memory.profile = "ambient"
        memory.version = "v1.30.3"
        memory.values = map(noted)
        memory.take(
            HelmValues(map(new), version: "1.30.3"), since: old.map { HelmValues(map($0), version: "1.30.3") },
            of: component)
        #expect(memory.values == map(wanted))
    }

    @Test func istiodsVersionIsTheMeshs() {
        var memory = Remembered(place: "here")
        memory.version = "v1.30.3"
        memory.take(HelmValues(Mapping(), version: "1.29.6"), since: nil, of: .ztunnel)
        #expect(memory.version == "v1.30.3")
        memory.take(HelmValues(Mapping(), version: "1.29.6"), since: nil, of: .istiod)
        #expect(memory.version == "v1.29.6")
    }
}
