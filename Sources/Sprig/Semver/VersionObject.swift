import GoTemplate
import Values

/// A version in a template: a pointer from `semver`, or a plain struct from its methods, which lacks the pointer's.
final class VersionObject: Object {
    let version: SemanticVersion
    private let isPointer: Bool

    private static let pointerType = GoType.structure("*semver.Version")
    private static let valueType = GoType.structure("semver.Version")

    init(_ version: SemanticVersion, isPointer: Bool) {
        self.version = version
        self.isPointer = isPointer
    }

    var type: GoType { isPointer ? VersionObject.pointerType : VersionObject.valueType }
    var text: Text? { version.text }

    /// What fmt prints where it does not ask for the text (`%d`).
    var fields: [Field] {
        let numbers: [(Text, UInt)] = [("major", version.major), ("minor", version.minor), ("patch", version.patch)]
        let texts: [(Text, Text)] = [
            ("pre", version.prerelease), ("metadata", version.metadata), ("original", version.original),
        ]
        let type = GoType.integer(.uint64)
        return numbers.map { Field($0, key: nil, type: type, value: .uint($1, type)) }
            + texts.map { Field($0, key: nil, type: .string, value: .string($1)) }
    }

    func encoded() throws -> GoValue? { .string(version.text) }

    func method(_ name: Text) -> Function? {
        if let method = VersionObject.valueMethods[name] { return method(name, version) }
        return isPointer ? VersionObject.pointerMethods[name]?(name, version) : nil
    }

    private typealias Method = @Sendable (Text, SemanticVersion) -> Function

    private static let valueMethods: [Text: Method] = [
        "Major": getter(.integer(.uint64)) { .uint($0.major, .integer(.uint64)) },
        "Minor": getter(.integer(.uint64)) { .uint($0.minor, .integer(.uint64)) },
        "Patch": getter(.integer(.uint64)) { .uint($0.patch, .integer(.uint64)) },
        "Prerelease": getter(.string) { .string($0.prerelease) },
        "Metadata": getter(.string) { .string($0.metadata) },
        "String": getter(.string) { .string($0.text) },
        "Value": getter(.any) { .string($0.text) },
        "MarshalText": getter(.slice(.integer(.uint8))) { bytes($0.text) },
        "MarshalJSON": getter(.slice(.integer(.uint8))) { bytes("\"" + $0.text + "\"") },
        "IncPatch": getter(valueType) {
            // A prerelease comes before its release, so leaving it is a step already.
            .object(try changed($0) { $0.patch = $0.prerelease.isEmpty ? try next($0.patch, "patch") : $0.patch })
        },
        "IncMinor": getter(valueType) {
            .object(try changed($0) { ($0.minor, $0.patch) = (try next($0.minor, "minor"), 0) })
        },
        "IncMajor": getter(valueType) {
            .object(try changed($0) { ($0.major, $0.minor, $0.patch) = (try next($0.major, "major"), 0, 0) })
        },
        "SetPrerelease": setter(SemanticVersion.checkPrerelease) { $0.prerelease = $1 },
        "SetMetadata": setter(SemanticVersion.checkMetadata) { $0.metadata = $1 },
    ]

    private static let pointerMethods: [Text: Method] = [
        "Original": getter(.string) { .string($0.original) },
        "Compare": comparison(.int) { .int($0) },
        "Equal": comparison(.bool) { .bool($0 == 0) },
        "LessThan": comparison(.bool) { .bool($0 < 0) },
        "LessThanEqual": comparison(.bool) { .bool($0 <= 0) },
        "GreaterThan": comparison(.bool) { .bool($0 > 0) },
        "GreaterThanEqual": comparison(.bool) { .bool($0 >= 0) },
    ]

    private static func getter(
        _ result: GoType, _ body: @escaping @Sendable (SemanticVersion) throws -> GoValue
    ) -> Method {
        { name, version in Function(name, returns: result) { _ in try body(version) } }
    }

    private static func comparison(_ result: GoType, _ body: @escaping @Sendable (Int) -> GoValue) -> Method {
        { name, version in
            Function(name, [pointerType], returns: result) { arguments in
                guard case .object(let object) = arguments[0], let other = object as? VersionObject else {
                    throw FunctionError("runtime error: invalid memory address or nil pointer dereference")
                }
                return body(version.compare(other.version))
            }
        }
    }

    private static func setter(
        _ check: @escaping @Sendable (Text) throws(SemanticVersionError) -> Void,
        _ change: @escaping @Sendable (inout SemanticVersion, Text) -> Void
    ) -> Method {
        { name, version in
            Function(name, [.string], returns: valueType) { arguments in
                do throws(SemanticVersionError) {
                    try check(arguments.text(0))
                } catch {
                    throw FunctionError(error.message)
                }
                var result = version
                change(&result, arguments.text(0))
                return .object(renamed(result, after: version))
            }
        }
    }

    private static func next(_ number: UInt, _ name: Text) throws -> UInt {
        if number == .max { throw FunctionError(name + " version increment would overflow uint64") }
        return number + 1
    }

    /// The version without prerelease and metadata after a change to its numbers.
    private static func changed(
        _ version: SemanticVersion, _ change: (inout SemanticVersion) throws -> Void
    ) throws -> VersionObject {
        var result = version
        try change(&result)
        result.prerelease = ""
        result.metadata = ""
        return renamed(result, after: version)
    }

    private static func renamed(_ version: SemanticVersion, after original: SemanticVersion) -> VersionObject {
        var result = version
        result.original = (original.original.hasPrefix("v") ? "v" : "") + version.text
        return VersionObject(result, isPointer: false)
    }

    private static func bytes(_ text: Text) -> GoValue {
        let elements = text.bytes.map { GoValue.uint(UInt($0), .integer(.uint8)) }
        return .list(List(elements, type: .slice(.integer(.uint8))))
    }
}
