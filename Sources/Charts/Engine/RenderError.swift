import GoTemplate
import Values

extension RenderError {
    /// A text that does not parse: its place and the last part of the message.
    static func parse(_ message: Text, of path: Text) -> RenderError {
        let parts = message.split(": ")
        guard parts.count > 1 else { return RenderError("parse error in (" + path + "): " + message) }
        return RenderError("parse error at (" + parts[1] + "): " + parts[parts.count - 1])
    }

    /// A template that fails. The messages of `fail` and `required` are printed alone; a chain of errors that all come
    /// from templates is spread over lines; one that ends in a function's own error stays as Go words it.
    static func execution(_ error: any Error, of path: Text) -> RenderError {
        guard let error = error as? ExecutionError, error.isPlaced else { return RenderError(messageText(error)) }
        let message = error.message
        let parts = message.split(": ", most: 3)
        guard parts.count == 3 else { return RenderError("execution error in (" + path + "): " + message) }
        if let text = parts[2].between(EngineFunctions.messageStart, EngineFunctions.messageEnd) {
            return RenderError("execution error at (" + parts[1] + "): " + text)
        }
        guard let traces = traces(of: error) else { return RenderError(message) }
        return RenderError(traces.reduce("") { $0 + $1.text }.trimmed)
    }

    private static func traces(of error: ExecutionError) -> [Trace]? {
        // The innermost error decides most often, and is the shortest to look at.
        guard Trace(messageText(error.innermost)) != nil else { return nil }
        var traces: [Trace] = []
        var next: (any Error)? = error
        while let error = next {
            guard let trace = Trace(messageText(error)) else { return nil }
            if traces.last != trace { traces.append(trace) }
            next = (error as? ExecutionError)?.cause
        }
        return traces
    }
}

extension ExecutionError {
    fileprivate var innermost: any Error {
        var error = self
        while let cause = error.cause {
            guard let next = cause as? ExecutionError else { return cause }
            error = next
        }
        return error
    }
}

/// One error of a chain, taken apart as Helm does.
private struct Trace: Equatable {
    var location: Text = ""
    var function: Text = ""
    var message: Text = ""

    /// `nil` where the text is not one of a template's errors.
    init?(_ text: Text) {
        guard let rest = text.removingPrefix("template: ") else { return nil }
        if rest.removingPrefix("no template ") != nil {
            message = text
        } else if let (place, after) = rest.cut(": executing "), let place = Trace(place: place, after) {
            self = place
        } else if let separator = rest.lastPosition(of: ": ") {
            location = rest[0..<separator]
            message = Trace.withoutNext(rest[separator + 2..<rest.count])
        } else {
            return nil
        }
    }

    /// `"name" at <node>: message`
    private init?(place: Text, _ rest: Text) {
        guard let quoted = rest.removingPrefix("\""), let (name, after) = quoted.cut("\""),
            let context = after.removingPrefix(" at <"), let (node, message) = context.cut(">: ")
        else { return nil }
        location = place
        function = "executing \"" + name + "\" at <" + node + ">:"
        self.message = Trace.withoutNext(message)
    }

    /// The message without that of the error inside.
    private static func withoutNext(_ message: Text) -> Text {
        message.cut(" template:")?.before ?? message
    }

    var text: Text {
        (location.isEmpty ? "" : location + "\n  ") + (function.isEmpty ? "" : function + "\n    ")
            + (message.isEmpty ? "" : message + "\n")
    }
}

// MARK: Cutting texts

extension Text {
    private func position(of pattern: Text, from start: Int = 0) -> Int? {
        let pattern = pattern.bytes
        return withBytes { bytes in
            var index = start
            while index + pattern.count <= bytes.count {
                if bytes[index] == pattern[0], bytes[index..<index + pattern.count].elementsEqual(pattern) {
                    return index
                }
                index += 1
            }
            return nil
        }
    }

    fileprivate func lastPosition(of pattern: Text) -> Int? {
        let pattern = pattern.bytes
        return withBytes { bytes in
            guard bytes.count >= pattern.count else { return nil }
            return (0...bytes.count - pattern.count).last { bytes[$0..<$0 + pattern.count].elementsEqual(pattern) }
        }
    }

    fileprivate func cut(_ separator: Text) -> (before: Text, after: Text)? {
        guard let position = position(of: separator) else { return nil }
        return (self[0..<position], self[position + separator.count..<count])
    }

    fileprivate func split(_ separator: Text, most: Int = .max) -> [Text] {
        var parts: [Text] = []
        var start = 0
        while parts.count + 1 < most, let position = position(of: separator, from: start) {
            parts.append(self[start..<position])
            start = position + separator.count
        }
        return parts + [self[start..<count]]
    }

    fileprivate func removingPrefix(_ prefix: Text) -> Text? {
        count >= prefix.count && self[0..<prefix.count] == prefix ? self[prefix.count..<count] : nil
    }

    /// The text between the first `start` and the last `end`.
    fileprivate func between(_ start: Text, _ end: Text) -> Text? {
        guard let first = position(of: start), let last = lastPosition(of: end), last >= first + start.count else {
            return nil
        }
        return self[first + start.count..<last]
    }

    /// Without white space at both ends.
    fileprivate var trimmed: Text {
        withBytes { bytes in
            let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
            guard let first = bytes.firstIndex(where: { !isSpace($0) }),
                let last = bytes.lastIndex(where: { !isSpace($0) })
            else { return "" }
            return Text(UnsafeBufferPointer(rebasing: bytes[first...last]))
        }
    }
}
