package import Values
import YAML

extension ChartLoader {
    /// The values of a `values.yaml`, whose documents are merged, later ones over earlier ones.
    static func values(of file: ChartFile) throws(ChartError) -> Mapping {
        do throws(ValuesError) {
            return try readValues(file.data)
        } catch {
            throw .unreadable(file: file.name, reason: error.description)
        }
    }

    /// Reads a YAML file into a record; an empty one changes nothing.
    func decode<Record>(
        _ file: ChartFile, _ type: RecordType<Record>, into record: inout Record
    ) throws(ChartError) {
        let value: Value
        do throws(YAMLError) {
            value = try readRecord(file.data)
        } catch {
            throw .unreadable(file: file.name, reason: error.unmarshalDescription)
        }
        do throws(DecodingError) {
            try type.decode(value, into: &record)
        } catch {
            let reason = "error unmarshaling JSON: while decoding JSON: \(error)"
            throw .unreadable(file: file.name, reason: reason)
        }
    }
}

/// Why a values file cannot be read, in Helm's words.
package enum ValuesError: Error, CustomStringConvertible {
    case separator(String)
    case document(String)
    case notAMap(got: String)

    package var description: String {
        switch self {
        case .separator(let rest): "error reading yaml document: invalid Yaml document separator: \(rest)"
        case .document(let reason): "cannot unmarshal yaml document: \(reason)"
        case .notAMap(let kind):
            "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: "
                + "json: cannot unmarshal \(kind) into Go value of type map[string]interface {}"
        }
    }
}

/// The values in a YAML text of one or more documents; every number is a float64, as for Helm's engine.
package func readValues(_ text: Text) throws(ValuesError) -> Mapping {
    var values = Mapping()
    for document in try splitDocuments(text) {
        let value: Value
        do throws(YAMLError) {
            value = try readDocument(document, keepingIntegers: false)
        } catch {
            throw .document(error.unmarshalDescription)
        }
        switch value {
        case .null: break
        case .map(let map): values = values.isEmpty ? map : merged(values, map)
        default: throw .notAMap(got: value.jsonKind)
        }
    }
    return values
}

/// Cuts a text at its `---` lines, as apimachinery's YAMLReader does: a separator before a document stays with it, and
/// every line, the last one too, ends in a newline without a carriage return.
private func splitDocuments(_ text: Text) throws(ValuesError) -> [Text] {
    let bytes = withPlainNewlines(text.bytes)
    var documents: [Text] = []
    var start = 0
    var line = 0
    while line < bytes.count {
        let end = bytes[line...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        if bytes[line..<end].starts(with: "---".utf8) {
            let rest = Text(bytes[(line + 3)..<end]).string[...].trimmingSpace
            if !rest.isEmpty, rest.utf8.first != UInt8(ascii: "#") { throw .separator(rest) }
            if line > start {
                documents.append(Text(bytes[start..<line]))
                start = end + 1
            }
        }
        line = end + 1
    }
    if start < bytes.count { documents.append(Text(bytes[start...])) }
    return documents
}

private func withPlainNewlines(_ bytes: [UInt8]) -> [UInt8] {
    let newline = UInt8(ascii: "\n")
    var result = bytes
    if let last = result.last, last != newline { result.append(newline) }
    guard result.contains(UInt8(ascii: "\r")) else { return result }
    return result.enumerated().filter { index, byte in
        byte != UInt8(ascii: "\r") || result[min(index + 1, result.count - 1)] != newline
    }.map(\.element)
}

/// The first map with the second laid over it, maps within maps too.
private func merged(_ first: Mapping, _ second: Mapping) -> Mapping {
    var result = first
    for (key, value) in second {
        if case .map(let over) = value, case .map(let under)? = result[key] {
            result[key] = .map(merged(under, over))
        } else {
            result[key] = value
        }
    }
    return result
}
