import Values

extension Value {
    /// The value at the end of a path; setting makes maps on the way, setting `nil` removes.
    subscript(at path: String...) -> Value? {
        get { self[along: path[...]] }
        set { self[along: path[...]] = newValue }
    }

    subscript(along path: ArraySlice<String>) -> Value? {
        get {
            guard let first = path.first else { return self }
            return self[first]?[along: path.dropFirst()]
        }
        set {
            guard let first = path.first else { return }
            if newValue == nil, self[first] == nil { return }
            var map = self.map ?? Mapping()
            if path.count == 1 {
                map[first] = newValue
            } else {
                var child = map[first] ?? .map(Mapping())
                child[along: path.dropFirst()] = newValue
                map[first] = child
            }
            self = .map(map)
        }
    }

    static let empty = Value.map(Mapping())

    var name: String { self["metadata"]?["name"]?.string ?? "" }
    var namespace: String { self["metadata"]?["namespace"]?.string ?? "" }
    var uid: String { self["metadata"]?["uid"]?.string ?? "" }
    var kind: String { self["kind"]?.string ?? "" }
    var version: String { self["metadata"]?["resourceVersion"]?.string ?? "" }
    var isBeingDeleted: Bool { self["metadata"]?["deletionTimestamp"] != nil }
    var finalizers: [String] { self["metadata"]?["finalizers"]?.list?.compactMap(\.string) ?? [] }
    var labels: Mapping { self["metadata"]?["labels"]?.map ?? Mapping() }

    /// Sets a field that is not there.
    mutating func fill(_ path: String..., with value: Value) {
        if self[along: path[...]] == nil { self[along: path[...]] = value }
    }

    /// Changes each item of the list at `path`, where there is one.
    mutating func forEach(_ path: String..., change: (inout Value) -> Void) {
        guard var items = self[along: path[...]]?.list else { return }
        for index in items.indices { change(&items[index]) }
        self[along: path[...]] = .list(items)
    }

    /// Changes the value at `path`, where there is one.
    mutating func with(_ path: String..., change: (inout Value) -> Void) {
        guard var value = self[along: path[...]] else { return }
        change(&value)
        self[along: path[...]] = value
    }
}
