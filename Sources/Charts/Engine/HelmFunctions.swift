import GoTemplate
import TOML
import Values
import YAML

/// What Helm adds to Sprig for YAML and TOML; `toJson` and its family are `SprigJSON`'s.
enum HelmFunctions {
    static let functions: [Function] = [
        Function("toYaml", [.any], returns: .string) { arguments in
            .string((try? yaml(arguments[0])) ?? "")
        },
        Function("mustToYaml", [.any], returns: .string) { .string(try yaml($0[0])) },
        Function("toYamlPretty", [.any], returns: .string) { arguments in
            var writer = PrettyWriter()
            try writer.write(arguments[0])
            return .string(withoutLastNewline(writer.finished))
        },
        Function("fromYaml", [.string], returns: .anyMap) { arguments in
            do throws(UnmarshalError) {
                return .map(Map(try Mapping(yaml: bytes(arguments[0]))))
            } catch {
                return .map(["Error": .string(error.description)])
            }
        },
        Function("fromYamlArray", [.string], returns: .anySlice) { arguments in
            do throws(UnmarshalError) {
                return .list(try [Value](yaml: bytes(arguments[0])).map { GoValue($0) })
            } catch {
                return .list([.string(error.description)])
            }
        },
        Function("fromToml", [.string], returns: .anyMap) { arguments in
            do throws(TOMLError) {
                return .map(try TOMLReader.map(Text(bytes(arguments[0]))))
            } catch {
                return .map(["Error": .string(error.text)])
            }
        },
        Function("mustToToml", [.any], returns: .string) { .string(try TOMLWriter.text($0[0])) },
        Function("toToml", [.any], returns: .string) { arguments in
            do throws(FunctionError) {
                return .string(try TOMLWriter.text(arguments[0]))
            } catch {
                // Go's own panic over nil is an error; what the encoder says is the result.
                if case .none = arguments[0] { throw error }
                return .string(error.message)
            }
        },
    ]

    /// The text of sigs.k8s.io/yaml's Marshal without its last newline.
    private static func yaml(_ datum: GoValue) throws -> Text {
        let value: Value
        do {
            value = try datum.jsonValue()
        } catch let error as GoJSONError {
            throw FunctionError("error marshaling into JSON: " + error.message)
        }
        do throws(MarshalError) {
            return withoutLastNewline(try value.yamlBytes())
        } catch {
            throw FunctionError(Text(error.description))
        }
    }

    private static func bytes(_ datum: GoValue) -> [UInt8] {
        if case .string(let text) = datum { text.bytes } else { [] }
    }

    private static func withoutLastNewline(_ bytes: [UInt8]) -> Text {
        Text(bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...])
    }
}
