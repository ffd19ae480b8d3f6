/// The files of charts/ and profiles/ as they were when the binary was built, by path: `charts/istiod/Chart.yaml`.
package enum Assets {
    /// All files in the order of their paths' bytes.
    package static var files: [(path: String, text: String)] { embeddedFiles }

    /// The text of one file.
    package static func text(at path: String) -> String? {
        let files = embeddedFiles
        let index = firstIndex(notBefore: path, in: files)
        return index < files.count && files[index].path == path ? files[index].text : nil
    }

    /// The YAML files of settings (versions, values of charts, profiles) as JSON with their keys in order.
    package static var values: [(path: String, json: String)] { embeddedValues }

    /// What one of these files holds, as JSON; `nil` for any other file.
    package static func json(at path: String) -> String? {
        embeddedValues.first { $0.path == path }?.json
    }

    /// The files below a folder, their paths relative to it, in the order of their bytes.
    package static func files(below folder: String) -> [(path: String, text: String)] {
        let files = embeddedFiles
        let prefix = folder + "/"
        return files[firstIndex(notBefore: prefix, in: files)...]
            .prefix { $0.path.utf8.starts(with: prefix.utf8) }
            .map { (path: String($0.path.utf8.dropFirst(prefix.utf8.count)) ?? $0.path, text: $0.text) }
    }

    private static func firstIndex(notBefore path: String, in files: [(path: String, text: String)]) -> Int {
        var low = 0
        var high = files.count
        while low < high {
            let middle = (low + high) / 2
            if files[middle].path.utf8.lexicographicallyPrecedes(path.utf8) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
