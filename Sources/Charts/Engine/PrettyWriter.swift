import GoTemplate
import Values
import YAML

/// Writes what goyaml.v3 makes of a template's value: unlike `toYaml` not by way of JSON, so that integers, floats,
/// bytes and structs keep what they are.
struct PrettyWriter {
    private var emitter = Emitter(.v3)

    var finished: [UInt8] {
        var emitter = emitter
        emitter.finish()
        return emitter.bytes
    }

    mutating func write(_ datum: GoValue) throws(FunctionError) {
        switch datum {
        case .none: emitter.plain("null")
        case .bool(let value): emitter.plain(value ? "true" : "false")
        case .int(_, let type) where type == .duration: emitter.string(formatValue(datum))
        case .int(let number, _): emitter.plain(String(number))
        case .uint(let number, _): emitter.plain(String(number))
        case .float(let number): write(number)
        case .string(let text): emitter.string(text)
        case .list(let list): try write(list)
        case .map(let map): try write(map)
        case .object(let object): try write(object)
        case .complex, .function:
            throw FunctionError(Text("cannot marshal type: \(datum.type?.description ?? "nil")"))
        }
    }

    private mutating func write(_ number: Double) {
        if number.isFinite {
            emitter.plain(String(decoding: floatText(number, UInt8(ascii: "g"), precision: nil), as: UTF8.self))
        } else {
            emitter.plain(number.isNaN ? ".nan" : number < 0 ? "-.inf" : ".inf")
        }
    }

    private mutating func write(_ list: List) throws(FunctionError) {
        emitter.openList(isEmpty: list.elements.isEmpty)
        if list.elements.isEmpty { return }
        for element in list.elements {
            emitter.element()
            try write(element)
        }
        emitter.close()
    }

    private mutating func write(_ map: Map) throws(FunctionError) {
        try write(map.keys.sorted { NaturalOrder.precedes($0.string, $1.string, .v3) }.map { ($0, map[$0] ?? .none) })
    }

    /// A struct's exported fields in their order, under their names in small letters.
    private mutating func write(_ object: any Object) throws(FunctionError) {
        let encoded: GoValue?
        do {
            encoded = try object.encoded()
        } catch {
            throw error as? FunctionError ?? FunctionError(Text(String(describing: error)))
        }
        if case .string(let text)? = encoded {
            if object.type == .time { emitter.plain(text.string) } else { emitter.string(text) }
            return
        }
        let fields = object.fields.filter { $0.name.bytes.first.map { (0x41...0x5A).contains($0) } ?? false }
        try write(fields.map { (Text($0.name.string.lowercased()), $0.value) })
    }

    private mutating func write(_ entries: [(Text, GoValue)]) throws(FunctionError) {
        emitter.openMap(isEmpty: entries.isEmpty)
        if entries.isEmpty { return }
        for (key, value) in entries {
            emitter.key(key)
            try write(value)
        }
        emitter.close()
    }
}
