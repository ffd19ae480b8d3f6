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
    let input: [UInt8]
    private var position = 0
    private var hasEvent = false
    private var flowDepth = 0
    private var blockDepth = 0
    /// Whether each open collection is a flow one.
    private var open: [Bool] = []

    /// go-yaml's bound, for flow and block each.
    private static let maximumDepth = 10000
    /// go-yaml reads pieces of this size; a character that cannot be read is found when its piece is.
    private static let piece = 512

    init(_ input: [UInt8]) {
        self.input = input
        parser = .allocate(capacity: 1)
        event = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        event.initialize(to: yaml_event_t())
        yaml_parser_initialize(parser)
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

    /// The next event; what the last one pointed to is gone.
    func next() throws(YAMLError) -> Event {
        if hasEvent {
            yaml_event_delete(event)
            hasEvent = false
        }
        guard yaml_parser_parse(parser, event) == 1 else { throw failure }
        hasEvent = true
        return try translated
    }

    private var failure: YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "unknown problem parsing YAML content"
        guard parser.pointee.error != YAML_READER_ERROR else { return .syntax(line: nil, problem) }
        // go-yaml counts a scanner's lines from 1 and a parser's from 0, and names neither's first line.
        let line = Int(parser.pointee.problem_mark.line)
        let isScanner = parser.pointee.error == YAML_SCANNER_ERROR
        return .syntax(line: line == 0 ? nil : isScanner ? line + 1 : line, EventParser.goTexts[problem] ?? problem)
    }

    /// libyaml's words where go-yaml has others.
    private static let goTexts: [String: String] = [:]

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
                result.text = UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length)
                result.isImplicit = data.scalar.plain_implicit != 0
                return result
            case YAML_SEQUENCE_START_EVENT:
                try enter(isFlow: data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE)
                return make(.sequenceStart, anchor: data.sequence_start.anchor)
            case YAML_MAPPING_START_EVENT:
                try enter(isFlow: data.mapping_start.style == YAML_FLOW_MAPPING_STYLE)
                return make(.mappingStart, anchor: data.mapping_start.anchor)
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

    private func enter(isFlow: Bool) throws(YAMLError) {
        open.append(isFlow)
        if isFlow { flowDepth += 1 } else { blockDepth += 1 }
        guard max(flowDepth, blockDepth) > EventParser.maximumDepth else { return }
        let line = Int(event.pointee.start_mark.line)
        throw .syntax(line: line == 0 ? nil : line + 1, "exceeded max depth of \(EventParser.maximumDepth)")
    }

    private func leave() {
        guard let isFlow = open.popLast() else { return }
        if isFlow { flowDepth -= 1 } else { blockDepth -= 1 }
    }
}
