import Values

/// A parsed text: what error messages quote, and the place of each node of its syntax trees.
final class Source {
    /// The name given to the whole text: a file's path.
    let name: Text
    let bytes: [UInt8]
    /// The places of nodes, by their number.
    private(set) var nodes: [(offset: Int, node: any Printable)] = []

    init(name: Text, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    func text(_ range: Range<Int>) -> Text {
        bytes.withUnsafeBufferPointer { Text(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// The number under which errors find the node.
    func add(_ node: any Printable, at offset: Int) -> NodeNumber {
        nodes.append((offset, node))
        return nodes.count - 1
    }

    /// The number that the next node will get.
    var nextNumber: NodeNumber { nodes.count }

    /// The line at a place, from 1; 0 for a negative place.
    func line(at place: Int) -> Int {
        place < 0 ? 0 : bytes[..<place].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    }

    /// `file:line:column` of a node; the column counts bytes from 0, as Go's does.
    func location(of number: NodeNumber) -> Text {
        let before = bytes[..<nodes[number].offset]
        let line = self.line(at: before.count)
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)
        return name + Text(":\(line):\(column)")
    }

    /// The node as Go prints it.
    func description(of number: NodeNumber) -> Text {
        var result: [UInt8] = []
        nodes[number].node.print(into: &result)
        return Text(result)
    }
}

typealias NodeNumber = Int

/// A part of a template that error messages quote.
protocol Printable {
    /// Appends the node's normalised text, Go's `String()`.
    func print(into result: inout [UInt8])
}
