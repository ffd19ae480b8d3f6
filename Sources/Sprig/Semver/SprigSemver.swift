import GoTemplate
import Values

/// Sprig's functions on semantic versions.
enum SprigSemver {
    static let functions: [Function] = [
        Function("semver", [.string], returns: .structure("*semver.Version")) {
            .object(VersionObject(try version($0.text(0)), isPointer: true))
        },
        .testing("semverCompare") { condition, text in
            let constraint = try ConstraintCache.shared.constraint(condition)
            return constraint.accepts(try version(text))
        },
    ]

    private static func version(_ text: Text) throws -> SemanticVersion {
        do {
            return try SemanticVersion(parsing: text)
        } catch {
            throw FunctionError(error.message)
        }
    }
}

/// The constraints read so far; charts compare with the same few again and again.
///
/// Rendering is single-threaded; no two threads share the cache.
private final class ConstraintCache: @unchecked Sendable {
    static let shared = ConstraintCache()

    private static let limit = 256

    private var constraints: [Text: VersionConstraint] = [:]

    func constraint(_ text: Text) throws -> VersionConstraint {
        if let constraint = constraints[text] { return constraint }
        do {
            let constraint = try VersionConstraint(parsing: text)
            if constraints.count >= ConstraintCache.limit { constraints.removeAll() }
            constraints[text] = constraint
            return constraint
        } catch {
            throw FunctionError(error.message)
        }
    }
}
