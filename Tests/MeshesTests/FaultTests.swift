import Istio
import Meshes
import System
import Testing
import Values

/// The message about a values file, a line per fault.
@Test(arguments: [
    (
        "cni:\n  excludeNamespace: debug\n",
        "v.yaml:2:3: unknown key cni.excludeNamespace; did you mean excludeNamespaces?"
    ),
    ("a: 1\n\nztunel:\n  env: {}\n", "v.yaml:1:1: unknown key a; "),
    ("ztunel:\n  env: {}\n", "v.yaml:1:1: unknown key ztunel; did you mean ztunnel?"),
    (
        "ztunnel:\n  terminationGracePeriodSeconds: soon\n",
        "v.yaml:2:3: ztunnel.terminationGracePeriodSeconds must be a whole number, not string \"soon\""
    ),
    ("pilot:\n  autoscaleEnabled: 3\n", "v.yaml:2:3: pilot.autoscaleEnabled must be true or false, not number 3"),
    ("global:\n  hubb: x\n", "v.yaml:2:3: unknown key global.hubb; did you mean hub?"),
    ("- a\n", "v.yaml: values are a map of keys, not a list or a single value"),
    ("a: [\n", "v.yaml:"),
    (
        "pilot:\n  trustedZtunnelNamespace: other\n",
        "v.yaml:2:3: pilot.trustedZtunnelNamespace is other, but ztunnel's is istio-system; leave it out; "
            + "sail sets it to fit"
    ),
    (
        "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  components:\n    ingressGateways:\n"
            + "    - enabled: true\n",
        "v.yaml:5:5: spec.components.ingressGateways: sail installs ambient mode only; "
    ),
    (
        "apiVersion: sailoperator.io/v1\nkind: ZTunnel\nspec:\n  values:\n    ztunnel:\n      logLevell: x\n",
        "v.yaml:6:7: unknown key spec.values.ztunnel.logLevell; did you mean logLevel?"
    ),
    ("compatibilityVersion: \"1.20\"\n", "v.yaml:1:1: compatibilityVersion must be one of "),
])
func aFaultInAValuesFileIsPlacedAndNamed(text: String, expected: String) {
    #expect(fault(ofValues: text).hasPrefix(expected), "\(fault(ofValues: text))")
}

@Test func aNullIsAllowedEverywhere() {
    #expect(fault(ofValues: "cni:\n  logLevel: null\nztunnel:\n  resources: null\n") == "no error")
}

/// Helm takes any key; what it left behind is said and does not stop sail.
@Test(arguments: [nil, "ztunnel.padding=null"])
func anUnknownKeyThatWasRememberedIsSaidAndStopsNothing(flag: String?) throws {
    var request = MeshRequest()
    request.user = try UserValues(flag.map { [.set(.typed, $0)] } ?? []) { _ throws(FileFailure) in [] }
    request.user.remember(["ztunnel": ["padding": "x"]], from: "release ztunnel")
    let mesh = try Mesh(request) { try BuiltInCharts.charts($0, $1) }
    let stray = "remembered (release ztunnel): unknown key ztunnel.padding, which has no effect"
    #expect(mesh.strays == (flag == nil ? [stray] : []))
    request.user = try UserValues([.set(.typed, "ztunnel.loging=x")]) { _ throws(FileFailure) in [] }
    request.user.remember(["ztunnel": ["padding": "x"]], from: "release ztunnel")
    #expect {
        _ = try Mesh(request) { try BuiltInCharts.charts($0, $1) }
    } throws: { "\($0)".contains("unknown key ztunnel.loging") && !"\($0)".contains("padding") }
}
