import Testing

@testable import Operations

@Test func noticesAboutFieldsOfIstiosChartsAreDropped() {
    let annotation = "spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/install-cni]"
    let own = annotation + ": deprecated since v1.30; use the \"appArmorProfile\" field instead"
    let others = [
        "policy/v1beta1 PodDisruptionBudget is deprecated in v1.21+",
        own.replacing("install-cni", with: "other"), "spec: something of \(annotation)",
    ]
    #expect(withoutChartsOwn([own] + others) == others)
}
