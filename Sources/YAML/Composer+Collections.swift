import Values

extension Composer {
    /// Puts a finished node into the collection it belongs to; a document's own node is its root.
    mutating func add(_ node: Node) {
        let top = frames.count - 1
        guard top >= 0 else {
            root = node
            return
        }
        frames[top].depth = max(frames[top].depth, node.depth)
        guard frames[top].isMap else {
            frames[top].list.append(node.value)
            if printsGoSyntax { frames[top].goTexts.append(GoSyntax.Entry(text: node.goText)) }
            if let places = node.places { frames[top].places?.elements.append(places) }
            return
        }
        if let key = frames[top].key {
            frames[top].key = nil
            if printsGoSyntax, let last = frames[top].goTexts.indices.last {
                frames[top].goTexts[last].text += node.goText
            }
            addValue(node, under: key, to: top)
        } else {
            if printsGoSyntax {
                let entry = GoSyntax.Entry(key: node)
                // Among so many entries a user does not find a duplicate key.
                if frames[top].goTexts.count < 10_000 {
                    frames[top].goTexts.removeAll { $0.isSameKey(as: entry) }
                }
                frames[top].goTexts.append(entry)
            }
            frames[top].key = key(from: node)
        }
    }

    private mutating func addValue(_ node: Node, under key: Key, to top: Int) {
        switch key {
        case .name(let name, let mark):
            if options.recordsPlaces { recordPlaces(node, name, mark, top) }
            frames[top].map[name] = node.value
        case .merge: merge(node, into: top)
        case .unsupported(let scalar):
            frames[top].unsupported.removeAll { $0.key.isSameKey(as: scalar) }
            frames[top].unsupported.append((scalar, node))
        case .invalid: break
        }
    }

    private mutating func recordPlaces(_ node: Node, _ name: String, _ mark: Mark, _ top: Int) {
        if let first = frames[top].keyPlaces[name] {
            duplicates.append(DuplicateKey(key: name, first: Place(first), second: Place(mark)))
        }
        frames[top].keyPlaces[name] = mark
        var places = node.places
        places?.key = Place(mark)
        frames[top].places?.entries[name] = places
    }

    private mutating func key(from node: Node) -> Key {
        if node.isMerge { return .merge }
        switch node.scalar {
        case nil:
            note(.invalidKey(node.goText))
            return .invalid
        case .null?: return .unsupported(.null)
        case .uint(let number)?: return .unsupported(.uint(number))
        case .bool(let value)?: return .name(value ? "true" : "false", node.mark)
        case .int(let number)?: return .name(String(number), node.mark)
        case .double(let number)?: return .name(GoSyntax.floatKey(number), node.mark)
        case .timestamp?, .string?: return .name(node.value.string ?? "", node.mark)
        }
    }

    func unsupportedKey(_ scalar: Scalar, _ node: Node) -> String {
        let value = printsGoSyntax && !node.value.isNull ? node.goText : GoSyntax.argument(node.value)
        if case .uint(let number) = scalar {
            return "unsupported map key of type: uint64, key: 0x\(String(number, radix: 16)), value: \(value)"
        }
        return "unsupported map key of type: %!s(<nil>), key: <nil>, value: \(value)"
    }

    /// `<<`: the entries of a map, or of several in a list of which earlier ones win. They replace keys that the map
    /// already has, and are replaced by those that follow.
    private mutating func merge(_ node: Node, into top: Int) {
        switch node.value {
        case .map(let map): insert(map, into: top)
        case .list(let elements) where node.isLiteralList:
            for element in elements.reversed() {
                guard case .map(let map) = element else {
                    noteBadMerge()
                    return
                }
                insert(map, into: top)
            }
        default: noteBadMerge()
        }
    }

    private mutating func insert(_ map: Mapping, into top: Int) {
        for (key, value) in map { frames[top].map[key] = value }
    }

    mutating func noteBadMerge() {
        note(.value("map merge requires map or sequence of maps as the value"))
    }
}
