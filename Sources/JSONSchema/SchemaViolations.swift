package import Values

/// One thing in a value that a JSON schema does not allow.
package struct SchemaViolation: Sendable, Equatable {
    /// What is wrong with the value.
    package enum Fault: Sendable, Equatable {
        case unknownKey(String)
        case missingKey(String)
        /// The types are the schema's: `string`, `object`.
        case wrongType(found: String, wanted: [String])
        /// Text that has not the form of the schema's pattern.
        case wrongForm(String)
        /// Anything else, with the text of the library that Helm uses.
        case other(String)
    }

    /// The keys and indexes that lead to the value.
    package let location: [String]
    package let fault: Fault
}

/// What a value violates of a JSON schema, in the order in which the schema is read.
package func schemaViolations(of value: Value, by schema: String) -> [SchemaViolation] {
    let url = "file:///schema.json"
    do throws(SchemaFailure) {
        let library = SchemaLibrary([url: try SchemaNode(json: Text(schema))], checker: MetaSchemaChecker())
        let compiled = try SchemaCompiler(library, assertsFormats: false).compile(url)
        let node = try SchemaNode(json: Text((try? value.json()) ?? "null"))
        return SchemaValidator.validate(node, compiled).map(\.violations) ?? []
    } catch {
        return [SchemaViolation(location: [], fault: .other(error.description))]
    }
}

extension SchemaProblem {
    fileprivate var violations: [SchemaViolation] {
        if !causes.isEmpty { return causes.flatMap(\.violations) }
        switch kind {
        case .additionalProperties(let names):
            return names.map { SchemaViolation(location: location, fault: .unknownKey($0)) }
        case .required(let names):
            return names.map { SchemaViolation(location: location, fault: .missingKey($0)) }
        case .type(let got, let want):
            let found = got.names.joined(separator: " or ")
            return [SchemaViolation(location: location, fault: .wrongType(found: found, wanted: want.names))]
        case .pattern(let got, _): return [SchemaViolation(location: location, fault: .wrongForm(got))]
        default: return [SchemaViolation(location: location, fault: .other(text))]
        }
    }
}
