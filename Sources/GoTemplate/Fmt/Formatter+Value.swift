import Values

// How values of each kind print: the counterpart of fmt's printArg and printValue.
extension Formatter {
    mutating func print(_ argument: GoValue, _ verb: Verb) {
        if verb == UInt32(ascii: "T") {
            guard let type = argument.type else {
                pad("<nil>".utf8)
                return
            }
            printString(Text(type.description))
            return
        }
        if case .none = argument {
            if verb == UInt32(ascii: "v") { pad("<nil>".utf8) } else { reportBadVerb(verb, .none) }
            return
        }
        if verb == UInt32(ascii: "p") {
            printPointer(argument, verb)
            return
        }
        printValue(argument, verb, depth: 0)
    }

    /// Prints a value inside another (`depth` above 0) or by itself.
    private mutating func printValue(_ value: GoValue, _ verb: Verb, depth: Int) {
        if isFull || printByMethod(value, verb) { return }
        switch value {
        case .none: printNil(.any, verb)
        case .bool(let flag): printBool(flag, value, verb)
        case .int(let number, _):
            printInteger(UInt64(bitPattern: Int64(number)), isSigned: true, value, verb)
        case .uint(let number, _): printInteger(UInt64(number), isSigned: false, value, verb)
        case .float(let number): printFloat(number, value, verb)
        case .complex(let real, let imaginary): printComplex(real, imaginary, value, verb)
        case .string(let text): printString(text, value, verb)
        case .list(let list): printList(list, verb, depth)
        case .map(let map): printMap(map, verb, depth)
        case .object(let object): printObject(object, verb, depth)
        case .function: printPointer(value, verb)
        }
    }

    /// Prints through `String()` or `Error()` where the value has one; a bad `%w` is reported for the whole value.
    private mutating func printByMethod(_ value: GoValue, _ verb: Verb) -> Bool {
        if isReportingBadVerb { return false }
        switch value {
        case .object, .int(_, .named), .uint(_, .named), .list, .map, .function: break
        default: return false
        }
        if verb == UInt32(ascii: "w") {
            reportBadVerb(verb, value)
            return true
        }
        if flags.sharpValue {
            guard case .object(let object) = value, let text = object.goSyntax else { return false }
            printString(text)
            return true
        }
        guard Formatter.textVerbs.contains(verb), let text = methodText(value) else { return false }
        printString(text, value, verb)
        return true
    }

    private static let textVerbs: [Verb] = "vsxXq".unicodeScalars.map(\.value)

    /// A nil of the given static type, inside a list, a map or a struct.
    private mutating func printNil(_ type: GoType, _ verb: Verb) {
        switch type.underlying {
        case .any: output += (flags.sharpValue ? "interface {}(nil)" : "<nil>").utf8
        case .slice: printList(List([], type: type, isNil: true), verb, 1)
        case .map: printMap(Map(type: type, isNil: true), verb, 1)
        default:
            if flags.sharpValue {
                output += "(\(type))(nil)".utf8
            } else if verb == UInt32(ascii: "v") {
                pad("<nil>".utf8)
            } else {
                output += "%!".utf8
                append(verb)
                output += "(\(type)=<nil>)".utf8
            }
        }
    }

    private mutating func printList(_ list: List, _ verb: Verb, _ depth: Int) {
        if let bytes = list.bytes, printBytes(bytes, list, verb) { return }
        if flags.sharpValue {
            output += list.type.description.utf8
            if list.isNil {
                output += "(nil)".utf8
                return
            }
        }
        output.append(UInt8(ascii: flags.sharpValue ? "{" : "["))
        for (index, element) in list.elements.enumerated() {
            if index > 0 { appendSeparator() }
            printValue(element, verb, depth: depth + 1)
        }
        output.append(UInt8(ascii: flags.sharpValue ? "}" : "]"))
    }

    private mutating func appendSeparator() {
        output += (flags.sharpValue ? ", " : " ").utf8
    }

    /// A `[]uint8` prints as text under the verbs of strings; answers whether it did.
    private mutating func printBytes(_ bytes: [UInt8], _ list: List, _ verb: Verb) -> Bool {
        switch verb {
        case UInt32(ascii: "v"), UInt32(ascii: "d"):
            guard flags.sharpValue else { return false }
            output += "[]byte".utf8
            if list.isNil {
                output += "(nil)".utf8
                return true
            }
            output.append(UInt8(ascii: "{"))
            for (index, byte) in bytes.enumerated() {
                if index > 0 { appendSeparator() }
                printHexadecimal(UInt64(byte), hasPrefix: true)
            }
            output.append(UInt8(ascii: "}"))
        case UInt32(ascii: "s"), UInt32(ascii: "x"), UInt32(ascii: "X"), UInt32(ascii: "q"):
            printString(Text(bytes), .list(list), verb)
        default: return false
        }
        return true
    }

    private mutating func printMap(_ map: Map, _ verb: Verb, _ depth: Int) {
        if flags.sharpValue {
            output += map.type.description.utf8
            if map.isNil {
                output += "(nil)".utf8
                return
            }
        }
        output += (flags.sharpValue ? "{" : "map[").utf8
        for (index, key) in map.keys.enumerated() {
            if index > 0 { appendSeparator() }
            printString(key, .string(key), verb)
            output.append(UInt8(ascii: ":"))
            printValue(map[key] ?? GoValue.none, verb, depth: depth + 1)
        }
        output.append(UInt8(ascii: flags.sharpValue ? "}" : "]"))
    }

    private mutating func printObject(_ object: any Object, _ verb: Verb, _ depth: Int) {
        var name = object.type.description
        if name.hasPrefix("*") {
            if depth > 0 {
                printPointer(.object(object), verb)
                return
            }
            name.removeFirst()
            output.append(UInt8(ascii: "&"))
        }
        if flags.sharpValue { output += name.utf8 }
        output.append(UInt8(ascii: "{"))
        for (index, field) in object.fields.enumerated() {
            if index > 0 { appendSeparator() }
            if flags.plusValue || flags.sharpValue {
                field.name.withBytes { output.append(contentsOf: $0) }
                output.append(UInt8(ascii: ":"))
            }
            if case .none = field.value {
                printNil(field.type, verb)
            } else {
                printValue(field.value, verb, depth: depth + 1)
            }
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Addresses vary in Go from run to run; ours are all the same.
    private mutating func printPointer(_ value: GoValue, _ verb: Verb) {
        let address: UInt64 = 0xc000_0000_0000
        switch value {
        case .list, .map, .function: break
        case .object(let object) where object.type.description.hasPrefix("*"): break
        default:
            reportBadVerb(verb, value)
            return
        }
        switch verb {
        case UInt32(ascii: "v") where flags.sharpValue:
            output += "(\(value.type ?? .any))(".utf8
            printHexadecimal(address, hasPrefix: true)
            output.append(UInt8(ascii: ")"))
        case UInt32(ascii: "v"), UInt32(ascii: "p"): printHexadecimal(address, hasPrefix: !flags.sharp)
        case _ where "bodxX".unicodeScalars.contains { $0.value == verb }:
            printInteger(address, isSigned: false, value, verb)
        default: reportBadVerb(verb, value)
        }
    }
}

/// The text of `String()` or `Error()` where the value's type has one.
func methodText(_ value: GoValue) -> Text? {
    switch value {
    case .object(let object): object.text
    case .int(let number, .named(let name, _)): namedIntegerTexts[name]?(number)
    default: nil
    }
}

/// Go's integer types with a `String()`.
private let namedIntegerTexts: [String: @Sendable (Int) -> Text] = [
    "time.Duration": { durationText($0) },
    "time.Month": { monthText($0) },
    "time.Weekday": { weekdayText($0) },
]
