// swift-tools-version:6.1
import PackageDescription

// The target graph is the architecture: every arrow of docs/design points one way.
// An import that is not declared here fails the build (see the Makefile).

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // One thread; the checks at run time took a tenth of the time of rendering.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// Of the targets that read and write every request and answer, optimised in debug builds too: the tests take a fraction
/// of the time.
let optimised = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// Of our own C code, where it is optimised: debug builds are not, and glibc warns of the first flag there.
let hardening: [CSetting] = [
    .unsafeFlags(
        ["-D_FORTIFY_SOURCE=2", "-fstack-protector-strong", "-fstack-clash-protection"],
        .when(configuration: .release))
]

/// libyaml and zlib go into the binary, so that it starts without them being installed.
func archive(_ library: String) -> [LinkerSetting] {
    [.unsafeFlags(["-Xlinker", "-l:\(library).a"])]
}

func target(_ name: String, _ dependencies: [Target.Dependency] = [], linker: [LinkerSetting] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings, linkerSettings: linker)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "sail",
    products: [.executable(name: "sail", targets: ["sail"])],
    targets: [
        // What C libraries give: libyaml and zlib are linked in, libcurl and OpenSSL opened when first needed.
        .systemLibrary(name: "CYAML"),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "CCurl"),
        .target(name: "CCrypto", cSettings: hardening),
        .target(name: "CSystem", cSettings: hardening),

        // What the operating system gives: files, clocks, the environment, other programs.
        target("System", ["CSystem"]),

        // Text and values.
        .target(name: "Values", swiftSettings: optimised),
        .target(
            name: "YAML", dependencies: ["Values", "CYAML"], swiftSettings: optimised,
            linkerSettings: archive("libyaml")),
        target("Objects", ["Values", "YAML"]),
        target("Archives", ["Values", "CZlib"], linker: archive("libz")),
        target("Certificates", ["System", "Values"]),

        // Go's template language and what Helm adds to it.
        target("GoRegexp", ["Values"]),
        target("GoTemplate", ["GoRegexp", "System", "Values"]),
        target("Sprig", ["CCrypto", "Certificates", "GoRegexp", "GoTemplate", "Values"]),
        target("TOML", ["GoTemplate", "Values"]),
        target("JSONSchema", ["GoRegexp", "GoTemplate", "Sprig", "Values"]),

        // Changes of objects: merge patches, JSON patches, the overlays of an IstioOperator.
        target("Patches", ["GoRegexp", "Objects", "Values", "YAML"]),

        // TLS for those who serve: the sandbox, and the controller's metrics.
        target("TLSServer", ["GoTemplate", "Sprig", "Values"]),

        // Charts, and what is in the binary of them.
        .plugin(name: "EmbedAssets", capability: .buildTool(), dependencies: ["embed-assets"]),
        .executableTarget(name: "embed-assets", dependencies: ["Values", "YAML"], swiftSettings: settings),
        .target(name: "Assets", swiftSettings: settings, plugins: ["EmbedAssets"]),
        target(
            "Charts", ["Archives", "GoTemplate", "JSONSchema", "Sprig", "System", "TOML", "Values", "YAML"]),
        // Istio's vocabulary, and what is asked for: options, layers of values, rendered objects.
        target("Istio", ["Assets", "Charts", "JSONSchema", "Objects", "System", "Values", "YAML"]),
        // The Sail Operator's resources: their definitions, and what an API server makes of a resource.
        target("SailResources", ["Istio", "Objects", "Values"]),
        target(
            "Meshes",
            [
                "Assets", "Charts", "GoRegexp", "GoTemplate", "Istio", "JSONSchema", "Objects", "Patches",
                "SailResources", "System", "Values", "YAML",
            ]),

        // The network and other programs.
        target("HTTP", ["CCurl", "Values"]),
        target("ChartSources", ["Charts", "HTTP", "System", "Values", "YAML"]),

        // The cluster: Planning and Preflight decide, ClusterState and HelmReleases read, Applying writes.
        target("Kubernetes", ["HTTP", "Values", "YAML", "Objects", "System"]),
        target("Planning", ["Objects", "Values", "Istio"]),
        target("Preflight", ["Istio", "Objects", "Planning", "Values"]),
        // Whom the CNI agent captures, and what that changes.
        target("Capture", ["Istio", "Objects", "Values"]),
        // What istiod makes of the labels that lead to waypoints.
        target("Waypoints", ["Istio", "Objects", "Values", "YAML"]),
        target(
            "ClusterState",
            [
                "Capture", "Certificates", "Istio", "Kubernetes", "Objects", "Planning", "Preflight", "Values",
                "System", "Waypoints",
            ]),
        target("HelmReleases", ["Archives", "Kubernetes", "Values", "System", "Istio", "Objects"]),
        target(
            "Applying",
            ["ClusterState", "HelmReleases", "Kubernetes", "Objects", "Planning", "Values", "System", "Istio"]),

        // One line from options to an outcome, and how it speaks with its user.
        target(
            "Operations",
            [
                "Applying", "Archives", "Capture", "Certificates", "ChartSources", "Charts", "ClusterState", "HTTP",
                "HelmReleases", "Istio", "Kubernetes", "Meshes", "Objects", "Patches", "Planning", "Preflight",
                "SailResources", "System", "TLSServer", "Values", "Waypoints", "YAML",
            ]),

        // The command line.
        target("Terminal", ["System", "Values", "YAML"]),
        target("Arguments", ["System", "Terminal", "Values", "YAML"]),
        target(
            "Commands",
            ["Arguments", "Istio", "Meshes", "Objects", "Operations", "Planning", "Terminal", "Values"]),
        // From what it was built: only the program itself is made anew with each commit.
        .target(name: "CBuild"),
        .executableTarget(
            name: "sail", dependencies: ["CBuild", "Commands", "System", "Terminal"], swiftSettings: settings),

        // A Kubernetes API in memory, for the demo, for trying things out and for the tests; not part of sail.
        .target(
            name: "Sandbox", dependencies: ["System", "TLSServer", "Values", "YAML"],
            swiftSettings: optimised),
        .executableTarget(name: "sail-sandbox", dependencies: ["Sandbox"], swiftSettings: settings),

        // What the tests share: the vectors, a chart server, and a cluster, in memory or a real control plane where one is
        // installed.
        .target(
            name: "TestSupport",
            dependencies: [
                "CZlib", "Charts", "GoTemplate", "HTTP", "Kubernetes", "Sandbox", "System", "TLSServer", "Values",
                "YAML",
            ],
            path: "Tests/TestSupport", swiftSettings: settings),
        .executableTarget(
            name: "vectors", dependencies: ["TestSupport", "Values"], path: "Tests/Vectors", swiftSettings: settings),
        // Inputs changed at random, read as the tool reads them.
        .target(
            name: "FuzzSmoke",
            dependencies: [
                "Applying", "Certificates", "ChartSources", "Charts", "ClusterState", "GoTemplate", "HTTP",
                "HelmReleases", "Istio", "Kubernetes", "Meshes", "Objects", "Patches", "Planning", "TestSupport",
                "System", "Values", "YAML",
            ], path: "Tests/FuzzSmoke", swiftSettings: settings),
        .executableTarget(
            name: "fuzz-smoke", dependencies: ["FuzzSmoke", "System"], path: "Tests/FuzzSmokeMain",
            swiftSettings: settings),
        .testTarget(name: "FuzzSmokeTests", dependencies: ["fuzz-smoke"], swiftSettings: settings),
        tests("SystemTests", ["System"]),
        tests("CertificatesTests", ["Certificates"]),
        tests("ValuesTests", ["TestSupport", "Values"]),
        tests("YAMLTests", ["TestSupport", "YAML", "Values"]),
        tests("GoRegexpTests", ["GoRegexp", "TestSupport", "Values"]),
        tests("GoTemplateTests", ["GoTemplate", "TestSupport", "Values"]),
        tests("SprigTests", ["GoTemplate", "Sprig", "TestSupport", "Values"]),
        tests("TOMLTests", ["GoTemplate", "TestSupport", "TOML", "Values"]),
        tests("JSONSchemaTests", ["GoTemplate", "JSONSchema", "TestSupport", "Values", "YAML"]),
        tests("ArchivesTests", ["Archives", "TestSupport"]),
        tests("ObjectsTests", ["Objects", "Values"]),
        tests("PatchesTests", ["Objects", "Patches", "TestSupport", "Values", "YAML"]),
        tests("AssetsTests", ["Assets", "TestSupport", "Values", "YAML"]),
        tests("ChartsTests", ["Archives", "Charts", "GoTemplate", "TestSupport", "Values", "YAML"]),
        tests(
            "ChartContentTests",
            ["Charts", "GoTemplate", "Istio", "Meshes", "Objects", "Sprig", "System", "TestSupport", "Values", "YAML"]),
        tests("IstioTests", ["Istio", "Values"]),
        tests(
            "MeshesTests",
            ["Meshes", "Assets", "Charts", "Istio", "Objects", "Patches", "System", "Values", "YAML"]),
        tests("PlanningTests", ["Planning", "Objects", "Values", "YAML", "Istio"]),
        tests("SandboxTests", ["HTTP", "Kubernetes", "Sandbox", "TestSupport", "Values"]),
        // The whole program in processes of its own on a cluster.
        .testTarget(
            name: "ClusterTests",
            dependencies: ["HTTP", "Kubernetes", "Sandbox", "TestSupport", "Values", "YAML", "sail"],
            swiftSettings: settings),
        tests(
            "KubernetesTests",
            ["HTTP", "Kubernetes", "Objects", "Sandbox", "System", "TLSServer", "TestSupport", "Values"]),
        tests("CaptureTests", ["Capture", "Istio", "Objects", "Values", "YAML"]),
        tests("SailResourcesTests", ["Istio", "SailResources", "TestSupport", "Values"]),
        tests("WaypointsTests", ["Objects", "TestSupport", "Values", "Waypoints", "YAML"]),
        tests("PreflightTests", ["Istio", "Objects", "Planning", "Preflight", "Values"]),
        tests(
            "ClusterStateTests",
            ["ClusterState", "Kubernetes", "Planning", "Preflight", "TestSupport", "Values", "Objects", "Sandbox"]),
        tests("HelmReleasesTests", ["Archives", "HelmReleases", "Kubernetes", "TestSupport", "Values", "Istio"]),
        tests(
            "ApplyingTests",
            [
                "Applying", "ClusterState", "HelmReleases", "Kubernetes", "Objects", "Planning", "Sandbox",
                "TestSupport", "Values", "Istio",
            ]),
        // Operations in process, on a cluster in memory.
        tests(
            "OperationsTests",
            [
                "Capture", "Certificates", "ClusterState", "HTTP", "HelmReleases", "Istio", "Kubernetes", "Meshes",
                "Objects",
                "Operations", "Patches", "Planning", "Preflight", "Sandbox", "System", "TestSupport", "Values",
                "Waypoints", "YAML",
            ]),
        tests("ArchitectureTests", ["TestSupport"]),
        // The commands of README and docs/guides on the sandbox, their links, roles and messages.
        .testTarget(
            name: "GuideTests",
            dependencies: [
                "ClusterState", "Kubernetes", "Objects", "Planning", "Preflight", "TestSupport", "Values", "YAML",
                "sail",
                "sail-sandbox",
            ], swiftSettings: settings),
        tests("TerminalTests", ["Terminal"]),
        tests("ArgumentsTests", ["Arguments", "Terminal", "Values"]),
        tests("ChartSourcesTests", ["ChartSources", "Charts", "HTTP", "TestSupport", "Values"]),
        tests(
            "CommandsTests",
            [
                "Applying", "Arguments", "ClusterState", "Commands", "HelmReleases", "Istio", "Kubernetes", "Meshes",
                "Objects", "Operations", "Planning", "Preflight", "Sandbox", "TestSupport", "System", "Terminal",
                "Values", "YAML",
            ]),
    ]
)

// `make fuzz`: links with libFuzzer alone, which other builds do not have.
if Context.environment["SAIL_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["FuzzSmoke", "System"], path: "Tests/Fuzz", exclude: ["corpus"],
            swiftSettings: settings))
}
