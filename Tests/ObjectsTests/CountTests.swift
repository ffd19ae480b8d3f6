import Objects
import Testing
import Values

@Test(arguments: [Int.max, Int.min, -1, 0], [Int.max, Int.min, -1, 1])
func countsOfPodsMayBeAnything(first: Int, second: Int) {
    for strategy in ["OnDelete", "RollingUpdate"] {
        let set: Value = [
            "kind": "DaemonSet", "spec": ["updateStrategy": ["type": .string(strategy)]],
            "status": [
                "observedGeneration": 1, "desiredNumberScheduled": .int(first), "updatedNumberScheduled": .int(second),
                "numberAvailable": .int(first),
            ],
        ]
        _ = readiness(of: set)
    }
    let deployment: Value = [
        "kind": "Deployment", "spec": ["replicas": .int(second)],
        "status": [
            "observedGeneration": 1, "replicas": .int(first), "updatedReplicas": .int(second),
            "availableReplicas": .int(first),
        ],
    ]
    _ = readiness(of: deployment)
}

@Test func aConditionsTextStandsOnOneLine() {
    let pod: Value = [
        "kind": "Pod",
        "status": ["phase": "Failed", "message": "evicted\n\u{1B}[2Jerror: x"],
    ]
    #expect(readiness(of: pod) == .failed(#"evicted \x1b[2Jerror: x"#))
}
