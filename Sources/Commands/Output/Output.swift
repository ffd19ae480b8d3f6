import Operations
import Terminal
import Values
import YAML

/// A command's result in every form in which it can be printed.
struct Output {
    /// For people, by default.
    let text: () throws -> [UInt8]
    let value: () throws -> Value
    /// YAML text where it is not what becomes of `value`.
    var yaml: (() throws -> [UInt8])?
    /// Of a list: its entries' names, as other commands take them.
    var names: (() throws -> [String])?
    /// Of a list: the text with all columns; `nil` where `text` has all.
    var wide: (() throws -> String)?
    /// Of a plan: the pages by which it is approved.
    var pages: ((Format) throws -> [UInt8])?
    /// Whether `text` is for people, not data such as manifests.
    private let isForPeople: Bool

    init(text: @escaping () throws -> [UInt8], value: @escaping () throws -> Value) {
        self.text = text
        self.value = value
        isForPeople = false
    }

    init(_ text: @escaping @autoclosure () throws -> String, value: @escaping () throws -> Value) {
        self.text = { Array(try text().utf8) }
        self.value = value
        isForPeople = true
    }

    /// Prints the wanted format, in one piece.
    func print(_ format: Format, to console: Console) throws {
        let bytes = try bytes(format)
        if format.isLines, isForPeople {
            try console.print(String(decoding: bytes, as: UTF8.self))
        } else {
            try console.write(bytes)
        }
    }

    func bytes(_ format: Format) throws -> [UInt8] {
        switch format {
        case .text: try text()
        case .wide: try wide.map { Array(try $0().utf8) } ?? text()
        case .name: try names.map { Array(try $0().map { $0.onOneLine + "\n" }.joined().utf8) } ?? text()
        case .markdown, .html: try pages?(format) ?? text()
        case .yaml: try yaml?() ?? value().yamlBytes()
        case .json: Array((try value().json(escapingHTML: false, indentation: .init()) + "\n").utf8)
        }
    }
}

extension Request {
    /// Prints a result in the wanted format, in one piece; returns the exit code of success.
    func print(_ output: Output) throws -> Int32 {
        try output.print(format, to: console)
        return 0
    }

    /// Prints data as it is.
    func print(_ bytes: [UInt8]) throws -> Int32 {
        try console.write(bytes)
        return 0
    }
}
