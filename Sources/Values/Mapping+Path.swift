extension Mapping {
    /// Sets the value along a path, making maps on the way; `nil` takes it off, with the maps that hold nothing else.
    package mutating func set(_ value: Value?, at path: some Collection<String>) {
        guard let first = path.first else { return }
        let rest = path.dropFirst()
        guard !rest.isEmpty else {
            self[first] = value
            return
        }
        var inner = self[first]?.map ?? Mapping()
        inner.set(value, at: rest)
        self[first] = value == nil && inner.isEmpty ? nil : .map(inner)
    }

    /// The value along a path; a list's elements go by their index.
    package func value(at path: some Collection<String>) -> Value? {
        var current = Value.map(self)
        for key in path {
            if case .list(let list) = current, let index = Int(key), list.indices.contains(index) {
                current = list[index]
            } else if let next = current[key] {
                current = next
            } else {
                return nil
            }
        }
        return current
    }
}
