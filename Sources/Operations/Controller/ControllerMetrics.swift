import Values

/// What the controller counts, and how Prometheus reads it: the names are those of controller-runtime.
struct ControllerMetrics: Sendable {
    /// How a turn ended, as controller-runtime has it.
    enum Result: String, CaseIterable, Sendable {
        case success, error, requeue
        case requeueAfter = "requeue_after"
    }

    /// What is read when somebody asks.
    struct Reading: Sendable {
        var isLeader = false
        var depth = 0
        /// The components that run, each with its namespace and version.
        var components: [(component: String, namespace: String, version: String)] = []
        /// Nodes whose pod is not ready, by the node agent.
        var nodesNotReady: [(component: String, count: Int)] = []
        var version = ""
        var residentBytes: Int?
        var startSeconds = 0
    }

    private struct Turns: Sendable {
        var results: [Result: Int] = [:]
        var errors = 0
        var terminalErrors = 0
        var added = 0
        var retries = 0
        var milliseconds = 0
        var buckets = [Int](repeating: 0, count: ControllerMetrics.bounds.count)
        var count = 0
    }

    /// Milliseconds.
    private static let bounds = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000]

    private var turns: [String: Turns] = ["istio": Turns(), "istiocni": Turns(), "ztunnel": Turns()]

    private static func controller(_ key: ResourceKey) -> String { key.kind.lowercased() }

    /// A turn has ended.
    mutating func count(_ key: ResourceKey, _ ending: TurnEnding, milliseconds: Int) {
        let name = ControllerMetrics.controller(key)
        var turn = turns[name] ?? Turns()
        switch ending {
        case .done, .deleted: turn.results[.success, default: 0] += 1
        case .waits: turn.results[.requeueAfter, default: 0] += 1
        case .postponed:
            turn.results[.requeue, default: 0] += 1
            turn.retries += 1
        case .invalid:
            turn.results[.error, default: 0] += 1
            (turn.errors, turn.terminalErrors) = (turn.errors + 1, turn.terminalErrors + 1)
        case .failed:
            turn.results[.error, default: 0] += 1
            (turn.errors, turn.retries) = (turn.errors + 1, turn.retries + 1)
        }
        turn.count += 1
        turn.milliseconds += max(0, milliseconds)
        for (index, bound) in ControllerMetrics.bounds.enumerated() where milliseconds <= bound {
            turn.buckets[index] += 1
        }
        turns[name] = turn
    }

    /// A resource got into the queue.
    mutating func countAdded(_ key: ResourceKey) {
        turns[ControllerMetrics.controller(key), default: Turns()].added += 1
    }

    /// The text that Prometheus reads, version 0.0.4.
    func text(_ reading: Reading) -> String {
        var page = Page()
        let names = turns.keys.sorted { $0.precedesByBytes($1) }
        func each(_ name: String, _ help: String, _ type: String = "counter", _ value: (Turns) -> Int) {
            page.begin(name, help, type)
            for controller in names {
                page.add(name, [("controller", controller)], "\(value(turns[controller] ?? Turns()))")
            }
        }
        page.begin("controller_runtime_reconcile_total", "Turns by how they ended", "counter")
        for controller in names {
            for result in Result.allCases {
                let count = turns[controller]?.results[result] ?? 0
                page.add(
                    "controller_runtime_reconcile_total", [("controller", controller), ("result", result.rawValue)],
                    "\(count)")
            }
        }
        each("controller_runtime_reconcile_errors_total", "Turns that ended with an error") { $0.errors }
        each("controller_runtime_terminal_reconcile_errors_total", "Turns that are not tried again by themselves") {
            $0.terminalErrors
        }
        addTimes(names, &page)
        each("controller_runtime_max_concurrent_reconciles", "Turns at a time", "gauge") { _ in 1 }
        each("workqueue_adds_total", "Events that asked for a turn") { $0.added }
        each("workqueue_retries_total", "Turns that were repeated") { $0.retries }
        addReading(reading, &page)
        return page.text
    }

    private func addTimes(_ names: [String], _ page: inout Page) {
        let name = "controller_runtime_reconcile_time_seconds"
        page.begin(name, "How long turns took", "histogram")
        for controller in names {
            let turn = turns[controller] ?? Turns()
            for (bound, count) in zip(ControllerMetrics.bounds, turn.buckets) {
                page.add(name + "_bucket", [("controller", controller), ("le", Page.seconds(bound))], "\(count)")
            }
            page.add(name + "_bucket", [("controller", controller), ("le", "+Inf")], "\(turn.count)")
            page.add(name + "_sum", [("controller", controller)], Page.seconds(turn.milliseconds))
            page.add(name + "_count", [("controller", controller)], "\(turn.count)")
        }
    }

    private func addReading(_ reading: Reading, _ page: inout Page) {
        page.add(gauge: "workqueue_depth", "Resources whose turn is due", [("name", "sail")], reading.depth)
        page.add(
            gauge: "leader_election_master_status", "Whether this one holds the Lease",
            [("name", "sail-operator-lock")],
            reading.isLeader ? 1 : 0)
        page.begin("sail_component_info", "The components that run, with their versions", "gauge")
        for item in reading.components {
            page.add(
                "sail_component_info",
                [("component", item.component), ("namespace", item.namespace), ("version", item.version)], "1")
        }
        page.begin("sail_nodes_not_ready", "Nodes on which a node agent's pod is not ready", "gauge")
        for item in reading.nodesNotReady {
            page.add("sail_nodes_not_ready", [("component", item.component)], "\(item.count)")
        }
        page.add(gauge: "sail_build_info", "The version of sail", [("version", reading.version)], 1)
        if let bytes = reading.residentBytes {
            page.add(gauge: "process_resident_memory_bytes", "Physical memory", [], bytes)
        }
        page.add(gauge: "process_start_time_seconds", "When it was started", [], reading.startSeconds)
    }

    /// The text as it grows.
    private struct Page {
        var text = ""

        mutating func begin(_ name: String, _ help: String, _ type: String) {
            text += "# HELP \(name) \(help).\n# TYPE \(name) \(type)\n"
        }

        mutating func add(_ name: String, _ labels: [(String, String)], _ value: String) {
            let shown = labels.map { "\($0.0)=\"\(Page.escaped($0.1))\"" }.joined(separator: ",")
            text += name + (shown.isEmpty ? "" : "{\(shown)}") + " \(value)\n"
        }

        mutating func add(gauge name: String, _ help: String, _ labels: [(String, String)], _ value: Int) {
            begin(name, help, "gauge")
            add(name, labels, "\(value)")
        }

        private static func escaped(_ text: String) -> String {
            var escaped = ""
            for character in text.unicodeScalars {
                switch character {
                case "\\": escaped += "\\\\"
                case "\"": escaped += "\\\""
                case "\n": escaped += "\\n"
                default: escaped.unicodeScalars.append(character)
                }
            }
            return escaped
        }

        static func seconds(_ milliseconds: Int) -> String {
            let rest = String(milliseconds % 1000)
            let fraction = String(repeating: "0", count: 3 - rest.count) + rest
            var digits = fraction
            while digits.last == "0" { digits.removeLast() }
            return "\(milliseconds / 1000)" + (digits.isEmpty ? "" : ".\(digits)")
        }
    }
}
