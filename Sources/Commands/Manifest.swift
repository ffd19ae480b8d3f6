import Arguments

/// `sail manifest …`
let manifestCommand = Command<Request>(
    "manifest", summary: "Make the manifests of a mesh", section: "Render",
    children: [
        Command(
            "generate", summary: "Print every object of the mesh, in an order safe for one kubectl apply -f -",
            groups: [.mesh, .values, .output([.yaml, .json], [.component, .outputFolder]), .common],
            examples: [
                (
                    "sail manifest generate --profile ambient | kubectl apply -f -",
                    "Everything, straight to the cluster"
                ),
                ("sail manifest generate --set cni.logLevel=debug -c cni", "One component with a value of your own"),
            ],
            body: { _ in 0 })
    ])
