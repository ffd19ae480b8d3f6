/// The parts of a flag's value between commas, as kubectl and Helm read lists: a part in double quotes may hold commas,
/// and a quote written twice. Throws `InvalidValue` for a quote without its end.
package func commaSeparated(_ text: String) throws(InvalidValue) -> [String] {
    var parts: [String] = []
    var part = ""
    var isQuoted = false
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
        switch scalar {
        case "\"" where isQuoted && rest.first == "\"":
            rest = rest.dropFirst()
            part += "\""
        case "\"" where isQuoted || part.isEmpty: isQuoted.toggle()
        case "," where !isQuoted:
            parts.append(part)
            part = ""
        default: part.unicodeScalars.append(scalar)
        }
    }
    if isQuoted { throw InvalidValue(expectation: "a list: the end of a quoted part is missing") }
    parts.append(part)
    return parts
}
