import GoTemplate
import Values

/// Sprig's and Helm's functions on JSON; Helm's replace Sprig's of the same name.
enum SprigJSON {
    static let functions: [Function] = encoders.flatMap(encoding) + decoders

    /// Without `must`, an error gives the empty string, but for `toRawJson`.
    private static let encoders: [(name: Text, isStrict: Bool, encode: @Sendable (GoValue) throws -> Text)] = [
        ("Json", false, { try $0.json() }),
        ("PrettyJson", false, { try $0.json(indentation: JSONWriter.Indentation()) }),
        ("RawJson", true, { try $0.json(escapingHTML: false) }),
    ]

    private static func encoding(
        _ name: Text, _ isStrict: Bool, _ encode: @escaping @Sendable (GoValue) throws -> Text
    ) -> [Function] {
        [("to", isStrict), ("mustTo", true)].map { (prefix: Text, isStrict: Bool) in
            Function(prefix + name, [.any], returns: .string) { arguments in
                do {
                    return .string(try encode(arguments[0]))
                } catch let error as GoJSONError {
                    if isStrict { throw FunctionError(error.message) }
                    return .string("")
                }
            }
        }
    }

    private static let decoders: [Function] = [
        Function("mustFromJson", [.string]) { arguments in
            do {
                return GoValue(try Value(json: arguments.text(0).bytes))
            } catch let error as JSONError {
                throw FunctionError(Text(error.description))
            }
        },
        Function("fromJson", [.string], returns: .anyMap) { arguments in
            switch decode(arguments[0], as: .anyMap) {
            case (let value, nil):
                guard case .map(let mapping) = value else { return .map(Map(isNil: true)) }
                return .map(Map(mapping))
            case (let value, let error?):
                // What could be read stays beside the error.
                let map = Map(value.map ?? Mapping())
                map["Error"] = .string(error.message)
                return .map(map)
            }
        },
        Function("fromJsonArray", [.string], returns: .anySlice) { arguments in
            switch decode(arguments[0], as: .anySlice) {
            case (.list(let values), nil): GoValue(.list(values))
            case (_, nil): .list(List([], isNil: true))
            case (_, let error?): .list([.string(error.message)])
            }
        },
    ]

    /// A value that fits the type, or null; with a number out of range also what was read around it.
    private static func decode(_ text: GoValue, as type: GoType) -> (Value, GoJSONError?) {
        do throws(JSONError) {
            let (value, outOfRange) = try Value.reading(json: sprigText(text).bytes)
            let kind =
                switch value {
                // A number alone that is out of range has left null.
                case .null: outOfRange == nil ? "" : "number"
                case .bool: "bool"
                case .int, .double: "number"
                case .string: "string"
                case .list: type == .anySlice ? "" : "array"
                case .map: type == .anyMap ? "" : "object"
                }
            if kind.isEmpty { return (value, outOfRange.map { GoJSONError(message: Text($0.description)) }) }
            return (
                .null, GoJSONError(message: Text("json: cannot unmarshal \(kind) into Go value of type \(type)"))
            )
        } catch {
            return (.null, GoJSONError(message: Text(error.description)))
        }
    }
}
