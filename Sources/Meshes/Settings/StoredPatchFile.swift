import Patches
package import Values

/// A file of patches as it is stored: by its content, so that the next run needs no file.
package struct StoredPatchFile: Sendable, Equatable {
    /// The file as it was named.
    package let name: String
    /// Its entries, each with `target` and `patch`.
    package let content: [Value]

    package init(name: String, content: [Value]) {
        (self.name, self.content) = (name, content)
    }

    /// From the stored settings in a release record; what has not the form is an empty one.
    init(_ value: Value) {
        self.init(name: value["file"]?.string ?? "", content: value["patches"]?.list ?? [])
    }

    /// As it is stored.
    package var note: Value { ["file": .string(name), "patches": .list(content)] }
}
