package import Objects
package import Values

/// A change of objects that charts made: which objects, and how.
package struct ObjectPatch: Sendable {
    /// How an object is changed.
    package enum Content: Sendable, Equatable {
        /// A strategic merge patch; a JSON merge patch of a custom resource.
        case merge(Value)
        /// A JSON patch (RFC 6902).
        case operations([JSONPatchOperation])
        /// A value, or none, at the path of an overlay.
        case overlay(OverlayPath, Value?)
    }

    package let target: PatchTarget
    package let content: Content

    package init(_ target: PatchTarget, _ content: Content) {
        (self.target, self.content) = (target, content)
    }

    /// The object after the patch, `nil` where the patch deletes it. Throws where it does not fit, or where it would make
    /// another object of it.
    package func applied(to object: Value, of identity: ObjectReference) throws(PatchError) -> Value? {
        var result = object
        switch content {
        case .merge(let patch):
            guard let merged = try strategicallyMerged(object, patch, of: identity) else { return nil }
            result = merged
        case .operations(let operations):
            for operation in operations { result = try operation.applied(to: result) }
        case .overlay(let path, let value): result = try path.written(value, to: object)
        }
        guard let now = ObjectReference(of: result), now == identity else {
            throw PatchError("a patch may not change apiVersion, kind, name or namespace of \(identity)")
        }
        return result
    }
}

/// The levels of maps and lists that a patch may have: more is no patch, and costs stack.
private let deepest = 100

extension Value {
    /// Whether maps and lists lie deeper within each other than a patch needs.
    package var isTooDeepForPatch: Bool {
        var level = [self]
        for _ in 0..<deepest {
            level = level.flatMap { value in value.map?.values ?? value.list ?? [] }
            if level.isEmpty { return false }
        }
        return true
    }
}
