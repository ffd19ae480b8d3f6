import Values

/// A block of PEM: bytes in base64 between BEGIN and END lines, as Go's encoding/pem reads and writes it.
struct PEMBlock {
    var type: Text
    var bytes: [UInt8]

    init(type: Text, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }

    /// The first well-formed block in `text`; nil where there is none.
    init?(firstIn text: Text) {
        let lines = text.split(by: "\n")
        for start in lines.indices {
            guard let type = PEMBlock.label(lines[start], "-----BEGIN "),
                let end = lines[(start + 1)...].firstIndex(where: { PEMBlock.label($0, "-----END ") == type })
            else { continue }
            var body = lines[(start + 1)..<end]
            // Headers such as `Proc-Type: 4,ENCRYPTED` may come first.
            while let line = body.first, line.contains(":") { body.removeFirst() }
            let digits = body.flatMap(\.bytes).filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
            guard let bytes = try? Base64.decode(digits) else { continue }
            self.init(type: type, bytes: bytes)
            return
        }
        return nil
    }

    /// The text between `mark` and the dashes at the end of a line.
    private static func label(_ line: Text, _ mark: Text) -> Text? {
        var bytes = line.bytes
        while let last = bytes.last, last == 0x20 || last == 0x09 || last == 0x0D { bytes.removeLast() }
        let line = Text(bytes)
        guard line.hasPrefix(mark), line.hasSuffix("-----"), line.count >= mark.count + 5 else { return nil }
        return line[mark.count..<(line.count - 5)]
    }

    /// The block with 64 digits to a line.
    var text: Text {
        let digits = Text(base64(bytes))
        var result: Text = "-----BEGIN " + type + "-----\n"
        for start in stride(from: 0, to: digits.count, by: 64) {
            result += digits[start..<min(start + 64, digits.count)] + "\n"
        }
        return result + "-----END " + type + "-----\n"
    }
}
