/// A command line in its plain form, with the same meaning: the command, `--name=value` for each flag in order, and the
/// operands; without the flags of some names, and with others behind them. Only for a line that `parse` understands.
package func plainWords<Request>(
    _ words: [String], with root: Command<Request>, without names: Set<String>, adding more: [String]
) -> [String] {
    var scan = Scan(words, root: root)
    scan.finish()
    scan.checkFlags()
    let flags = scan.uses.filter { !names.contains($0.name) }.map { "--\($0.name)=\($0.value)" }
    let operands = scan.operands.isEmpty ? [] : ["--"] + scan.operands
    return scan.path.dropFirst().map(\.name) + flags + more + operands
}
