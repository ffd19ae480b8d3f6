internal import Planning
internal import System

extension ClusterSession {
    /// The state of the mesh; with --wait once it is healthy, at the latest when --timeout expires.
    package func awaitedHealth() throws -> MeshHealth {
        guard options.cluster.waitsForHealth else {
            let health = try health()
            try refuseOtherNamespace(health.workloads)
            return health
        }
        return try followHealth { _ in }
    }

    /// Hands on the state of the mesh every two seconds: until an interruption, which is thrown, and with --wait until it is
    /// healthy or --timeout expires. Returns the last state.
    package func followHealth(_ show: (MeshHealth) throws -> Void) throws -> MeshHealth {
        let end = SystemClock.monotonic() + options.cluster.apply.timeout
        while true {
            let health = try health()
            try refuseOtherNamespace(health.workloads)
            try show(health)
            let isOver = health.isHealthy || SystemClock.monotonic() >= end
            if options.cluster.waitsForHealth, isOver { return health }
            try pause(seconds: 2)
        }
    }
}
