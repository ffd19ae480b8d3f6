package import Values

/// What a chart's `Chart.yaml` says. A list that the file leaves out is `nil`, as in Go.
package struct Metadata: Sendable {
    package var name = ""
    package var home = ""
    package var sources: [String]?
    package var version = ""
    package var description = ""
    package var keywords: [String]?
    package var maintainers: [Maintainer?]?
    package var icon = ""
    package var apiVersion = ""
    package var condition = ""
    package var tags = ""
    package var appVersion = ""
    package var deprecated = false
    package var annotations: Mapping?
    package var kubeVersion = ""
    /// `nil` entries come from nulls in the list; validation refuses them.
    package var dependencies: [Dependency?]?
    package var type = ""

    package init() {}
}

/// A person or group that maintains a chart.
package struct Maintainer: Sendable {
    package var name = ""
    package var email = ""
    package var url = ""

    package init() {}
}

/// A chart that another one wants: an entry of `dependencies` in `Chart.yaml` or `requirements.yaml`.
package struct Dependency: Sendable {
    package var name = ""
    /// A semantic version or a range of them.
    package var version = ""
    package var repository = ""
    /// Paths into the values, separated by commas; the first that holds a bool decides.
    package var condition = ""
    package var tags: [String]?
    /// Set while dependencies are processed; what the file says is overwritten.
    package var enabled = false
    /// Strings (`exports` of the child) or maps with `child` and `parent`.
    package var importValues: [Value]?
    package var alias = ""

    package init() {}
}
