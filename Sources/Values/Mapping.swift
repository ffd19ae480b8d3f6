/// A map from strings to values that keeps the order in which keys were added; keys are compared byte by byte.
package struct Mapping: Sendable {
    package typealias Element = (key: String, value: Value)

    private var entries: [Element] = []
    /// Positions by key, kept once a linear search would be slower.
    private var positions: [Text: Int]?

    private static let indexedFrom = 12

    package init() {}

    /// Later entries replace earlier ones of the same key, in the earlier one's place.
    package init(_ elements: some Sequence<Element>) {
        for (key, value) in elements { self[key] = value }
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }
    package var keys: [String] { entries.map(\.key) }
    package var values: [Value] { entries.map(\.value) }

    /// Keys in the order of their bytes, as Go sorts map keys.
    package var sortedKeys: [String] { keys.sorted { $0.precedesByBytes($1) } }

    /// Entries in the order of their keys' bytes.
    package var sorted: [Element] { entries.sorted { $0.key.precedesByBytes($1.key) } }

    package func position(of key: String) -> Int? {
        if let positions { return positions[Text(key)] }
        return entries.firstIndex { $0.key.hasSameBytes(as: key) }
    }

    /// The value under `key`. Setting `nil` removes the key; setting a new key appends it.
    package subscript(key: String) -> Value? {
        get { position(of: key).map { entries[$0].value } }
        set {
            guard let newValue else {
                removeValue(forKey: key)
                return
            }
            if let position = position(of: key) {
                entries[position].value = newValue
            } else {
                entries.append((key, newValue))
                noteLast()
            }
        }
        _modify {
            var value = self[key]
            let position = position(of: key)
            // Leave the storage uniquely referenced while the caller changes the value in place.
            if let position { entries[position].value = .null }
            defer {
                if let value {
                    if let position { entries[position].value = value } else { self[key] = value }
                } else if let position {
                    entries[position].value = .null
                    removeValue(forKey: key)
                }
            }
            yield &value
        }
    }

    @discardableResult
    package mutating func removeValue(forKey key: String) -> Value? {
        guard let position = position(of: key) else { return nil }
        let removed = entries.remove(at: position).value
        if positions != nil { reindex() }
        return removed
    }

    private mutating func noteLast() {
        if positions != nil {
            positions?[Text(entries[entries.count - 1].key)] = entries.count - 1
        } else if entries.count >= Mapping.indexedFrom {
            reindex()
        }
    }

    private mutating func reindex() {
        guard entries.count >= Mapping.indexedFrom else {
            positions = nil
            return
        }
        var index: [Text: Int] = [:]
        index.reserveCapacity(entries.count)
        for (position, entry) in entries.enumerated() { index[Text(entry.key)] = position }
        positions = index
    }
}

extension Mapping: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { entries.count }
    package subscript(position: Int) -> Element { entries[position] }
}

extension Mapping: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, Value)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }
}

extension Mapping: Equatable {
    package static func == (left: Mapping, right: Mapping) -> Bool {
        left.count == right.count
            && left.allSatisfy { entry in
                guard let other = right[entry.key] else { return false }
                return entry.value == other
            }
    }
}
