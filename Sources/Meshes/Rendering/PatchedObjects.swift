import Istio
import Objects
import Patches
import Values
import YAML

/// Lays patches over rendered objects: first what IstioOperators say of components, then the files of patches. The one
/// place where this is done: what is printed, planned and applied is the same.
struct PatchedObjects {
    private let mesh: Mesh
    private var objects: [MeshObject]
    /// The objects that were parsed, by their positions.
    private var values: [Int: Value] = [:]
    private var deleted: Set<Int> = []
    private var errors: [IstioError] = []
    /// Patches for objects of components that take no part.
    private(set) var warnings: [String] = []
    /// What to do about a patch that does not fit and is none of this run's, at the end of a message.
    private var remedy = ""

    init(_ objects: [MeshObject], of mesh: Mesh) {
        (self.objects, self.mesh) = (objects, mesh)
    }

    /// The objects after all patches; throws all that does not fit.
    mutating func result() throws -> [MeshObject] {
        for part in mesh.parts { applySettings(of: part.component) }
        for file in mesh.patchFiles {
            let origin = "patch \(file.name)"
            remedy = file.isStored ? "; give other files with --patch, or drop the stored ones with --no-patch" : ""
            for entry in file.entries {
                apply(entry.patch, place: entry.place, origin: origin) { _ in true }
            }
        }
        if !errors.isEmpty { throw IstioErrors(errors: errors) }
        return try objects.indices.filter { !deleted.contains($0) }.map { index in
            guard let value = values[index], !objects[index].changedBy.isEmpty else {
                return objects[index]
            }
            return objects[index].with(Text(try value.yamlBytes()))
        }
    }

    private mutating func applySettings(of component: Component) {
        guard let settings = mesh.objectSettings[component] else { return }
        remedy = settings.hasStored ? "; give the field anew with -f (null takes it back), or add --reset-values" : ""
        let workload = objects.first {
            $0.component == component && $0.identity.kind == component.workload?.kind
        }
        do throws(PatchError) {
            for patch in try settings.patches(of: component, workload: workload?.identity.name) {
                apply(
                    ObjectPatch(patch.target, patch.content), place: "\(patch.place): \(patch.origin)",
                    origin: patch.origin
                ) { $0.component == component }
            }
        } catch {
            errors.append(.patchFailure(place: "k8s of \(component)", reason: "\(error)"))
        }
    }

    private mutating func apply(
        _ patch: ObjectPatch, place: String, origin: String, where isMeant: (MeshObject) -> Bool
    ) {
        let candidates = objects.indices.filter { !deleted.contains($0) && isMeant(objects[$0]) }
        let found = candidates.filter { index in
            guard patch.target.matches(objects[index].identity) else { return false }
            return !patch.target.needsObject || value(at: index).map { patch.target.matches($0) } ?? false
        }
        if found.isEmpty { return sayUnmatched(patch.target, place, candidates) }
        for index in found {
            guard let object = value(at: index) else { continue }
            let identity = objects[index].identity
            do throws(PatchError) {
                guard let new = try patch.applied(to: object, of: identity) else {
                    delete(index, place)
                    continue
                }
                guard new != object else { continue }
                values[index] = new
                if objects[index].changedBy.last != origin { objects[index].changedBy.append(origin) }
            } catch {
                errors.append(.patchFailure(place: place, reason: "\(identity): \(error)" + remedy))
            }
        }
    }

    /// The parsed object; an object of a chart that does not parse was refused before.
    private mutating func value(at index: Int) -> Value? {
        if let value = values[index] { return value }
        do throws(YAMLError) {
            values[index] = try Value(yaml: objects[index].text.bytes, numbers: .native)
        } catch {
            errors.append(.unidentified(source: objects[index].source, reason: error.description))
        }
        return values[index]
    }

    private mutating func delete(_ index: Int, _ place: String) {
        let object = objects[index]
        if let component = object.component, object.identity.kind == component.workload?.kind {
            errors.append(
                .patchFailure(
                    place: place,
                    reason:
                        "\(object.identity) is what \(component) runs and may not be deleted; leave the component out "
                        + "with -c"))
            return
        }
        deleted.insert(index)
    }

    private mutating func sayUnmatched(_ target: PatchTarget, _ place: String, _ candidates: [Int]) {
        let near = target.nearestObject(among: candidates.map { objects[$0].identity })
        // It may be an object of a component that takes no part.
        if mesh.parts.count < Component.allCases.count {
            warnings.append("\(place): \(target) matches no object of the components of this run")
            return
        }
        let hint = near.map { "did you mean \($0)?" } ?? "sail manifest generate prints the objects"
        errors.append(.patchFailure(place: place, reason: "\(target) matches no object; \(hint)" + remedy))
    }
}

extension MeshObject {
    /// The object with another text.
    fileprivate func with(_ text: Text) -> MeshObject {
        var object = MeshObject(identity: identity, component: component, source: source, text: text)
        object.changedBy = changedBy
        return object
    }
}
