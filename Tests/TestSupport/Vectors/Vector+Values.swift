import Values
import YAML

extension Vector {
    /// What becomes of a `--set…` expression or of a values file; `nil` for other operations.
    package func valuesAnswer() -> Answer? {
        guard let operation, let input = fields["input"]?.string else { return nil }
        do {
            guard let values = try Vector.values(operation, input) else { return nil }
            return Answer(files: ["": Text(try Value.map(values).json())])
        } catch {
            return Answer(error: Text(String(describing: error)))
        }
    }

    private static func values(_ operation: String, _ input: String) throws -> Mapping? {
        if operation == "values-yaml" { return try Mapping(yaml: input, goType: "common.Values") }
        guard let flag = operation == "set" ? .typed : SetFlag(rawValue: "--\(operation)") else { return nil }
        var values = Mapping()
        try values.set(input, as: flag)
        return values
    }
}
