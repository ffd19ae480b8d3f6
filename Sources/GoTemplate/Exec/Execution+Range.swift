import Values

extension Execution {
    func walkRange(_ branch: Branch, dot: Reflection) throws -> Flow {
        let mark = variables.count
        defer { variables.removeLast(variables.count - mark) }
        let value = try evaluate(branch.pipeline, dot: dot).datum
        if try !iterate(over: value, branch), let otherwise = branch.otherwise {
            return try walk(otherwise, dot: dot)
        }
        return .through
    }

    /// Runs the body for each element; `false` where there is none.
    private func iterate(over value: GoValue, _ branch: Branch) throws -> Bool {
        switch value {
        case .none: return false
        case .int(let count, let type):
            return try self.count(upTo: count, of: value, branch) { .int($0, type) }
        case .uint(let count, let type):
            return try self.count(upTo: Int(clamping: count), of: value, branch) { .uint(UInt($0), type) }
        case .list(let list):
            let isInterface = list.type.element == .any
            for (index, element) in list.elements.enumerated() {
                let element = Reflection(element, isInterface: isInterface)
                if try runBody(branch, key: Reflection(.int(index)), element: element) { break }
            }
            return !list.elements.isEmpty
        case .map(let map): return try iterate(over: map, branch)
        default: throw failure("range can't iterate over " + formatValue(value))
        }
    }

    private func iterate(over map: Map, _ branch: Branch) throws -> Bool {
        let isInterface = map.type.element == .any
        // The body may change the map; Go visits what it held at the start.
        let (keys, entries) = (map.keys, map.entries)
        for key in keys {
            let element = Reflection(entries[key] ?? .none, isInterface: isInterface)
            if try runBody(branch, key: Reflection(.string(key)), element: element) { break }
        }
        return !keys.isEmpty
    }

    private func count(
        upTo limit: Int, of value: GoValue, _ branch: Branch, _ datum: (Int) -> GoValue
    ) throws -> Bool {
        if branch.pipeline.declarations.count > 1 {
            throw failure("can't use " + formatValue(value) + " to iterate over more than one variable")
        }
        var index = 0
        while index < limit {
            if try runBody(branch, key: .invalid, element: Reflection(datum(index))) { break }
            index += 1
        }
        return limit > 0
    }

    /// One iteration; `true` where the body breaks the loop.
    private func runBody(_ branch: Branch, key: Reflection, element: Reflection) throws -> Bool {
        try spendSteps()
        let mark = variables.count
        try setVariables(of: branch.pipeline, key: key, element: element)
        let flow = try walk(branch.body, dot: element)
        variables.removeLast(variables.count - mark)
        return flow == .breaksLoop
    }

    /// With two variables the key comes first; one alone gets the element.
    private func setVariables(of pipeline: Pipeline, key: Reflection, element: Reflection) throws {
        let declarations = pipeline.declarations
        guard let first = declarations.first else { return }
        let second = declarations.count > 1 ? declarations[1] : nil
        if pipeline.assigns {
            try assign(first, second == nil ? element : key)
            if let second { try assign(second, element) }
        } else {
            variables[variables.count - 1].value = element
            if second != nil { variables[variables.count - 2].value = key }
        }
    }
}
