// TOML: BurntSushi/toml v1.6.0's decoder and encoder, as Helm 4.2.3's fromToml and toToml use them.
// Vectors: the feature toml of Tests/Fixtures/vectors/helm.jsonl (TOMLTests).

package import GoTemplate
package import Values

/// Why a text is not TOML, in the words of BurntSushi's decoder.
package struct TOMLError: Error {
    var line: Int
    var key: Text
    var message: Text

    package var text: Text {
        let place: Text = key.isEmpty ? "" : " (last key " + quoted(key) + ")"
        return Text("toml: line \(line)") + place + ": " + message
    }
}

/// Reads a TOML document into what Go decodes into `map[string]interface {}`: int64, float64, time.Time, and
/// `[]map[string]interface {}` for arrays of tables.
package struct TOMLReader {
    private static let maximumParts = 1000

    var scanner: TOMLScanner
    var tables = TOMLTables()

    /// The document as a map.
    package static func map(_ text: Text) throws(TOMLError) -> Map {
        var bytes = text.bytes
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            bytes.removeFirst(2)
        } else if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            bytes.removeFirst(3)
        }
        if bytes.prefix(6).contains(0) {
            let message: Text = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8"
            throw TOMLError(line: 1, key: "", message: message)
        }
        var reader = TOMLReader(scanner: TOMLScanner(bytes))
        return try reader.readDocument()
    }

    private mutating func readDocument() throws(TOMLError) -> Map {
        while true {
            scanner.lastKey = tables.current
            try scanner.skipBlankLines()
            switch scanner.peek {
            case nil: return tables.root.map
            case UInt8(ascii: "#"): try scanner.skipComment()
            case UInt8(ascii: "["): try readHeader()
            default: try readPair()
            }
        }
    }

    private mutating func readHeader() throws(TOMLError) {
        try scanner.next()
        let isArray = scanner.peek == UInt8(ascii: "[")
        if isArray { try scanner.next() }
        var key: [Text] = []
        repeat {
            key.append(try scanner.readHeaderPart())
            if key.count == 1 { tables.line = scanner.keyLine }
        } while try scanner.readHeaderSeparator()
        if isArray, try scanner.next() != UInt8(ascii: "]") {
            throw scanner.failure(
                "expected end of table array name delimiter ']', but got " + scanner.quotedLast + " instead")
        }
        try tables.open(key, isArray: isArray)
        tables.setType("", isArray: false)
        scanner.lastKey = tables.current
        try scanner.finishLine()
    }

    private mutating func readPair() throws(TOMLError) {
        let outer = tables.context
        _ = try readKeyAndValue()
        tables.context = outer
        tables.key = ""
        scanner.lastKey = tables.current
        try scanner.finishLine()
    }

    /// A key, `=` and a value, which is set in the context that the key's first parts lead to.
    private mutating func readKeyAndValue() throws(TOMLError) -> (path: [Text], key: Text, value: TOMLNode) {
        var key: [Text] = []
        try scanner.checkKeyStart()
        repeat {
            key.append(try scanner.readKeyPart())
            if key.count == 1 { tables.line = scanner.keyLine }
        } while try scanner.readKeySeparator()
        let name = key.removeLast()
        tables.key = name
        guard key.count < TOMLReader.maximumParts else { throw scanner.failure("a key has too many parts") }
        for part in key {
            let context = tables.context + [part]
            tables.markImplicit(context)
            try tables.open(context, isArray: false)
        }
        scanner.lastKey = tables.current
        let value = try readValue(inArray: false)
        try tables.set(name, value)
        tables.setType(name, isArray: value.isArray)
        return (key, name, value)
    }

    private mutating func readValue(inArray: Bool) throws(TOMLError) -> TOMLNode {
        try scanner.skipBlanks()
        switch scanner.peek {
        case UInt8(ascii: "["): return try readArray()
        case UInt8(ascii: "{"): return try readInlineTable(inArray: inArray)
        default: return .value(try scanner.readScalar())
        }
    }

    private mutating func readArray() throws(TOMLError) -> TOMLNode {
        try scanner.enter()
        defer { scanner.depth -= 1 }
        try scanner.next()
        tables.setType(tables.key, isArray: true)
        var elements: [TOMLNode] = []
        while true {
            try scanner.skipBlankLinesAndComments()
            if scanner.peek == UInt8(ascii: ",") { throw try scanner.unexpected("unexpected comma") }
            if scanner.peek == UInt8(ascii: "]") { break }
            elements.append(try readValue(inArray: true))
            scanner.lastKey = tables.current
            try scanner.skipBlankLinesAndComments()
            if scanner.peek == UInt8(ascii: "]") { break }
            guard scanner.peek == UInt8(ascii: ",") else {
                throw try scanner.unexpected("expected a comma (',') or array terminator (']'), but got ", naming: "")
            }
            try scanner.next()
        }
        try scanner.next()
        return .array(elements)
    }

    private mutating func readInlineTable(inArray: Bool) throws(TOMLError) -> TOMLNode {
        try scanner.enter()
        defer { scanner.depth -= 1 }
        try scanner.next()
        let table = TOMLTable()
        let (outer, outerKey) = (tables.context, tables.key)
        tables.context.append(tables.key)
        let context = tables.context
        tables.key = ""
        tables.markImplicit(context)
        try tables.open(context, isArray: inArray)
        scanner.lastKey = tables.current
        while try readsInlinePair() {
            let (path, name, value) = try readKeyAndValue()
            try table.set(value, path, name, orFail: { tables.failure(quoted($0) + " is not a table") }, tables.context)
            tables.context = context
            // Go keeps the key as the last one until the next.
            scanner.lastKey = tables.current
            try scanner.skipBlankLinesAndComments()
            if scanner.peek == UInt8(ascii: "}") { break }
            guard scanner.peek == UInt8(ascii: ",") else {
                throw try scanner.unexpected(
                    "expected a comma or an inline table terminator '}', but got ", naming: " instead")
            }
            try scanner.next()
        }
        try scanner.next()
        (tables.context, tables.key) = (outer, outerKey)
        return .table(table)
    }

    /// Whether a pair follows, rather than the table's end.
    private mutating func readsInlinePair() throws(TOMLError) -> Bool {
        try scanner.skipBlankLinesAndComments()
        if scanner.peek == UInt8(ascii: ",") { throw try scanner.unexpected("unexpected comma") }
        return scanner.peek != UInt8(ascii: "}")
    }
}
