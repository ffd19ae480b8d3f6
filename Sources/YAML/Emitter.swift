package import Values

/// Writes YAML piece by piece, laid out and quoted as go-yaml's emitter does it: block style, a width of 80 columns.
package struct Emitter {
    /// The two versions of go-yaml that Helm writes with.
    package enum Flavor: Sendable {
        /// goyaml.v2, for `toYaml`: a list under a key is not indented.
        case v2
        /// goyaml.v3 with an indentation of 2, for `toYamlPretty`.
        case v3
    }

    /// What the next node is part of.
    enum Context {
        case root, sequence, mapping, simpleKey
    }

    package let flavor: Flavor
    package private(set) var bytes: [UInt8] = []
    /// In characters.
    var column = 0
    var indent = -1
    private var indents: [Int] = []
    /// Whether the last character was white space, and whether the line so far is indentation and indicators only.
    var isWhitespace = true
    var isIndention = true
    var context = Context.root

    /// Where lines fold; v3 never folds.
    var width: Int { flavor == .v2 ? 80 : .max }
    static let step = 2

    package init(_ flavor: Flavor) {
        self.flavor = flavor
    }

    package mutating func openList(isEmpty: Bool) {
        if isEmpty { return flow("[]") }
        // Not indented behind `key:` on the same line.
        push(isIndentless: flavor == .v2 && context == .mapping && !isIndention)
    }

    package mutating func openMap(isEmpty: Bool) {
        if isEmpty { return flow("{}") }
        push()
    }

    /// To be called before each element of a list.
    package mutating func element() {
        writeIndent()
        indicator("-", needsSpace: true, isIndention: true)
        context = .sequence
    }

    /// To be called before each value of a map; the caller brings the keys in order.
    package mutating func key(_ key: Text) {
        key.withBytes { self.key($0) }
    }

    mutating func key(_ text: UnsafeBufferPointer<UInt8>) {
        writeIndent()
        let analysis = ScalarAnalysis(text, flavor)
        if !analysis.isMultiline, text.count <= 128 {
            context = .simpleKey
            string(text, analysis)
            indicator(":")
        } else {
            indicator("?", needsSpace: true, isIndention: true)
            context = .mapping
            string(text, analysis)
            writeIndent()
            indicator(":", needsSpace: true, isIndention: true)
        }
        context = .mapping
    }

    /// Ends a list or a map that was not empty.
    package mutating func close() {
        indent = indents.popLast() ?? -1
    }

    /// Ends the document with a newline.
    package mutating func finish() {
        indent = -1
        writeIndent()
    }

    /// Text that is a number, a boolean or null: written as it is.
    package mutating func plain(_ text: String) {
        if !isWhitespace { put(UInt8(ascii: " ")) }
        put(text)
        isWhitespace = false
        isIndention = false
    }

    package mutating func string(_ text: Text) {
        guard text.isValidUTF8 else { return binary(text) }
        text.withBytes { string($0, ScalarAnalysis($0, flavor)) }
    }

    /// Runs `body` with the indentation that a scalar's further lines get.
    mutating func indented(_ body: (inout Emitter) -> Void) {
        push(isFlow: true)
        body(&self)
        close()
    }

    private mutating func push(isIndentless: Bool = false, isFlow: Bool = false) {
        indents.append(indent)
        if indent < 0 {
            indent = isFlow ? Emitter.step : 0
        } else if !isIndentless {
            indent += Emitter.step
        }
    }

    private mutating func flow(_ brackets: String) {
        if !isWhitespace { put(UInt8(ascii: " ")) }
        put(brackets)
        isWhitespace = false
        isIndention = false
    }
}

/// Characters and layout.
extension Emitter {
    mutating func put(_ byte: UInt8) {
        bytes.append(byte)
        column += 1
    }

    /// ASCII text.
    mutating func put(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        column += text.utf8.count
    }

    /// One character of a scalar.
    mutating func put(_ text: UnsafeBufferPointer<UInt8>, _ offset: inout Int) {
        let width = utf8Width(text[offset])
        bytes.append(contentsOf: text[offset..<offset + width])
        column += 1
        offset += width
    }

    mutating func putAll(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: text)
        for byte in text where byte & 0xC0 != 0x80 { column += 1 }
    }

    mutating func putBreak() {
        bytes.append(UInt8(ascii: "\n"))
        column = 0
        if flavor == .v3 { isIndention = true }
    }

    /// A line break of a scalar: a newline, or one of Unicode's as it is.
    mutating func putBreak(_ text: UnsafeBufferPointer<UInt8>, _ offset: inout Int) {
        if text[offset] == UInt8(ascii: "\n") {
            putBreak()
            offset += 1
        } else {
            put(text, &offset)
            column = 0
        }
        isIndention = true
    }

    mutating func writeIndent() {
        let indent = max(self.indent, 0)
        if !isIndention || column > indent || column == indent && !isWhitespace { putBreak() }
        while column < indent { put(UInt8(ascii: " ")) }
        isWhitespace = true
        isIndention = true
    }

    mutating func indicator(_ text: String, needsSpace: Bool = false, isIndention: Bool = false) {
        if needsSpace, !isWhitespace { put(UInt8(ascii: " ")) }
        put(text)
        isWhitespace = false
        self.isIndention = self.isIndention && isIndention
    }
}
