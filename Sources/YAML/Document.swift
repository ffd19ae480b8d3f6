// YAML: sigs.k8s.io/yaml v1.6.0 over go.yaml.in/yaml v2.4.3, as Helm 4.2.3 reads and writes; libyaml scans.
// Vectors: Tests/Fixtures/vectors/yaml.jsonl (YAMLTests).

package import Values

/// One document of a stream.
package struct Document: Sendable {
    package var value: Value
    /// The place of each value; only where it was asked for.
    package var places: Places?
    /// Keys given twice in one map, the earlier without effect; only where it was asked for.
    package var duplicates: [DuplicateKey] = []
}

/// A place in a text: line and column from 1, columns in characters.
package struct Place: Equatable, Sendable {
    package var line: Int
    package var column: Int

    init(_ mark: Mark) {
        line = mark.line + 1
        column = mark.column + 1
    }
}

/// A key that a map has twice.
package struct DuplicateKey: Equatable, Sendable {
    package var key: String
    package var first: Place
    package var second: Place
}

/// The places of a value, of its key, and of what it holds: the shape of the `Value` they belong to.
package struct Places: Sendable {
    package var value: Place
    package var key: Place?
    package var entries: [String: Places] = [:]
    package var elements: [Places] = []

    init(value: Place) {
        self.value = value
    }

    /// The places along a path of keys, `nil` as soon as one is missing; a list's elements go by their index.
    package subscript(_ path: some Collection<String>) -> Places? {
        guard let first = path.first else { return self }
        let next = entries[first] ?? Int(first).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
        return next?[path.dropFirst()]
    }
}

/// How a text is to be read.
package struct ReadingOptions: Sendable {
    package var numbers: NumberMode
    /// Whether to record places and duplicate keys, which costs time and memory.
    package var recordsPlaces: Bool
    /// Whether an integer beyond int64 is given as its text, as a Go struct with a string in that place gets it.
    package var keepsLargeIntegers: Bool

    package init(numbers: NumberMode = .float64, recordsPlaces: Bool = false, keepsLargeIntegers: Bool = false) {
        self.numbers = numbers
        self.recordsPlaces = recordsPlaces
        self.keepsLargeIntegers = keepsLargeIntegers
    }
}

/// Reads the documents of a YAML stream one after the other, as sigs.k8s.io/yaml makes JSON values of them.
package struct DocumentReader {
    private let parser: EventParser
    /// The documents read so far.
    private var count = 0
    private let options: ReadingOptions

    package init(_ text: String, options: ReadingOptions = ReadingOptions()) {
        self.init(Array(text.utf8), options: options)
    }

    package init(_ bytes: [UInt8], options: ReadingOptions = ReadingOptions()) {
        parser = EventParser(bytes)
        self.options = options
    }

    /// The next document, `nil` behind the last; after an error there is none.
    package mutating func next() throws(YAMLError) -> Document? {
        while true {
            switch try parser.next().kind {
            case .streamEnd: return nil
            case .documentStart:
                count += 1
                var composer = Composer(parser, options)
                do throws(YAMLError) {
                    return try composer.compose()
                } catch {
                    if case .invalidKey = error { throw try detailed(error) }
                    if composer.showsValue { throw try detailed(error) }
                    throw error
                }
            default: break
            }
        }
    }

    /// The error of a collection as a key, with the key as Go prints it: the document is read once more to find that.
    private func detailed(_ error: YAMLError) throws(YAMLError) -> YAMLError {
        let parser = EventParser(parser.original)
        var left = count
        while left > 0 {
            if try parser.next().kind == .documentStart { left -= 1 }
        }
        var composer = Composer(parser, options, printsGoSyntax: true)
        do throws(YAMLError) {
            _ = try composer.compose()
            return error
        } catch {
            return error
        }
    }
}

extension Value {
    /// The first document of a text, null where there is none; what follows it is not even read, as with Go's
    /// `yaml.Unmarshal`.
    package init(yaml text: String, numbers: NumberMode = .float64) throws(YAMLError) {
        var reader = DocumentReader(text, options: ReadingOptions(numbers: numbers))
        self = try reader.next()?.value ?? .null
    }

    package init(yaml bytes: [UInt8], numbers: NumberMode = .float64) throws(YAMLError) {
        var reader = DocumentReader(bytes, options: ReadingOptions(numbers: numbers))
        self = try reader.next()?.value ?? .null
    }
}
