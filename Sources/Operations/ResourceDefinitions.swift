internal import Istio
internal import SailResources
package import Values

/// The definitions of the group sailoperator.io, for the command that prints them.
package enum ResourceDefinitions {
    /// The kinds that there are definitions of.
    package static var kinds: [String] { ResourceKind.all.map(\.name) }
}

extension OperationOptions {
    /// The definitions of these kinds, or of all where none is named; versions are those of the run's catalogue.
    package func resourceDefinitions(_ kinds: [String]) throws -> [Value] {
        let definitions = Definitions(try catalogue())
        return ResourceKind.all.filter { kinds.isEmpty || kinds.contains($0.name) }
            .map { definitions.definition(of: $0) }
    }
}
