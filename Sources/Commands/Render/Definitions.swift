import Arguments
import Operations
import Terminal
import Values

/// `sail crds`
let definitionsCommand = Command<Request>(
    "crds", summary: "Print the definitions of the Sail Operator's resources",
    discussion: """
        These are the resources of the Sail Operator (sailoperator.io), which sail reconcile and -f take. The \
        definitions accept, complete and refuse the same resources as the operator's; spec.version also takes later \
        patches of the minors that this sail knows.

        Apply them on the server's side: kubectl's own side keeps a copy in an annotation, for which they are too large.
        """,
    section: "Render",
    groups: [FlagGroup("Definitions", [.definitionKind, .catalogue]), .output(), .common],
    examples: [
        ("sail crds | kubectl apply --server-side -f -", "All of them"),
        ("sail crds --kind ZTunnel -o json", "One of them"),
    ],
    body: printDefinitions)

extension Flag<Request> {
    fileprivate static let definitionKind = Flag.value(
        "kind", "KIND", help: "Only of this kind; may be repeated", choices: ResourceDefinitions.kinds,
        repeatable: true
    ) { $0.operands.append($1) }
}

private func printDefinitions(_ request: Request) throws -> Int32 {
    try request.print(documents(request.options.resourceDefinitions(request.operands)))
}

/// Objects as `kubectl apply -f -` takes them: YAML documents, or one List for programs.
func documents(_ objects: [Value]) -> Output {
    var output = Output(
        text: { try yamlStream(objects.map { (nil, $0) }) },
        value: { ["apiVersion": "v1", "kind": "List", "items": .list(objects)] })
    output.yaml = output.text
    return output
}
