package import Values
internal import YAML

/// A command's result in every form in which it can be printed.
package struct Output {
    /// For people, by default.
    package let text: () throws -> [UInt8]
    package let value: () throws -> Value
    /// YAML text where it is not what becomes of `value`.
    package var yaml: (() throws -> [UInt8])?
    /// Of a list: its entries' names, as other commands take them.
    package var names: (() throws -> [String])?
    /// Of a list: the text with all columns; `nil` where `text` has all.
    package var wide: (() throws -> String)?
    /// Of a plan: the pages by which it is approved.
    package var pages: ((Format) throws -> [UInt8])?
    /// Whether `text` is for people, not data such as manifests.
    private let isForPeople: Bool

    /// Data such as manifests, which nothing is done to on its way to the terminal.
    package init(text: @escaping () throws -> [UInt8], value: @escaping () throws -> Value) {
        self.text = text
        self.value = value
        isForPeople = false
    }

    /// A text for people.
    package init(_ text: @escaping @autoclosure () throws -> String, value: @escaping () throws -> Value) {
        self.text = { Array(try text().utf8) }
        self.value = value
        isForPeople = true
    }

    /// Prints the wanted format, in one piece.
    package func print(_ format: Format, to console: Console) throws {
        let bytes = try bytes(format)
        if format.isLines, isForPeople {
            try console.print(String(decoding: bytes, as: UTF8.self))
        } else {
            try console.write(bytes)
        }
    }

    /// The bytes in this format.
    package func bytes(_ format: Format) throws -> [UInt8] {
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
