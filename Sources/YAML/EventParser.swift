internal import CYAML

/// A place in a stream: lines and columns from 0, columns in characters.
struct Mark {
    var line = 0
    var column = 0
}

/// A part of a stream. Its texts lie in the parser's memory and hold only until the next event is asked for.
struct Event {
    enum Kind {
        case none, streamStart, streamEnd, documentStart, documentEnd
        case alias, scalar, sequenceStart, sequenceEnd, mappingStart, mappingEnd
    }

    var kind: Kind
    var start: Mark
    /// An alias's target, or the name given to a node.
    var anchor: String?
    /// The tag in its long form; empty where there is none.
    var tag = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// Whether a scalar's type follows from its text: it is plain and has no tag.
    var isImplicit = false
}

/// libyaml's parser over a text that it owns: the only place that knows libyaml.
///
/// Errors get the words and lines of go-yaml v2, and what libyaml has learnt to accept since is refused as there.
final class EventParser {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let event: UnsafeMutablePointer<yaml_event_t>
    /// The text as it was given, and as it is read.
    let original: [UInt8]
    private var input: [UInt8]
    private let mayHoldSlashEscapes: Bool
    /// A place in the input by the index of its character, to go on from.
    private var cursor = (index: 0, offset: 0)
    private var position = 0
    private var hasEvent = false
    private var flowDepth = 0
    private var blockDepth = 0
    private var open: [OpenCollection] = []
    /// libyaml looks at every open flow level for each token; this sum bounds the time that takes.
    private var work = 0
    private static let mostWork = 500_000_000
    /// The events handed out so far, to be passed over when a repaired text is read from its start.
    private var delivered = 0
    private var repairs = 0
    /// The text of an event with a repair taken back.
    private var restored: [UInt8] = []

    private struct OpenCollection {
        var isFlow: Bool
        var isMap: Bool
        /// The nodes in it so far.
        var count = 0
    }

    /// go-yaml's bound, for flow and block each.
    private static let maximumDepth = 10000
    /// go-yaml reads pieces of this size; a character that cannot be read is found when its piece is.
    private static let piece = 512

    init(_ input: [UInt8]) {
        original = input
        self.input = input
        cursor.offset = input.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let isUTF16 = input.starts(with: [0xFF, 0xFE]) || input.starts(with: [0xFE, 0xFF])
        mayHoldSlashEscapes = !isUTF16 && zip(input, input.dropFirst()).contains { $0 == 0x5C && $1 == 0x2F }
        parser = .allocate(capacity: 1)
        event = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        event.initialize(to: yaml_event_t())
        start()
    }

    /// Puts libyaml at the start of the input.
    private func start() {
        yaml_parser_initialize(parser)
        position = 0
        let context = Unmanaged.passUnretained(self).toOpaque()
        yaml_parser_set_input(
            parser,
            { context, buffer, size, read in
                guard let context, let buffer, let read else { return 0 }
                let parser = Unmanaged<EventParser>.fromOpaque(context).takeUnretainedValue()
                read.pointee = parser.read(into: buffer, size)
                return 1
            }, context)
    }

    deinit {
        if hasEvent { yaml_event_delete(event) }
        yaml_parser_delete(parser)
        parser.deallocate()
        event.deallocate()
    }

    private func read(into buffer: UnsafeMutablePointer<UInt8>, _ size: Int) -> Int {
        let count = min(size, EventParser.piece, input.count - position)
        input.withUnsafeBufferPointer { bytes in
            if let base = bytes.baseAddress { buffer.update(from: base + position, count: count) }
        }
        position += count
        return count
    }

    /// The next event; the memory of the last one is released.
    func next() throws(YAMLError) -> Event {
        discardEvent()
        while yaml_parser_parse(parser, event) != 1 {
            guard repair() else { throw unfinishedKeyFailure ?? versionFailure ?? failure }
        }
        hasEvent = true
        delivered += 1
        work += flowDepth
        guard work < EventParser.mostWork else { throw .value("document is nested too deeply for its size") }
        return try translated
    }

    private func discardEvent() {
        if hasEvent { yaml_event_delete(event) }
        hasEvent = false
    }

    private var failure: YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "unknown problem parsing YAML content"
        guard parser.pointee.error != YAML_READER_ERROR else { return .syntax(line: nil, problem) }
        // go-yaml counts a scanner's lines from 1 and a parser's from 0, and names neither's first line.
        let line = Int(parser.pointee.problem_mark.line)
        let isScanner = parser.pointee.error == YAML_SCANNER_ERROR
        return .syntax(line: line == 0 ? nil : isScanner ? line + 1 : line, problem)
    }

    private var translated: Event {
        get throws(YAMLError) {
            let data = event.pointee.data
            switch event.pointee.type {
            case YAML_STREAM_START_EVENT: return make(.streamStart)
            case YAML_STREAM_END_EVENT: return make(.streamEnd)
            case YAML_DOCUMENT_START_EVENT:
                try check(data.document_start.version_directive)
                return make(.documentStart)
            case YAML_DOCUMENT_END_EVENT: return make(.documentEnd)
            case YAML_ALIAS_EVENT: return make(.alias, anchor: data.alias.anchor)
            case YAML_SCALAR_EVENT:
                var result = make(.scalar, anchor: data.scalar.anchor, tag: data.scalar.tag)
                result.text = restoring(UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length))
                result.isImplicit = data.scalar.plain_implicit != 0
                try checkScalar(data.scalar.style, result)
                return result
            case YAML_SEQUENCE_START_EVENT:
                let start = make(.sequenceStart, anchor: data.sequence_start.anchor)
                try enter(isFlow: data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE, isMap: false)
                return start
            case YAML_MAPPING_START_EVENT:
                let start = make(.mappingStart, anchor: data.mapping_start.anchor)
                try enter(isFlow: data.mapping_start.style == YAML_FLOW_MAPPING_STYLE, isMap: true)
                return start
            case YAML_SEQUENCE_END_EVENT:
                leave()
                return make(.sequenceEnd)
            case YAML_MAPPING_END_EVENT:
                leave()
                return make(.mappingEnd)
            default: return make(.none)
            }
        }
    }

    private func make(
        _ kind: Event.Kind, anchor: UnsafeMutablePointer<UInt8>? = nil, tag: UnsafeMutablePointer<UInt8>? = nil
    ) -> Event {
        let mark = event.pointee.start_mark
        let isNode = kind == .scalar || kind == .alias || kind == .sequenceStart || kind == .mappingStart
        if isNode, let last = open.indices.last { open[last].count += 1 }
        var result = Event(kind: kind, start: Mark(line: Int(mark.line), column: Int(mark.column)))
        result.anchor = anchor.map { String(cString: $0) }
        if let tag {
            var length = 0
            while tag[length] != 0 { length += 1 }
            result.tag = UnsafeBufferPointer(start: tag, count: length)
        }
        return result
    }

    /// libyaml also takes YAML 1.2, which go-yaml v2 refuses.
    private func check(_ version: UnsafeMutablePointer<yaml_version_directive_t>?) throws(YAMLError) {
        guard let version, (version.pointee.major, version.pointee.minor) != (1, 1) else { return }
        let line = Int(event.pointee.start_mark.line)
        throw .syntax(line: line == 0 ? nil : line, "found incompatible YAML document")
    }

    private func enter(isFlow: Bool, isMap: Bool) throws(YAMLError) {
        open.append(OpenCollection(isFlow: isFlow, isMap: isMap))
        if isFlow { flowDepth += 1 } else { blockDepth += 1 }
        guard max(flowDepth, blockDepth) > EventParser.maximumDepth else { return }
        let line = Int(event.pointee.start_mark.line)
        throw .syntax(line: line == 0 ? nil : line + 1, "exceeded max depth of \(EventParser.maximumDepth)")
    }

    private func leave() {
        guard let last = open.popLast() else { return }
        if last.isFlow { flowDepth -= 1 } else { blockDepth -= 1 }
    }
}

/// What today's libyaml takes otherwise than the older one that go-yaml is a port of.
extension EventParser {
    /// Stands for a colon in a text that is read again; never in a text that is repaired.
    private static let placeholder = Array("\u{F8FF}".utf8)
    private static let mostRepairs = 100

    /// go-yaml lets a colon before `,`, `[`, `{` and so on be part of a plain scalar, and `,`, `[`, `]` of a tag, which
    /// libyaml refuses. Replaces such a character, and reads the text again up to where it was. False where something
    /// else is wrong.
    private func repair() -> Bool {
        guard parser.pointee.error == YAML_SCANNER_ERROR, let problem = parser.pointee.problem,
            repairs < EventParser.mostRepairs, repairs * input.count < EventParser.mostWork / 10,
            let offset = offset(of: parser.pointee.problem_mark),
            let replacement = replacement(at: offset, String(cString: problem))
        else { return false }
        repairs += 1
        input.replaceSubrange(offset...offset, with: replacement)
        yaml_parser_delete(parser)
        start()
        cursor = (0, input.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        for _ in 0..<delivered {
            guard yaml_parser_parse(parser, event) == 1 else { return false }
            yaml_event_delete(event)
        }
        return true
    }

    private func replacement(at offset: Int, _ problem: String) -> [UInt8]? {
        switch (problem, input[offset]) {
        case ("found unknown escape character", UInt8(ascii: "\\")):
            // `\'` is an apostrophe to go-yaml.
            return input[offset...].dropFirst().first == UInt8(ascii: "'") ? [] : nil
        case ("found unexpected ':'", UInt8(ascii: ":")):
            return repairs > 0 || !contains(EventParser.placeholder) ? EventParser.placeholder : nil
        case ("did not find expected whitespace or line break", UInt8(ascii: ",")): return Array("%2C".utf8)
        case ("did not find expected whitespace or line break", UInt8(ascii: "[")): return Array("%5B".utf8)
        case ("did not find expected whitespace or line break", UInt8(ascii: "]")): return Array("%5D".utf8)
        default: return nil
        }
    }

    private func restoring(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let mark = EventParser.placeholder
        guard repairs > 0, text.count >= mark.count else { return text }
        restored.removeAll(keepingCapacity: true)
        var index = 0
        while index < text.count {
            if text[index] == mark[0], text[index...].starts(with: mark) {
                restored.append(UInt8(ascii: ":"))
                index += mark.count
            } else {
                restored.append(text[index])
                index += 1
            }
        }
        guard let value = event.pointee.data.scalar.value, restored.count <= text.count else { return text }
        // The event owns room for the longer text.
        for (index, byte) in restored.enumerated() { value[index] = byte }
        return UnsafeBufferPointer(start: value, count: restored.count)
    }

    /// Refuses what go-yaml does not take: `\/` in double quotes, and `?` within a plain scalar in flow, where it is
    /// always an indicator.
    private func checkScalar(_ style: yaml_scalar_style_t, _ scalar: Event) throws(YAMLError) {
        if mayHoldSlashEscapes, style == YAML_DOUBLE_QUOTED_SCALAR_STYLE {
            let (start, end) = (advance(to: event.pointee.start_mark), advance(to: event.pointee.end_mark))
            var line = scalar.start.line
            var index = start
            while index + 1 < end {
                if input[index] == UInt8(ascii: "\n") { line += 1 }
                guard input[index] == UInt8(ascii: "\\") else {
                    index += 1
                    continue
                }
                if input[index + 1] == UInt8(ascii: "/") {
                    throw .syntax(line: line == 0 ? nil : line + 1, "found unknown escape character")
                }
                index += input[index + 1] == UInt8(ascii: "\n") ? 1 : 2
            }
        }
        guard style == YAML_PLAIN_SCALAR_STYLE, let last = open.last, last.isFlow,
            scalar.text.dropFirst().contains(UInt8(ascii: "?"))
        else { return }
        let line = Int(event.pointee.end_mark.line)
        throw .syntax(
            line: line == 0 ? nil : line,
            last.isMap ? "did not find expected ',' or '}'" : "did not find expected ',' or ']'")
    }

    /// The place of a mark that is not before the last one asked for.
    private func advance(to mark: yaml_mark_t) -> Int {
        while cursor.index < Int(mark.index), cursor.offset < input.count {
            cursor.offset += utf8Width(input[cursor.offset])
            cursor.index += 1
        }
        return min(cursor.offset, input.count)
    }

    private func contains(_ bytes: [UInt8]) -> Bool {
        input.indices.contains { input[$0] == bytes[0] && input[$0...].starts(with: bytes) }
    }

    /// go-yaml hands out the bracket of an empty collection at once, without waiting for a `:` behind it, so that the
    /// grammar complains of the bracket where libyaml complains that the key is unfinished.
    private var unfinishedKeyFailure: YAMLError? {
        guard parser.pointee.error == YAML_SCANNER_ERROR, let problem = parser.pointee.problem,
            String(cString: problem) == "could not find expected ':'", let last = open.last, !last.isFlow,
            !last.isMap || last.count % 2 == 0, let offset = offset(of: parser.pointee.context_mark)
        else { return nil }
        let bracket = input[offset]
        guard bracket == UInt8(ascii: "[") || bracket == UInt8(ascii: "{") else { return nil }
        let next = input[(offset + 1)...].first { !" \t\r\n".utf8.contains($0) }
        guard next == bracket + 2 || next == UInt8(ascii: "?") else { return nil }
        let line = Int(parser.pointee.context_mark.line)
        let problemText = last.isMap ? "did not find expected key" : "did not find expected '-' indicator"
        return .syntax(line: line == 0 ? nil : line, problemText)
    }

    /// go-yaml looks at a directive's version before it looks for the document's start.
    private var versionFailure: YAMLError? {
        guard let problem = parser.pointee.problem,
            String(cString: problem) == "did not find expected <document start>",
            let end = offset(of: parser.pointee.problem_mark, orEnd: true)
        else { return nil }
        let lines = input[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (line, text) in lines.enumerated() where text.starts(with: "%YAML".utf8) {
            let version = text.dropFirst(5).drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard version.starts(with: "1.1".utf8) else {
                return .syntax(line: line == 0 ? nil : line, "found incompatible YAML document")
            }
        }
        return nil
    }

    /// The place of a mark in the input; none in UTF-16.
    private func offset(of mark: yaml_mark_t, orEnd: Bool = false) -> Int? {
        if input.starts(with: [0xFF, 0xFE]) || input.starts(with: [0xFE, 0xFF]) { return nil }
        var offset = input.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var left = Int(mark.index)
        while offset < input.count, left > 0 {
            offset += utf8Width(input[offset])
            left -= 1
        }
        return offset < input.count || orEnd ? min(offset, input.count) : nil
    }
}
