/// The flags that set single values on the command line, in the order in which Helm applies them.
package enum SetFlag: String, CaseIterable, Sendable {
    case json = "--set-json"
    case typed = "--set"
    case string = "--set-string"
    case file = "--set-file"
    case literal = "--set-literal"
}

extension Mapping {
    /// Reads the file that `--set-file` names; throws `SetError`.
    package typealias FileText = (String) throws(SetError) -> String

    /// Applies an expression such as `a.b=1,c[0]=x`. On an error the map holds what had been set until then.
    package mutating func set(
        _ expression: String, as flag: SetFlag = .typed,
        reading file: FileText = { path throws(SetError) in throw SetError("open \(path): no files here") }
    ) throws(SetError) {
        try withoutActuallyEscaping(file) { file throws(SetError) in
            var parser = SetParser(expression, flag, file)
            try parser.parse(into: &self)
        }
    }

    /// Applies one flag of the command line as Helm does, with its error texts: here `--set-json` also takes a whole
    /// object, which is merged.
    package mutating func apply(
        _ expression: String, of flag: SetFlag,
        reading file: FileText = { path throws(SetError) in throw SetError("open \(path): no files here") }
    ) throws(SetError) {
        if flag == .json, let object = SetParser.object(expression) {
            guard case .map(let map)? = try? Value(json: object) else {
                throw SetError("failed parsing --set-json data JSON: \(expression)")
            }
            merge(map)
            return
        }
        do throws(SetError) {
            try set(expression, as: flag, reading: file)
        } catch {
            let reason = flag == .json ? " \(expression)" : ": \(error)"
            throw SetError("failed parsing \(flag.rawValue) data\(reason)")
        }
    }

    /// Lays another map over this one: maps are merged key by key, anything else is replaced (Helm's MergeMaps, for
    /// values files and `--set-json`). A null replaces too; it deletes only when charts' defaults are coalesced.
    package mutating func merge(_ other: Mapping) {
        for (key, value) in other {
            if case .map(let above) = value, case .map(var below)? = self[key] {
                // Remove the entry first, so that its map is changed in place.
                self[key] = .null
                below.merge(above)
                self[key] = .map(below)
            } else {
                self[key] = value
            }
        }
    }
}
