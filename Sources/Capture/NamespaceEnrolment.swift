internal import Istio
internal import Objects
package import Values

/// Why a namespace is not enrolled, and what to do about it.
package struct EnrolmentRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    package var message: String
    package var remedy: String

    package var description: String { "\(message); \(remedy)" }
}

/// A namespace that is to be enrolled or unenrolled.
package struct NamespaceEnrolment: Sendable {
    package let name: String
    package let uid: String?
    /// The label as it is; `nil` without one.
    package let mode: String?
    private let object: Value

    package init(_ namespace: Value) {
        let metadata = namespace.metadata
        (name, uid) = (metadata.name, metadata.uid)
        mode = metadata.label(IstioLabel.mode)
        object = namespace
    }

    package var isEnrolled: Bool { mode == IstioLabel.ambient }

    /// The labels once the mode is `mode`.
    package func labels(mode: String?) -> [String: String] {
        var labels = object.metadata.labelTexts
        labels[IstioLabel.mode] = mode
        return labels
    }

    /// Why it cannot be enrolled; `nil` where it can. `meshNamespaces` hold components of the mesh.
    package func refusal(meshNamespaces: Set<String>, _ rules: CaptureRules) -> EnrolmentRefusal? {
        let metadata = object.metadata
        if metadata.isBeingDeleted {
            return EnrolmentRefusal(message: "namespace \(name) is being deleted", remedy: "wait until it is deleted")
        }
        if meshNamespaces.contains(name) {
            return EnrolmentRefusal(
                message: "namespace \(name) holds the mesh itself", remedy: "enroll the namespaces of applications")
        }
        if rules.excludedNamespaces.contains(name) {
            return EnrolmentRefusal(
                message: "the CNI agent excludes namespace \(name): none of its pods would be captured",
                remedy: "change cni.excludeNamespaces with sail upgrade first")
        }
        if let value = metadata.label(IstioLabel.injection), value == "enabled" {
            return injects("\(IstioLabel.injection)=\(value)", IstioLabel.injection)
        }
        if metadata.label(IstioLabel.injection) != "disabled", let value = metadata.label(IstioLabel.revision) {
            return injects("\(IstioLabel.revision)=\(value)".onOneLine, IstioLabel.revision)
        }
        return nil
    }

    private func injects(_ label: String, _ key: String) -> EnrolmentRefusal {
        EnrolmentRefusal(
            message: "namespace \(name) has label \(label): its pods get sidecars, and those are not captured",
            remedy: "move it off sidecars first: kubectl label namespace \(name) \(key)-, then restart its workloads")
    }
}
